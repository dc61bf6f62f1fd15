/** What the fixes of the shell's rules share. */
import type { Run } from "../model/run.ts";
import type { ShellItem, ShellScript, ShellWord } from "../syntax/shell.ts";
import { contains, type Range } from "../syntax/text.ts";
import { insertBefore, lineOf } from "./edit.ts";
import type { Edit } from "./rule.ts";

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
