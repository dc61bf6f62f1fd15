/** What the rules about package managers share: what a RUN leaves in its layer, and how it is cleaned up. */
import { baseName, type Command } from "../model/command.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Manager, PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { appendCommand, insertArguments, insertCommandAfter, removeWord } from "./edit.ts";
import { assuming, type Edit, type Finding, type Rule, safe } from "./rule.ts";

/** The operations of one manager or several that do one of these things. */
export function operationsOf(
  operations: readonly PackageOperation[],
  managers: readonly Manager[],
  actions: readonly PackageOperation["action"][],
): readonly PackageOperation[] {
  return operations.filter(({ manager, action }) => managers.includes(manager) && actions.includes(action));
}

/** By RUN, in order. */
export function byRun(operations: readonly PackageOperation[]): ReadonlyMap<Run, readonly PackageOperation[]> {
  const groups = new Map<Run, PackageOperation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.run);
    if (group) group.push(operation);
    else groups.set(operation.run, [operation]);
  }
  return groups;
}

/** Whether something comes in through a pipe or a redirect, such as `yes |`. */
export function readsInput(command: Command): boolean {
  const { shell } = command;
  if (!shell) return false;
  return (
    shell.redirects.some(({ operator }) => operator.startsWith("<")) ||
    (shell.pipeline?.commands.indexOf(shell) ?? 0) > 0
  );
}

/** Whether a cache or tmpfs mount whose target fits keeps something out of the layer; so may one that is not known. */
export function isMounted(run: Run, fits: (target: string) => boolean): boolean {
  return run.mounts.some(
    ({ type, target }) =>
      /^(?:cache|tmpfs)$/.test(type) && target !== undefined && (target.includes("$") || fits(target)),
  );
}

/** For `isMounted`: the target is the path or a folder around it. */
export function covering(...paths: readonly string[]): (target: string) => boolean {
  return (target) => paths.some((path) => path === target || path.startsWith(`${target}/`));
}

/**
 * Whether a command behind `after` deletes what fits: `rm`, `find -delete`, `cd` into it. A script that is named for
 * cleaning may do so, as may a variable.
 */
export function isDeleted(run: Run, after: Command, fits: RegExp): boolean {
  return run.commands.some(
    ({ program = "", args, range }) =>
      range.start > after.range.start &&
      (/^(?:rm|find|cd)$/.test(program)
        ? args
            .flatMap((word) => run.resolve(word))
            .some(({ text }) => fits.test(text) || /^["']?\$\{?\w*(?:apt|cache|clean|list)/i.test(text))
        : /clean/i.test(program)),
  );
}

/**
 * The fix that deletes what an operation has left, or why there is none.
 * @param place at the end of the RUN, for all that it does; or right behind, for a program that the RUN may take away again.
 */
export function cleaning(
  operation: PackageOperation,
  command: string,
  place: "end" | "behind" = "end",
): Pick<Finding, "fixes" | "refusal"> {
  const { run } = operation;
  if (run.instruction.json) return { refusal: "the exec form runs a single command" };
  const isSudo = operation.command.wrappers.some(({ value }) => value === "sudo");
  if (isSudo && run.stage.userBefore(run.instruction)?.isRoot !== true)
    return { refusal: "it would take one more `sudo`; the `RUN` had better be root's" };
  const last = run.packageOperations.findLast(
    ({ manager, action }) => areAlike(manager, operation.manager) && action !== "clean",
  );
  const atEnd = place === "end" ? appendCommand(run, command, run.scriptOf(operation.command)) : undefined;
  const edit = atEnd ?? insertCommandAfter(run, command, (place === "end" && last ? last : operation).command);
  if (!edit) return { refusal: "there is no place in this script where another command could simply follow" };
  const where = atEnd ? "at the end" : `behind \`${nameOf(place === "end" && last ? last : operation)}\``;
  return { fixes: [safe(`Add \`${command}\` ${where}`, edit)] };
}

function areAlike(one: Manager, other: Manager): boolean {
  return one === other || (APT.includes(one) && APT.includes(other));
}

/** A rule's `check`: an install that asks, and nobody answers. */
export function interactiveInstalls(
  managers: readonly Manager[],
  answers: (install: PackageOperation) => boolean | undefined,
  flag: string,
): Rule["check"] {
  return function* check(dockerfile) {
    for (const install of operationsOf(dockerfile.packageOperations, managers, ["install"])) {
      if (answers(install) !== false || readsInput(install.command)) continue;
      yield {
        at: install.verb.range,
        message: `\`${nameOf(install)}\` asks for confirmation, which nobody gives during a build`,
        fixes: [safe(`Add \`${flag}\``, insertArguments(install.command, install.verb, flag))],
      };
    }
  };
}

/** The program and the subcommand, as a person would say them: `dnf group install`. */
export function nameOf(operation: PackageOperation): string {
  const { program = operation.manager } = operation.command;
  // `python -m pip`
  const words = [program.startsWith("python") ? operation.manager : program, operation.scope, operation.verb.value];
  return operation.verb === operation.command.programWord
    ? words[0]!
    : words.filter((word) => word !== undefined).join(" ");
}

/** Whether a file written earlier, in this RUN or in one before, says this: `echo 'assumeyes=1' >> /etc/dnf/dnf.conf`. */
export function isConfigured(operation: PackageOperation, setting: RegExp): boolean {
  const { run, command } = operation;
  if (!saysAnywhere(run.stage.dockerfile, setting)) return false;
  return run.stage
    .effective(run.instruction)
    .concat(run.instruction)
    .filter(({ keyword }) => keyword === "RUN" || keyword === "COPY")
    .some(({ rest, heredocs }) => {
      const earlier = run.stage.dockerfile.text.slice(rest.range.start, Math.min(rest.range.end, command.range.start));
      return (
        setting.test(earlier) ||
        heredocs.some(({ body }) => body.range.start < command.range.start && setting.test(body.text))
      );
    });
}

/** By the patterns that have been looked for. */
const SAID = new WeakMap<Dockerfile, Map<string, boolean>>();

function saysAnywhere(dockerfile: Dockerfile, pattern: RegExp): boolean {
  const known = SAID.get(dockerfile) ?? new Map<string, boolean>();
  SAID.set(dockerfile, known);
  let isSaid = known.get(String(pattern));
  if (isSaid === undefined) {
    isSaid = pattern.test(dockerfile.text);
    known.set(String(pattern), isSaid);
  }
  return isSaid;
}

/** For `interactiveInstalls`, for yum and dnf alike. */
export function isAnsweredRpm(install: PackageOperation): boolean | undefined {
  const setting = /\bassumeyes["']?\s*=\s*["']?(?:1|true|yes|on)/i;
  if (install.args.some(({ text }) => setting.test(text)) || isConfigured(install, setting)) return true;
  return install.has("-y", "--assumeyes", "--assumeno");
}

/** The runs of the stages that are built on what this one leaves, behind it. */
export function laterRuns({ instruction, stage }: Run): readonly Run[] {
  return stage.dockerfile.runs.filter(
    (run) => run.instruction.range.start > instruction.range.start && run.stage.isBuiltOn(stage),
  );
}

/** apt's managers, which work on the same lists. */
export const APT: readonly Manager[] = ["apt-get", "apt", "aptitude"];

/** The commands behind this RUN that work with the package lists which it leaves: no update of their own comes first. */
export function laterListUses({ instruction, stage }: Run): readonly ListUse[] {
  let uses = LIST_USES.get(stage.dockerfile);
  if (!uses) {
    uses = stage.dockerfile.runs.flatMap(listUsesOf);
    LIST_USES.set(stage.dockerfile, uses);
  }
  return uses.filter(({ run }) => run.instruction.range.start > instruction.range.start && run.stage.isBuiltOn(stage));
}

export interface ListUse {
  readonly run: Run;
  readonly command: Command;
}

const LIST_USES = new WeakMap<Dockerfile, readonly ListUse[]>();

function listUsesOf(later: Run): readonly ListUse[] {
  const uses: ListUse[] = [];
  for (const command of later.commands) {
    const operation = later.packageOperations.find((one) => one.command === command);
    if (operation && APT.includes(operation.manager)) {
      if (operation.action === "update") break;
      if (operation.action !== "clean" && operation.action !== "remove") uses.push({ run: later, command });
    } else if (
      /^(?:apt-cache|apt-rdepends|gdebi|mk-build-deps)$/.test(command.program ?? "") ||
      isListedInstall(command)
    )
      uses.push({ run: later, command });
  }
  return uses;
}

/** `xargs apt-get install < packages.txt`. */
function isListedInstall({ program, args }: Command): boolean {
  return program === "xargs" && args.some(({ value }) => APT.includes(baseName(value ?? "") as Manager));
}

/** A rule's `check`: a package manager keeps its downloads in the layer, unless the same RUN cleans up. One finding for a RUN. */
export function leftoverCaches(options: {
  readonly managers: readonly Manager[];
  /** Which of the installs and upgrades are meant; absent: all. */
  readonly isMeant?: (operation: PackageOperation) => boolean;
  /** Folders of the cache, for mounts and `rm`. */
  readonly folders: RegExp;
  /** Whether another operation of the RUN cleans up after this one. */
  readonly cleans: (cleaner: PackageOperation, operation: PackageOperation) => boolean;
  readonly leaves: string;
  readonly command: (operation: PackageOperation) => string;
  /** Where to clean up; absent: at the end. */
  readonly place?: "end" | "behind";
  /** Makes the fix unsafe; absent: it is safe. */
  readonly assumption?: (operation: PackageOperation) => string | undefined;
}): Rule["check"] {
  const { managers, folders, cleans } = options;
  return function* check(dockerfile) {
    const meant = operationsOf(dockerfile.packageOperations, managers, ["install", "upgrade"]).filter(
      (operation) => options.isMeant?.(operation) ?? true,
    );
    for (const [run, all] of byRun(meant)) {
      if (!run.stage.isInImage || isMounted(run, (target) => folders.test(`${target}/`))) continue;
      const operation = all.at(-1)!;
      const following = run.packageOperations.filter(
        ({ command }) => command.range.start > operation.command.range.start,
      );
      if (following.some((other) => cleans(other, operation)) || isDeleted(run, operation.command, folders)) continue;
      const found = cleaning(operation, options.command(operation), options.place);
      const assumption = options.assumption?.(operation);
      yield {
        at: operation.verb.range,
        message: `\`${nameOf(operation)}\` leaves ${options.leaves} in the layer`,
        ...found,
        ...(assumption && found.fixes
          ? { fixes: found.fixes.map((fix) => assuming({ ...fix, safety: "unsafe" as const }, assumption)) }
          : {}),
      };
    }
  };
}

/** Where yum, dnf and microdnf keep what they download. */
export const RPM_CACHES = /\/var\/cache\/?(?:yum|dnf|libdnf|\*|["']?$|\{[^}]*\b(?:yum|dnf))|^\/var\/$|\.cache\/libdnf5/;

/** Takes arguments that follow each other out of a command, in the exec form with their commas. */
export function removeArguments(run: Run, command: Command, ...words: readonly ShellWord[]): Edit {
  const first = words[0]!;
  const last = words.at(-1)!;
  const before = command.words[command.words.indexOf(first) - 1];
  if (!command.shell && before) return { start: before.range.end, end: last.range.end, text: "" };
  return removeWord(run.stage.dockerfile.syntax, { start: first.range.start, end: last.range.end });
}

/** Where in the arguments of its commands and in its heredocs a RUN, COPY or ADD says something: to write it into a file. */
export function* mentions(
  dockerfile: Dockerfile,
  pattern: RegExp,
): Generator<{ readonly instruction: Instruction; readonly range: Range; readonly match: RegExpMatchArray }> {
  if (dockerfile.text.search(pattern) === -1) return;
  for (const { instruction, commands } of dockerfile.runs) {
    for (const { text, range } of commands.flatMap(({ args }) => args)) {
      for (const match of text.matchAll(pattern)) {
        // A word that goes over a continuation, or whose quotes are not those of the source, is shown as a whole.
        const isExact = dockerfile.text.slice(range.start, range.end) === text;
        const start = range.start + match.index;
        yield { instruction, match, range: isExact ? { start, end: start + match[0].length } : range };
      }
    }
  }
  for (const instruction of dockerfile.stages.flatMap((stage) => stage.instructions)) {
    for (const { body } of instruction.heredocs) {
      if (dockerfile.runs.some(({ scripts }) => scripts.some(({ text }) => text.range.start === body.range.start)))
        continue;
      for (const match of body.text.matchAll(pattern))
        yield { instruction, match, range: body.rangeOf(match.index, match.index + match[0].length) };
    }
  }
}

/** BusyBox answers to the name of this program: in Alpine, unless the program itself was installed; it may: `undefined`. */
export function isBusyBox(run: Run, program: string): boolean | undefined {
  const { stage, instruction } = run;
  const above = stage.dockerfile.packageOperations.filter(
    (operation) =>
      operation.action === "install" &&
      stage.lineage.includes(operation.run.stage) &&
      operation.run.instruction.range.start <= instruction.range.start,
  );
  const isAlpine =
    /^(?:alpine|busybox)$/.test(stage.base.distribution ?? "") || above.some(({ manager }) => manager === "apk");
  if (!isAlpine) return false;
  const names = above.flatMap(({ packages }) => packages.map(({ name }) => name));
  if (names.includes(program)) return false;
  return names.includes(undefined) ? undefined : true;
}

/** Programs of which it is known that they neither install, nor build, nor run anything. */
export const UNRELATED: ReadonlySet<string> = new Set(
  ": [ break cat cd chmod chown continue cp date echo exit export false find ln ls mkdir mv printf rm set sleep test touch true unset".split(
    " ",
  ),
);

/** A rule's `check`: packages are installed in whatever version there is on the day. One finding for a command. */
export function unpinnedPackages(options: {
  readonly managers: readonly Manager[];
  /** Which operations are meant; absent: the installs. */
  readonly isMeant?: (operation: PackageOperation) => boolean;
  /** What a version or a place of its own fixes. */
  readonly isPinned: (value: string, operation: PackageOperation) => boolean;
}): Rule["check"] {
  const { managers, isPinned } = options;
  const isMeant = options.isMeant ?? (({ action }) => action === "install");
  return function* check(dockerfile) {
    for (const operation of dockerfile.packageOperations) {
      if (!managers.includes(operation.manager) || !isMeant(operation)) continue;
      const unpinned = operation.packages.filter(
        ({ word: { value } }) => value !== undefined && value !== "" && !isPinned(value, operation),
      );
      const [first] = unpinned;
      if (!first) continue;
      const others = unpinned.length - 1;
      yield {
        at: first.word.range,
        message:
          `\`${first.word.value}\`${others === 0 ? "" : others === 1 ? " and another" : ` and ${others} others`} ` +
          `${others === 0 ? "has" : "have"} no fixed version, so that another build may install another one`,
      };
    }
  };
}

/** For `unpinnedPackages`: a part behind a dash starts with a digit; a module's stream is behind a colon; `@` means a group. */
export function isPinnedRpm(value: string, { scope }: PackageOperation): boolean {
  if (scope === "module") return value.includes(":");
  return /-\d[\w.~^+:]*(?:-[\w.~^+:]+)*$|\.rpm$|^@|\//.test(value);
}
