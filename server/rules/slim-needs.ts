/** What a stage needs when it starts from the slim image of its language, instead of the full one. */
import { baseName, type Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { parseShell } from "../syntax/shell.ts";
import { LogicalText } from "../syntax/text.ts";
import { libraryNeeds, unknownManifest } from "./native-packages.ts";
import { lineNumber } from "./stage-split.ts";
import { startsOf } from "./start-program.ts";

export interface SlimNeeds {
  /** What has to be installed on the slim image. */
  readonly packages: readonly string[];
  readonly assumptions: readonly string[];
}

/**
 * What these instructions and the program need that only the full image has; or why it has to stay.
 * @param instructions those that run on the slim image.
 */
export function slimNeeds(stage: Stage, instructions: readonly Instruction[]): SlimNeeds | string {
  const packages = new Set<string>();
  const runs = stage.runs.filter(({ instruction }) => instructions.includes(instruction));
  for (const run of runs) {
    const line = lineNumber(stage, run.instruction);
    if (run.commands.length === 0) return `what line ${line} needs of the full image is not known`;
    for (const command of run.commands) {
      const name = command.program ?? command.words[0]?.text ?? "";
      if (BUILDERS.test(name)) return `\`${name}\` in line ${line} needs the full image`;
      const needed = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
      if (needed) for (const one of needed) packages.add(one);
      else if (!isInSlim(command)) return `what \`${name}\` in line ${line} needs of the full image is not known`;
    }
    for (const { action, packages: names, manager } of run.packageOperations) {
      if (action !== "install" || !/^apt/.test(manager)) continue;
      // They fail to configure where `/usr/share/man` is left out: https://bugs.debian.org/863199
      const java = names.find(({ name }) =>
        /^(?:default|openjdk-\d+)-(?:jre|jdk)|^ca-certificates-java$/.test(name ?? ""),
      );
      if (java) return `\`${java.name}\` cannot be installed on the slim image as it is`;
    }
  }
  for (const name of runtimePrograms(stage)) {
    if (BUILDERS.test(name)) return `\`${name}\`, which the container runs, needs the full image`;
    for (const one of (Object.hasOwn(PROGRAMS, name) && PROGRAMS[name]) || []) packages.add(one);
  }
  const unread = unknownManifest(stage);
  if (unread) return `which packages \`${unread}\` names is not known`;
  const libraries = libraryNeeds(stage);
  if (typeof libraries === "string") return libraries;
  for (const one of libraries) packages.add(one);
  const script = startsOf(stage)
    .flatMap(({ runners, word }) => [...runners.map(({ words }) => words[0]?.value), word?.value])
    .find((value) => /(?:\.sh|entrypoint)$/.test(value ?? ""));
  return {
    packages: [...packages],
    assumptions: [
      `${script ? `Neither \`${baseName(script)}\` nor the program runs anything` : "The program runs nothing"} that only the full image has, such as ${packages.has("git") ? "" : "`git` or "}a compiler, and no package loads one of its libraries.`,
    ],
  };
}

/** Compilers and their like. */
const BUILDERS =
  /^(?:gcc|g\+\+|cc|c\+\+|ld|make|cmake|autoconf|automake|autoreconf|libtoolize|configure|pkg-config|dpkg-buildpackage|\w+-config|hg|svn|patch)$/;

/** Programs of the full images that the slim ones lack, and Debian's packages with them. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  curl: ["ca-certificates", "curl"],
  file: ["file"],
  git: ["ca-certificates", "git"],
  gpg: ["gnupg"],
  identify: ["imagemagick"],
  convert: ["imagemagick"],
  mogrify: ["imagemagick"],
  ps: ["procps"],
  pgrep: ["procps"],
  pkill: ["procps"],
  scp: ["openssh-client"],
  ssh: ["openssh-client"],
  "ssh-keyscan": ["openssh-client"],
  top: ["procps"],
  unzip: ["unzip"],
  wget: ["ca-certificates", "wget"],
  xz: ["xz-utils"],
};

/** The programs that the container runs: of its own commands and of HEALTHCHECK. */
function runtimePrograms(stage: Stage): readonly string[] {
  return ["HEALTHCHECK", "ENTRYPOINT", "CMD"].flatMap((name) => {
    const text = stage.last(name)?.rest.text ?? "";
    const command = name === "HEALTHCHECK" ? /^CMD\s+(.*)$/is.exec(text)?.[1] : text;
    const words = readExecForm(command ?? "");
    const isShell = /^(?:ba|da|a)?sh$/.test(baseName(words?.[0] ?? ""));
    const script = words ? (isShell ? (words.at(-1) ?? "") : "") : (command ?? "");
    const { commands } = parseShell(new LogicalText(script, [{ start: 0, end: script.length }]));
    return [...(words?.slice(0, 1) ?? []), ...commands.map((one) => one.name ?? "")].map(baseName);
  });
}

function readExecForm(text: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

/** Debian's essential packages and the language's own programs. */
const BASE_PROGRAMS = new Set(
  ": . [ addgroup adduser apt apt-cache apt-get apt-mark awk base64 basename bash break bundle bundler cat cd chgrp chmod chown chpasswd command continue corepack cp cut date dd deluser dirname dpkg dpkg-query echo egrep env exec exit export expr false fgrep find gem getent getopt grep groupadd groupmod gunzip gzip head hostname id install ldconfig ln local ls md5sum mkdir mktemp mv node npm npx od passwd paste perl pip pip3 pnpm poetry pdm pipenv uv printf pwd python python3 rake readlink realpath return rm rmdir ruby sed seq set sh sha1sum sha256sum sha512sum shift sleep sort source stat sync tail tar tee test touch tr true trap truncate tty umask uname uniq unset update-alternatives useradd userdel usermod virtualenv wait wc which xargs yarn yarnpkg yes zcat".split(
    " ",
  ),
);

function isInSlim({ program = "", words }: Command): boolean {
  return BASE_PROGRAMS.has(program) || /^(?:python|pip)\d[\d.]*$/.test(program) || words.length === 0;
}
