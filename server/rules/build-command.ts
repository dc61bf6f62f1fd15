/** The commands of a stage, where each of them works, and the files that come of them. */
import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { named, readOptions } from "./options.ts";
import { isInside } from "./stage-split.ts";

export interface BuildCommand {
  readonly run: Run;
  readonly command: Command;
  /** `undefined`: not known. */
  readonly directory: string | undefined;
}

/** What a build leaves: files, and directories of which it made all that is in them. Paths are absolute. */
export interface Outputs {
  readonly files?: readonly string[];
  readonly directories?: readonly string[];
  /** Those of the files that are programs for certain. */
  readonly programs?: readonly string[];
}

export interface Tracked {
  /** Whether a path, which may be a glob, is made by the build. */
  has(path: string): boolean;
  /** Programs that are still there in the end. */
  readonly programs: readonly string[];
}

/** Every command of the stage's own RUNs, `cd` followed. */
export function buildCommands(stage: Stage): readonly BuildCommand[] {
  return stage.runs
    .filter((run) => !run.onbuild)
    .flatMap((run) => {
      const start = stage.workdirBefore(run.instruction);
      let chain: string | undefined = start;
      let inner: string | undefined;
      return run.commands.map((command): BuildCommand => {
        const isInner = command.shell !== undefined && command.shell.place !== "chain";
        if (!isInner) inner = undefined;
        const directory: string | undefined = isInner ? (inner ?? chain) : chain;
        if (command.program === "cd" || command.program === "pushd") {
          const moved = pathOf(run, command.args[0], directory);
          if (isInner) inner = moved;
          else chain = moved;
        }
        return { run, command, directory };
      });
    });
}

/** The path that a word names, from the root; globs are left as they are. `undefined`: not known. */
export function pathOf(run: Run, word: ShellWord | undefined, directory: string | undefined): string | undefined {
  if (!word) return undefined;
  const [resolved = word] = run.resolve(word);
  const value = resolved.value ?? (/[$`~]/.test(resolved.text) ? undefined : resolved.text.replace(/["']/g, ""));
  return value === undefined || value.startsWith("~") ? undefined : inDirectory(value, directory);
}

export function inDirectory(path: string, directory: string | undefined): string | undefined {
  if (path.startsWith("/")) return normalise(path);
  return directory === undefined ? undefined : normalise(`${directory}/${path}`);
}

/** The words of a command as they are known, variables replaced. */
export function wordsOf({ run, command }: BuildCommand): readonly string[] {
  return command.args.flatMap((word) => run.resolve(word)).map(({ value, text }) => value ?? text.replace(/["']/g, ""));
}

/** All that comes of the commands: what `outputsOf` says of each, and where `cp`, `mv`, `install` and `ln` take it. */
export function trackOutputs(
  commands: readonly BuildCommand[],
  outputsOf: (command: BuildCommand) => Outputs | undefined,
): Tracked {
  const files = new Set<string>();
  const directories = new Set<string>();
  const programs = new Set<string>();
  const has = (path: string): boolean =>
    files.has(path) || [...directories].some((directory) => path !== directory && isInside(path, directory));
  for (const one of commands) {
    const { files: made = [], directories: filled = [], programs: built = [] } = outputsOf(one) ?? {};
    for (const path of [...made, ...built]) files.add(path);
    for (const path of filled) directories.add(path);
    for (const path of built) programs.add(path);
    const { program = "", args } = one.command;
    if (!/^(?:cp|mv|install|ln|rm)$/.test(program)) continue;
    const { options, operands } = readOptions(args, new Set(["-t", "-m", "-o", "-g", "--mode"]));
    const target = named({ options, operands }, "-t")[0]?.valueWord;
    const words = target ? [...operands, target] : operands;
    const paths = words.map((word) => pathOf(one.run, word, one.directory));
    const gone = program === "rm" ? paths : program === "mv" ? paths.slice(0, -1) : [];
    for (const path of programs)
      if (gone.some((other) => other === undefined || isInside(path, other))) programs.delete(path);
    const to = program === "rm" ? undefined : paths.at(-1);
    if (to === undefined) continue;
    for (const from of paths.slice(0, -1)) {
      if (from === undefined) continue;
      if (directories.has(from)) directories.add(to);
      if (!has(from)) continue;
      // Whether the target is a directory cannot be seen.
      files.add(to);
      files.add(`${to}/${baseName(from)}`);
    }
  }
  return { has, programs: [...programs] };
}

/** Directories of this name below another one, as far as the stage's text names them: `service/target` for `target`. */
export function directoriesNamed(stage: Stage, name: string, root: string): readonly string[] {
  const { text } = stage.dockerfile;
  const own = text.slice(stage.from.range.start, stage.instructions.at(-1)?.range.end);
  const found = [...own.matchAll(new RegExp(`([\\w./-]*?)\\b${name}(?=/)`, "g"))].map(
    ([path]) => inDirectory(path, root)!,
  );
  return [...new Set([`${root}/${name}`, ...found.filter((path) => isInside(path, root))])];
}
