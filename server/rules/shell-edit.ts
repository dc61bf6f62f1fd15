/** What the fixes of the shell's rules share. */
import type { Run } from "../model/run.ts";
import type { Shell } from "../model/stage.ts";
import type { ShellItem, ShellScript, ShellWord } from "../syntax/shell.ts";
import { contains, type Range } from "../syntax/text.ts";
import { insertBefore, insertInstructionsBefore, keyword, lineOf } from "./edit.ts";
import { assuming, type Edit, type Fix, unsafe } from "./rule.ts";

/** It is the text of a heredoc, whose lines are the shell's own. */
export function isBody(run: Run, script: ShellScript): boolean {
  return run.instruction.heredocs.some(({ bodyRange }) => contains(bodyRange, script.text.range));
}

/** A command before a member of the list: on a line of its own in a heredoc, else with `&&`. */
export function insertLineBefore(run: Run, script: ShellScript, item: ShellItem, command: string): Edit | undefined {
  if (!isBody(run, script)) return insertBefore(item.range, `${command} && `);
  const { text, lineEnd } = run.stage.dockerfile.syntax;
  const before = text.slice(lineOf(text, item.range.start).start, item.range.start);
  return before.trim() === "" ? insertBefore(item.range, `${command}${lineEnd}${before}`) : undefined;
}

/** The place of a part of a word; `undefined` when a continuation stands in the word. */
export function partOf({ range, text }: ShellWord, start: number, end: number): Range | undefined {
  if (range.end - range.start !== text.length) return undefined;
  return { start: range.start + start, end: range.start + end };
}

/** Where SHELL would go in a stage for all that it would repair: the first RUN with a finding, for each SHELL that holds. */
export function firstRuns(): (run: Run) => Run {
  const firsts = new Map<Shell["instruction"], Run>();
  return (run) => {
    const { instruction } = run.stage.shellBefore(run.instruction);
    if (!firsts.has(instruction)) firsts.set(instruction, run);
    return firsts.get(instruction)!;
  };
}

/** Runs what follows with bash, which Debian's and Ubuntu's images always have; or why that cannot be offered. */
export function bashFix(
  run: Run,
  script: ShellScript,
  firstOf: (run: Run) => Run,
  ...options: readonly string[]
): Fix | string {
  const { stage } = run;
  const { distribution } = stage.base;
  const { words } = stage.shellBefore(run.instruction);
  if (run.shellWordsOf(script).join(" ") !== words.join(" ")) return "`bash` would have to read this script";
  if (distribution !== "debian" && distribution !== "ubuntu") return "this image has no `bash` of its own";
  const { instruction } = firstOf(run);
  const below = stage.runs.filter((one) => one.instruction.range.start >= instruction.range.start);
  if (below.some(reliesOnEcho))
    return "with `bash`, the backslashes that an `echo` of this stage prints would mean nothing";
  const shell = ["/bin/bash", ...options, ...words.slice(1)].map((word) => JSON.stringify(word)).join(", ");
  return assuming(
    unsafe(
      `Set \`SHELL [${shell}]\``,
      insertInstructionsBefore(stage.dockerfile.syntax, instruction, `${keyword(stage, "SHELL")} [${shell}]`),
    ),
    "What follows in this stage and in those built on it, and the shell form of `CMD` and `ENTRYPOINT`, works in `bash` as in `sh`.",
  );
}

/** `echo "a\nb"` is two lines in dash, and one in bash. */
function reliesOnEcho({ commands }: Run): boolean {
  return commands.some(
    ({ shell, args }) =>
      shell?.name === "echo" &&
      !/^-\w*e/.test(args[0]?.value ?? "") &&
      args.some(({ text }) => /\\[abcefnrtv0\\]/.test(text)),
  );
}
