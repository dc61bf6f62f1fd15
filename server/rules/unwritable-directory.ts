import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage, type User } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { insertInstructionsBefore, keyword } from "./edit.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";
import { WRITTEN } from "./written-directories.ts";

export default defineRule({
  id: "unwritable-directory",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  assumes: "The program is meant to write there.",
  concerns: "container",
  judges: "stage",
  mentions: /user/i,

  *check({ finalStage: stage }) {
    const user = stage?.userBefore();
    // A stage that is built on another, and a command that nobody can see through, may do anything.
    if (!stage || !user?.instruction || user.isRoot || stage.parent || !isSystem(stage)) return;
    const directories = new Map<string, Use>();
    for (const use of usesOf(stage)) if (!directories.has(use.path)) directories.set(use.path, use);
    for (const use of directories.values()) {
      if (!isRoots(stage, use.path, use.isMade)) continue;
      yield {
        at: use.at,
        message: `${use.what} \`${use.path}\`, which belongs to root: the container runs as \`${user.name}\``,
        related: [{ at: user.instruction.range, message: "where it stops being root" }],
        ...remedy(stage, user, use),
      };
    }
  },
});

/** A directory that the program is going to write to. */
interface Use {
  readonly path: string;
  readonly at: Range;
  /** The begin of the message. */
  readonly what: string;
  /** A RUN or a WORKDIR makes it; else it is made for the volume, or is there. */
  readonly isMade: boolean;
}

/** Nothing but a system, and a language perhaps: what root has made there is root's. */
function isSystem({ base }: Stage): boolean {
  return /^(?:debian|ubuntu|alpine|fedora|rhel|amazon)$/.test(base.distribution ?? "") && base.role !== "server";
}

function* usesOf(stage: Stage): Generator<Use> {
  for (const run of stage.runs) {
    if (run.onbuild || stage.userBefore(run.instruction)?.isRoot !== true) continue;
    for (const { path, at } of madeBy(run)) {
      if (WRITTEN.test(path) && !isSystemPath(path) && isEmpty(stage, path))
        yield { path, at, what: "The program cannot write to", isMade: true };
    }
  }
  for (const instruction of stage.instructions) {
    if (instruction.onbuild) continue;
    if (instruction.keyword === "VOLUME") {
      for (const word of instruction.arguments) {
        const path = stage.resolve(word, instruction);
        if (path && isAbsolute(path) && WRITTEN.test(path) && !/^\/(?:home|tmp)\b/.test(path))
          yield {
            path: normalise(path),
            at: word.range,
            what: "The program cannot write to the volume",
            isMade: isMade(stage, normalise(path)),
          };
      }
    }
    if (instruction.keyword === "ENV") {
      for (const { value } of instruction.pairs) {
        const path = value && databaseFolder(stage.resolve(value, instruction), stage.workdirBefore());
        if (path && isMade(stage, path))
          yield { path, at: value.range, what: "SQLite cannot make its files in", isMade: true };
      }
    }
  }
}

/** The folder of the file in `sqlite:////srv/data/app.db`, or of a relative one. */
function databaseFolder(url: string | undefined, workdir: string | undefined): string | undefined {
  const file = /^(?:sqlite(?:3|\+\w+)?:\/\/\/|file:)([^?:]+\.(?:db|sqlite3?))(?:$|\?)/.exec(url ?? "")?.[1];
  if (file === undefined) return undefined;
  const path = isAbsolute(file) ? file : workdir && `${workdir}/${file}`;
  const folder = path && normalise(path).replace(/\/[^/]*$/, "");
  return folder && !/^\/(?:tmp|home|root)(?:\/|$)/.test(folder) ? folder : undefined;
}

/** A WORKDIR or a RUN makes it, as root. */
function isMade(stage: Stage, path: string): boolean {
  const isWorkdir = stage.instructions.some(
    (one, index) =>
      one.keyword === "WORKDIR" &&
      stage.userBefore(one)?.isRoot === true &&
      stage.workdirBefore(stage.instructions[index + 1]) === path,
  );
  return (
    isWorkdir ||
    stage.runs.some(
      (run) =>
        stage.userBefore(run.instruction)?.isRoot === true && madeBy(run).some((directory) => directory.path === path),
    )
  );
}

function madeBy(run: Run): readonly { readonly path: string; readonly at: Range }[] {
  const moves = run.commands.some(({ program }) => /^(?:cd|pushd)$/.test(program ?? "x"));
  const workdir = moves ? undefined : run.stage.workdirBefore(run.instruction);
  return run.commands.flatMap((command) => {
    if (command.program !== "mkdir" || (command.shell && command.shell.place !== "chain")) return [];
    if (command.args.some(({ value }) => value?.startsWith("-m") || value?.startsWith("--mode"))) return [];
    return command.args.flatMap(({ value, range }) => {
      if (!value || !/^[\w./@+-]+$/.test(value) || value.startsWith("-")) return [];
      const path = isAbsolute(value) ? normalise(value) : workdir && normalise(`${workdir}/${value}`);
      return path ? [{ path, at: range }] : [];
    });
  });
}

/** Belongs to programs of the system. */
function isSystemPath(path: string): boolean {
  return /^\/(?:etc|usr|bin|sbin|lib|root|tmp|home|dev|proc|sys|opt|run|var\/(?:tmp|run|lib\/(?:apt|dpkg|nginx)|cache\/(?:apt|apk|dnf|yum|debconf|nginx)))(?:\/|$)/.test(
    path,
  );
}

/** Nothing is put into it: it is there for the program. */
function isEmpty(stage: Stage, path: string): boolean {
  return stage.instructions.every((one) => {
    if (one.keyword === "WORKDIR") return stage.workdirBefore(nextOf(stage, one)) !== path;
    if (one.keyword !== "COPY" && one.keyword !== "ADD") return true;
    const target = one.arguments.at(-1);
    const value = target && stage.resolve(target, one);
    const workdir = stage.workdirBefore(one);
    if (value === undefined || (!isAbsolute(value) && workdir === undefined)) return false;
    const full = normalise(isAbsolute(value) ? value : `${workdir}/${value}`);
    return full !== path && !full.startsWith(`${path}/`);
  });
}

function nextOf(stage: Stage, instruction: Instruction): Instruction | undefined {
  return stage.instructions[stage.instructions.indexOf(instruction) + 1];
}

/** Root has made it, and nothing that stands in the stage gives it to anybody. */
function isRoots(stage: Stage, path: string, mayBeMade: boolean): boolean {
  const given = stage.instructions.some((one) => {
    if (one.keyword === "COPY" || one.keyword === "ADD") {
      if (!one.flag("chown") && !one.flag("chmod")) return false;
      const word = one.arguments.at(-1);
      const target = word && stage.resolve(word, one);
      const full = target === undefined || isAbsolute(target) ? target : `${stage.workdirBefore(one) ?? "?"}/${target}`;
      return full === undefined || full.includes("?") || isNear(normalise(full), path);
    }
    // What is made behind USER is the user's own.
    return one.keyword === "WORKDIR" && stage.userBefore(one)?.isRoot !== true && !mayBeMade;
  });
  return !given && !stage.runs.some((run) => givesAway(run, path));
}

/** Programs that leave owners and modes of directories alone. */
const HARMLESS =
  /^(?:mkdir|touch|rm|cd|ls|echo|printf|cat|test|\[|true|set|export|apt-get|apt|apk|dnf|yum|microdnf|pip\d?|npm|yarn|pnpm|npx|uv|poetry|go|cargo|make|cmake|gcc|bundle|gem|composer|curl|wget|python\d?|node|groupadd|addgroup|update-ca-certificates|grep|sed|sleep|git|unzip|gunzip|ln|which|:|npm-cli|corepack|locale-gen|dpkg|gpg|ldconfig)$/;

function givesAway(run: Run, path: string): boolean {
  if (run.scripts.length === 0) return true;
  return run.commands.some((command) => {
    const { program, args } = command;
    if (program === undefined || command.programWord?.value?.includes("/")) return true;
    if (/^(?:useradd|adduser|usermod)$/.test(program)) return args.some(({ value }) => isHome(value, path));
    if (HARMLESS.test(program)) return isScript(command);
    if (!/^(?:chown|chgrp|chmod|install)$/.test(program)) return true;
    const workdir = run.stage.workdirBefore(run.instruction);
    return args.some(({ value }) => {
      if (value === undefined) return true;
      if (value.startsWith("-") || /^[\w:.+=,-]*$/.test(value)) return value === "." && isNear(workdir ?? path, path);
      if (!isAbsolute(value)) return true;
      return isNear(normalise(value.replace(/\/\*+$/, "")), path);
    });
  });
}

function isHome(value: string | undefined, path: string): boolean {
  return value === undefined || (isAbsolute(value) && isNear(normalise(value), path));
}

/** `python setup.py`, `node scripts/prepare.js`: it may do anything. */
function isScript({ program = "", args }: Command): boolean {
  return (
    /^(?:python\d?|node)$/.test(program) &&
    args[0]?.value !== "-m" &&
    args.some(({ value }) => value === undefined || /\.(?:py|js|mjs|cjs)$/.test(value))
  );
}

/** One is the other, or lies in it. */
function isNear(one: string, other: string): boolean {
  return one === other || other.startsWith(`${one === "/" ? "" : one}/`) || one.startsWith(`${other}/`);
}

function remedy(stage: Stage, user: User, { path, isMade }: Use): Pick<Finding, "fixes" | "refusal"> {
  const instruction = user.instruction!;
  if (stage.userBefore(instruction)?.isRoot !== true || !stage.instructions.includes(instruction))
    return { refusal: "the build is not root's any more where the user is set" };
  if (!stage.shellBefore(instruction).posix || stage.base.shell === "none")
    return { refusal: "the image has no shell that could give it to the user" };
  const owner = instruction.rest.text.trim();
  if (!/^[\w.$:{}-]+$/.test(owner) || startWords(stage).some((word) => /chown/.test(word)))
    return { refusal: "who should own it is not known" };
  const [name, group] = owner.split(":");
  const command = isMade ? `chown ${owner} ${path}` : `install -d -o ${name}${group ? ` -g ${group}` : ""} ${path}`;
  const volume = stage.instructions.some(
    ({ keyword: name, range }) => name === "VOLUME" && range.start < instruction.range.start,
  );
  const fix = unsafe(
    `Give \`${path}\` to \`${name}\``,
    insertInstructionsBefore(stage.dockerfile.syntax, instruction, `${keyword(stage, "RUN")} ${command}`),
  );
  return {
    fixes: [
      volume ? assuming(fix, "BuildKit builds the image: the old builder drops what is done behind `VOLUME`.") : fix,
    ],
  };
}
