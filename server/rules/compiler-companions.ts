import type { PackageOperation } from "../model/packages.ts";

/** A tool, what apt's package of it only recommends and it does not work without, and the packages that bring that, too. */
interface Companion {
  readonly tool: RegExp;
  readonly needs: string;
  readonly others: RegExp;
}

/** Depends and Recommends of Debian 11 to 13 and Ubuntu 22.04 to 26.04: https://packages.debian.org, https://packages.ubuntu.com. */
const COMPANIONS: readonly Companion[] = [
  { tool: /^cmake$/, needs: "make", others: /^(?:make|ninja-build|build-essential)$/ },
  { tool: /^cmake$/, needs: "gcc", others: /^(?:gcc|g\+\+|clang)(?:-\d+)?$|^build-essential$/ },
  {
    tool: /^(?:cmake|gcc(?:-\d+)?|tcc)$/,
    needs: "libc6-dev",
    others: /^(?:g\+\+|gfortran|clang)(?:-\d+)?$|^(?:build-essential|libc6-dev|libc-dev|libstdc\+\+-\d+-dev)$/,
  },
  { tool: /^autoconf$/, needs: "automake", others: /^automake/ },
  { tool: /^rustc$/, needs: "cargo", others: /^(?:cargo|rustup)$/ },
];

/** Packages that an install would lose with what is only recommended, though its compilers and build tools need them. */
export function compilerCompanions(install: PackageOperation): readonly string[] {
  const { stage } = install.run;
  const { distribution, role } = stage.base;
  const isPlain = role === "system" || /slim/.test(stage.lineage[0]!.image?.tag ?? "");
  if (!isPlain || (distribution !== "debian" && distribution !== "ubuntu")) return [];
  const namesOf = ({ packages }: PackageOperation): readonly string[] => packages.flatMap(({ name }) => name ?? []);
  const own = namesOf(install);
  const asked = COMPANIONS.filter(({ tool }) => own.some((name) => tool.test(name)));
  if (asked.length === 0) return [];
  const all = stage.dockerfile.packageOperations
    .filter(({ action, run }) => action === "install" && stage.isBuiltOn(run.stage))
    .flatMap(namesOf);
  return asked.filter(({ others }) => !all.some((name) => others.test(name))).map(({ needs }) => needs);
}

/** `git` takes OpenSSH's client for `git@host:path`, and only recommends it. */
export function sshCompanion(install: PackageOperation): readonly string[] {
  const { stage } = install.run;
  const names = install.packages.map(({ name }) => name);
  if (!names.includes("git") || names.includes("openssh-client")) return [];
  const text = stage.instructions.map(({ range }) => stage.dockerfile.text.slice(range.start, range.end)).join("\n");
  const isAsked = /\bgit@|\b(?:git\+)?ssh:\/\/|type=ssh\b/.test(text);
  return isAsked && !/\bssh-client\b/.test(text) ? ["openssh-client"] : [];
}
