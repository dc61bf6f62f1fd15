/** The modes that a Dockerfile gives to files: `chmod`, `install` and `mkdir` in RUN, `--chmod` of COPY and ADD. */
import { baseName, type Command } from "../model/command.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { named, optionNames, readOptions } from "./options.ts";

export interface FileMode {
  readonly stage: Stage;
  readonly instruction: Instruction;
  /** As it is written: `777`, `u+s`. */
  readonly mode: string;
  readonly range: Range;
  /** `undefined`: a flag. */
  readonly command: Command | undefined;
  readonly run: Run | undefined;
  readonly targets: readonly ShellWord[];
}

/** Those whose mode is known. */
export function* fileModes(dockerfile: Dockerfile): Generator<FileMode> {
  for (const { run, command } of dockerfile.commands) {
    for (const found of modesOf(command))
      yield { ...found, stage: run.stage, instruction: run.instruction, command, run };
  }
  for (const stage of dockerfile.stages) {
    for (const instruction of stage.instructions) {
      const value = /^(?:COPY|ADD)$/.test(instruction.keyword) ? instruction.flag("chmod")?.value : undefined;
      const mode = value && stage.resolve(value, instruction);
      if (mode === undefined || !value) continue;
      yield { stage, instruction, mode, range: value.range, command: undefined, run: undefined, targets: [] };
    }
  }
}

/** The permissions of others, of the group and of the owner, and the special ones, as an octal mode has them. */
export function octal(
  mode: string,
): readonly [special: number, user: number, group: number, others: number] | undefined {
  const digits = /^(?:0o)?([0-7]{1,5})$/.exec(mode)?.[1];
  if (digits === undefined) return undefined;
  const [special, user, group, others] = digits.padStart(4, "0").slice(-4).split("").map(Number);
  return [special!, user!, group!, others!];
}

/** One of the parts of a symbolic mode: `go+rx`. */
export interface Clause {
  readonly who: string;
  readonly operator: string;
  readonly permissions: string;
}

/** `undefined`: it is no symbolic mode. */
export function clauses(mode: string): readonly Clause[] | undefined {
  const parts = mode.split(",").map((part) => /^([ugoa]*)([-+=])([rwxXstugo]*)$/.exec(part));
  if (parts.some((part) => !part)) return undefined;
  return parts.map((part) => ({ who: part![1]!, operator: part![2]!, permissions: part![3]! }));
}

const VALUED = optionNames("-m --mode -o --owner -g --group -t --target-directory --reference");

function modesOf(command: Command): readonly Pick<FileMode, "mode" | "range" | "targets">[] {
  const { program, args } = command;
  if (program === "chmod") return chmod(args);
  if (program === "install" || program === "mkdir") {
    const given = readOptions(args, VALUED);
    return named(given, "-m", "--mode").flatMap(({ value, valueRange }) =>
      value === undefined || !valueRange ? [] : [{ mode: value, range: valueRange, targets: given.operands }],
    );
  }
  if (program !== "find" && program !== "xargs") return [];
  const at = args.findIndex(({ value }) => baseName(value ?? "") === "chmod");
  return at === -1 ? [] : chmod(args.slice(at + 1));
}

function chmod(args: readonly ShellWord[]): readonly Pick<FileMode, "mode" | "range" | "targets">[] {
  // `-w` takes a permission, `-R` is an option: chmod(1).
  const at = args.findIndex(({ value, text }) => !/^-(?:[Rcfv]+$|-)/.test(value ?? text));
  const word = args[at];
  if (word?.value === undefined || args.some(({ text }) => text.startsWith("--reference"))) return [];
  return [
    { mode: word.value, range: word.range, targets: args.slice(at + 1).filter(({ text }) => !text.startsWith("-")) },
  ];
}
