/** A program that a build or a container runs: its name and arguments, behind `sudo`, `env` and their like. */
import type { Word } from "../syntax/parse.ts";
import type { ShellCommand, ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";

export interface Command {
  readonly range: Range;
  /** The file name of the program: `apt-get` for `/usr/bin/apt-get`; `undefined`: not known. */
  readonly program: string | undefined;
  /** The word that names it. */
  readonly programWord: ShellWord | undefined;
  /** What follows the program. */
  readonly args: readonly ShellWord[];
  /** All words, `sudo` and its like included. */
  readonly words: readonly ShellWord[];
  /** The programs before it that only run another: `sudo`, `env`, `exec`, `nice`, ... */
  readonly wrappers: readonly ShellWord[];
  /** What it is in the shell; `undefined` in the exec form. */
  readonly shell: ShellCommand | undefined;
}

export function commandOf(shell: ShellCommand): Command {
  return commandIn(shell, shell.words);
}

/** @param words its words, with what is known of their variables. */
export function commandIn(shell: ShellCommand, words: readonly ShellWord[]): Command {
  const { program, programWord, args, wrappers } = unwrap(words);
  return { range: shell.range, program, programWord, args, words, wrappers, shell };
}

/** A command in exec form. */
export function commandOfJson(words: readonly Word[]): Command | undefined {
  const first = words[0];
  const last = words.at(-1);
  if (!first || !last) return undefined;
  const shellWords = words.map(({ range, text, value }) => ({ range, text, value, quoted: true }));
  return {
    ...unwrap(shellWords),
    words: shellWords,
    range: { start: first.range.start, end: last.range.end },
    shell: undefined,
  };
}

/**
 * Whether one of the flags stands among the arguments: exactly, with `=value`, or, for one letter, in a bundle (`-qy`).
 * `undefined` when a variable may hold it.
 */
export function hasFlag(args: readonly ShellWord[], ...flags: readonly string[]): boolean | undefined {
  let unknown = false;
  for (const { value, text } of args) {
    if (value === undefined) {
      if (mayHoldFlags(text)) unknown = true;
      else if (flags.some((flag) => flag.startsWith("--") && text.startsWith(`${flag}=`))) return true;
      continue;
    }
    if (value === "--") break;
    for (const flag of flags) {
      if (value === flag || (flag.startsWith("--") && value.startsWith(`${flag}=`))) return true;
      if (/^-[A-Za-z]$/.test(flag) && /^-[A-Za-z]{2,}$/.test(value) && value.includes(flag[1]!)) return true;
    }
  }
  return unknown ? undefined : false;
}

/** The last part of a path, on either kind of system. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function mayHoldFlags(text: string): boolean {
  return /^["']?[$`]/.test(text) || (/^["']?-/.test(text) && !text.includes("="));
}

/** Programs that run the rest of their line, and their options that take a value. */
const WRAPPERS: Readonly<Record<string, string>> = {
  sudo: "-u -g -h -p -C -r -t -U --user --group",
  env: "-u --unset -C --chdir",
  exec: "-a",
  command: "",
  builtin: "",
  time: "-f -o",
  nice: "-n",
  nohup: "",
  eatmydata: "",
  stdbuf: "-i -o -e",
  timeout: "-k -s --kill-after --signal",
};

function unwrap(words: readonly ShellWord[]): Pick<Command, "program" | "programWord" | "args" | "wrappers"> {
  const wrappers: ShellWord[] = [];
  let i = 0;
  for (;;) {
    const word = words[i];
    const program = word?.value === undefined ? undefined : baseName(word.value);
    const options = program === undefined || !Object.hasOwn(WRAPPERS, program) ? undefined : WRAPPERS[program];
    if (options === undefined) return { program, programWord: word, args: words.slice(i + 1), wrappers };
    const next = behindOptions(words, i + 1, options.split(" "), program!);
    // `command -v x`, `sudo -v`, a bare `exec`: nothing is wrapped.
    if (next === undefined || next >= words.length)
      return { program, programWord: word, args: words.slice(i + 1), wrappers };
    wrappers.push(word!);
    i = next;
  }
}

function behindOptions(
  words: readonly ShellWord[],
  from: number,
  valued: readonly string[],
  program: string,
): number | undefined {
  let i = from;
  for (; i < words.length; i++) {
    const { value } = words[i]!;
    if (value === undefined) break;
    if (program === "command" && /^-[vV]/.test(value)) return undefined;
    if (program === "env" && /^[A-Za-z_]\w*=/.test(value)) continue;
    if (program === "sudo" && /^[A-Za-z_]\w*=/.test(value)) continue;
    if (value === "--") return i + 1;
    if (!value.startsWith("-")) break;
    if (valued.includes(value)) i++;
  }
  if (program === "timeout") i++;
  return i;
}
