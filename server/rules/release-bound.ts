/** What binds a stage to the release that it is built on, so that a newer one could not take its place. */
import type { Image } from "../model/image.ts";
import type { Stage } from "../model/stage.ts";

/** Images of databases: none reads the files of an older major version as they are. */
const DATABASES = /^(?:postgres|mysql|mariadb|mongo|elasticsearch|cassandra|neo4j|rabbitmq)$/;

/** Versions that are part of a package's name, of which each release has others. */
const VERSIONED =
  /^(?:php\d|python\d\.\d|libssl1|lib(?:icu|ffi|jpeg|tiff|webp|vpx|protobuf|python|ruby|mpfr|readline|ncurses|avcodec|avformat|avutil|swscale)\d|libboost\S*\d\.\d|postgresql\d|postgresql-(?:[a-z-]+-)?\d|mysql-(?:server|client)-\d|(?:gcc|g\+\+|cpp|gfortran)-\d|llvm-?\d|clang-?\d|lld-?\d|ruby\d|lua\d\.\d-|linux-(?:headers|image|tools)-\d|openssl1|compat-)/;

/**
 * Why the newer release is no plain replacement.
 * @param tag of the newer release.
 */
export function releaseBond(stage: Stage, image: Image, tag: string): string | undefined {
  const major = (text = ""): string => /^\d+(?=[.-]|$)/.exec(text)?.[0] ?? "";
  if (DATABASES.test(image.repository) && major(image.tag) !== major(tag))
    return `\`${image.repository}\` ${major(tag)} does not read what ${major(image.tag)} has written: the data have to be migrated`;
  const python = pythonBond(stage, image, tag);
  if (python) return python;
  for (const { run, manager, action, packages } of stage.dockerfile.packageOperations) {
    if (action !== "install" || !/^(?:apt|apt-get|apk|yum|dnf|microdnf)$/.test(manager)) continue;
    if (!run.stage.lineage.includes(stage)) continue;
    for (const { name = "", word } of packages) {
      const isPinned = /^[\w.+:-]+[=~<>]/.test(word.text.replace(/^["']/, ""));
      if (isPinned || VERSIONED.test(name.replace(/:.*$/, "")))
        return `\`${word.value ?? word.text}\` is asked for, which the newer release need not have`;
    }
  }
  return undefined;
}

/** An environment, or a folder of packages, is of one version of Python. */
function pythonBond(stage: Stage, image: Image, tag: string): string | undefined {
  const version = pythonOf(image);
  if (version === undefined || /^3\.\d+/.exec(tag)?.[0] === version) return undefined;
  const { stages, text } = stage.dockerfile;
  const named = new RegExp(`\\bpython${version.replace(".", "\\.")}(?!\\d)`);
  const isNamed = stages
    .flatMap(({ instructions }) => instructions)
    .some(({ range }) => named.test(text.slice(range.start, range.end).replace(/^[ \t]*#.*$/gm, "")));
  if (isNamed) return `\`python${version}\` is part of a path, which the newer release does not have`;
  const other = stages.find(
    (one) =>
      one !== stage &&
      one.image !== undefined &&
      pythonOf(one.image) === version &&
      (one.image.repository !== "python" || one.imageWord?.text !== one.image.reference) &&
      (copies(stage, one) || copies(one, stage)),
  );
  return other
    ? `Python ${version} is also what \`${other.imageWord!.text}\` has, between which an environment is copied`
    : undefined;
}

/** `3.12`, of the official image or of one of uv's; `undefined`: another one, or not known. */
function pythonOf({ registry, repository, tag = "" }: Image): string | undefined {
  if (registry === "docker.io" && repository === "python") return /^3\.\d+/.exec(tag)?.[0];
  return /^astral-sh\/uv$/.test(repository) ? /python(3\.\d+)/.exec(tag)?.[1] : undefined;
}

function copies(stage: Stage, source: Stage): boolean {
  const instructions = stage.lineage.flatMap((one) => one.instructions);
  return instructions.some((copy) => {
    const from = copy.keyword === "COPY" ? copy.flag("from")?.value?.value : undefined;
    return from !== undefined && (stage.dockerfile.findStage(from, stage)?.lineage.includes(source) ?? false);
  });
}
