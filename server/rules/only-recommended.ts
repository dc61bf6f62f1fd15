/**
 * What packages only recommend although they are of little use without it, from the control files of Debian 12 and Ubuntu 24.04:
 * https://packages.debian.org/bookworm/gcc-12, https://packages.debian.org/bookworm/xvfb and their like.
 */
import type { PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import { hasCertificates, wantsCertificates } from "./certificates.ts";
import { compilerCompanions, sshCompanion } from "./compiler-companions.ts";

export interface OnlyRecommended {
  /** To be asked for, once what is recommended no longer comes along. */
  readonly wanted: readonly string[];
  readonly assumptions: readonly string[];
  /** A package of which what it recommends is the larger part; `undefined`: there is none. */
  readonly hollow: string | undefined;
}

export function onlyRecommended(install: PackageOperation): OnlyRecommended {
  const { stage } = install.run;
  const names = install.packages.flatMap(({ name }) => name?.replace(/[=:/].*$/s, "") ?? []);
  let known: ReadonlySet<string> | undefined;
  // Few packages ask for it, and it takes a look at all above.
  const present = (): ReadonlySet<string> => {
    known ??= new Set([...names, ...installedAbove(install)]);
    return known;
  };
  const has = (pattern: RegExp): boolean => [...present()].some((name) => pattern.test(name));
  const isBuilder = hasCompiler(stage);
  const wanted = [...compilerCompanions(install), ...sshCompanion(install)];
  if (wantsCertificates(names) && !hasCertificates(install)) wanted.push("ca-certificates");
  for (const [pattern, companions, unless, when] of COMPANIONS) {
    const asked = names.filter((one) => pattern.test(one));
    if (asked.length === 0 || has(unless) || (when && !when(stage))) continue;
    for (const companion of asked.flatMap(companions))
      if (!present().has(companion) && !wanted.includes(companion) && !(isBuilder && COMPILERS.test(companion)))
        wanted.push(companion);
  }
  return {
    wanted,
    assumptions: names.flatMap((name) => {
      const assumed = COMPILED[name];
      return !assumed || isBuilder || has(COMPILING) ? [] : assumed(stage);
    }),
    hollow: names.find((name) => HOLLOW.test(name)),
  };
}

type Companion = readonly [
  name: RegExp,
  companions: (name: string) => readonly string[],
  /** What brings them or makes them needless. */
  unless: RegExp,
  when?: (stage: Stage) => boolean,
];

const COMPILERS = /^(?:gcc|libc6-dev)$/;
/** What a compiler comes with, its headers included. */
const COMPILING = /^(?:build-essential|g\+\+(?:-\d+)?|clang(?:-\d+)?)$/;

const COMPANIONS: readonly Companion[] = [
  [/^gcc(?:-\d+)?-[a-z0-9]+-linux-gnu\w*$/, crossHeaders, /^$/],
  [
    /^golang(?:-go|-[\d.]+(?:-go)?)?$/,
    () => ["gcc", "libc6-dev"],
    COMPILING,
    (stage) => !/CGO_ENABLED=0/.test(textOf(stage)),
  ],
  [/^xvfb$/, () => ["xauth"], /^$/],
  [
    /^software-properties-common$/,
    () => ["gpg-agent"],
    /^(?:gnupg2?|gpg-agent)$/,
    (stage) => /add-apt-repository\b.*\bppa:/.test(textOf(stage)),
  ],
  [/^gpg$/, () => ["dirmngr"], /^gnupg2?$/, (stage) => /--(?:recv-keys?|keyserver)\b/.test(textOf(stage))],
];

const DEBIAN_ARCHITECTURES: Readonly<Record<string, string>> = {
  "aarch64-linux-gnu": "arm64",
  "arm-linux-gnueabi": "armel",
  "arm-linux-gnueabihf": "armhf",
  "i686-linux-gnu": "i386",
  "powerpc64le-linux-gnu": "ppc64el",
  "riscv64-linux-gnu": "riscv64",
  "s390x-linux-gnu": "s390x",
  "x86-64-linux-gnu": "amd64",
};

function crossHeaders(name: string): readonly string[] {
  const architecture = DEBIAN_ARCHITECTURES[name.replace(/^gcc(?:-\d+)?-/, "")];
  return architecture ? [`libc6-dev-${architecture}-cross`] : [];
}

/** They recommend a compiler, which only some of what they install needs. */
const COMPILED: Readonly<Record<string, (stage: Stage) => readonly string[]>> = {
  "python3-pip": (stage) =>
    runs(stage, /^pip[\d.]*$|^python[\d.]*$/)
      ? ["What `pip` installs comes as wheels, or needs no compiler: `python3-pip` only recommends one."]
      : [],
  npm: (stage) =>
    runs(stage, /^(?:npm|npx|yarn|pnpm)$/)
      ? ["No package of `npm` is compiled: `npm` only recommends a compiler and `git`."]
      : [],
};

/** Desktops, office programs and typesetters, whose fonts, filters and tools are packages of their own. */
const HOLLOW =
  /^(?:texlive(?!-base$|-latex-base$|-binaries$).*|libreoffice.*|xfce4|lxde(?:-core)?|lxqt(?:-core)?|mate-desktop-environment.*|gnome(?:-core|-session)?|cinnamon(?:-core)?|kde-.*|kubuntu-desktop|.*ubuntu-desktop.*|task-.*|tigervnc-.*|tightvncserver|wine(?:hq.*|32|64)?|r-base(?:-core)?|octave|inkscape|gimp|samba|mailutils)$/;

/** The image, not its slim variant, has a compiler: docker-library's Dockerfiles, 2026-11. */
function hasCompiler(stage: Stage): boolean {
  const { registry, repository = "", tag = "" } = stage.lineage[0]!.image ?? {};
  return (
    registry === "docker.io" &&
    !/slim|alpine|-curl|-scm/.test(tag) &&
    /^(?:buildpack-deps|gcc|golang|node|perl|pypy|python|ruby|rust)$/.test(repository)
  );
}

/** Names of packages that the same image has by then. */
function installedAbove({ run, command }: PackageOperation): readonly string[] {
  return run.stage.dockerfile.packageOperations
    .filter(
      (other) =>
        other.action === "install" &&
        run.stage.isBuiltOn(other.run.stage) &&
        other.command.range.start < command.range.start,
    )
    .flatMap(({ packages }) => packages.flatMap(({ name }) => name ?? []));
}

function runs(stage: Stage, program: RegExp): boolean {
  return stage.dockerfile.commands.some(
    ({ run, command }) => run.stage.lineage.includes(stage) && program.test(command.program ?? ""),
  );
}

/** The stage's RUNs as they are written. */
function textOf(stage: Stage): string {
  return stage.lineage
    .flatMap(({ instructions }) => instructions)
    .map(({ range }) => stage.dockerfile.text.slice(range.start, range.end))
    .join("\n");
}
