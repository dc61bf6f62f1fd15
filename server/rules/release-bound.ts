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
