/** The vocabulary of fixes: minimal edits that keep comments, continuations, indentation and line ends. */
import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction, Syntax } from "../syntax/parse.ts";
import type { ShellItem, ShellScript, ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import type { Edit } from "./rule.ts";

type Place = Range | { readonly range: Range };

export function insertBefore(place: Place, text: string): Edit {
  const { start } = rangeOf(place);
  return { start, end: start, text };
}

export function insertAfter(place: Place, text: string): Edit {
  const { end } = rangeOf(place);
  return { start: end, end, text };
}

export function replace(place: Place, text: string): Edit {
  const { start, end } = rangeOf(place);
  return { start, end, text };
}

export function remove(place: Place): Edit {
  return replace(place, "");
}

/** Adds arguments behind a word of a command; in the exec form as further strings. */
export function insertArguments(command: Command, after: ShellWord, ...values: readonly string[]): Edit {
  const texts = command.shell
    ? values.map((value) => ` ${value}`)
    : values.map((value) => `, ${JSON.stringify(value)}`);
  return insertAfter(after, texts.join(""));
}

/** Takes a word out of an instruction, with the blanks before it; with its whole line when nothing else is on it. */
export function removeWord(syntax: Syntax, word: Place): Edit {
  const { text } = syntax;
  const { start, end } = rangeOf(word);
  const line = lineOf(text, start);
  const before = text.slice(line.start, start);
  const after = text.slice(end, line.end);
  const isContinued = new RegExp(`^[ \\t]*\\${syntax.escape}[ \\t]*$`).test(after);
  // `  word \` alone: the line goes, and the line before still continues.
  if (before.trim() === "" && isContinued) return { start: line.start, end: nextLine(text, line.end), text: "" };
  let from = start;
  while (from > line.start && isBlank(text[from - 1])) from--;
  // The last word of an instruction, on a line of its own: the continuation before it would lead nowhere.
  if (from === line.start && after.trim() === "") {
    const continuation = continuationBefore(syntax, line.start);
    if (continuation !== undefined) return { start: continuation, end, text: "" };
  }
  if (from === line.start) {
    let to = end;
    while (to < line.end && isBlank(text[to])) to++;
    return { start, end: to, text: "" };
  }
  return { start: from, end, text: "" };
}

/**
 * Takes a member out of the top-level list of a script, with the operator that joined it.
 * @returns `undefined` when it is the only one, or a comment stands where the edit would be.
 */
export function removeItem(syntax: Syntax, script: ShellScript, item: ShellItem): Edit | undefined {
  const next = script.items[item.index + 1];
  const edit = item.gap
    ? { start: item.gap.start, end: item.range.end, text: "" }
    : next && { start: item.range.start, end: next.range.start, text: "" };
  if (!edit || syntax.comments.some(({ range }) => range.start < edit.end && edit.start < range.end)) return undefined;
  // `a && b || c`: without its neighbour, the other operator would mean something else.
  if ((item.operator ?? next?.operator) !== (next?.operator ?? item.operator)) return undefined;
  return edit;
}

/** Adds ` && command` at the end of a RUN's script, in the style of its continuations. */
export function appendCommand(run: Run, command: string): Edit | undefined {
  const { script } = run;
  const last = script?.items.at(-1);
  if (!script || !last || run.instruction.json) return undefined;
  const { syntax } = run.stage.dockerfile;
  const end = run.instruction.rest.range.end;
  // Something that is no command follows, such as `;` or a comment.
  if (syntax.text.slice(last.range.end, end).trim() !== "") return undefined;
  return insertAfter(last.range, `${joinerOf(run)}${command}`);
}

/** Takes an instruction out with its lines; the comments above it stay. */
export function removeInstruction(syntax: Syntax, instruction: Instruction): Edit {
  const { text } = syntax;
  const outer = instruction.onbuild ?? instruction;
  const start = lineOf(text, outer.range.start).start;
  const end = nextLine(text, lineOf(text, outer.range.end).end);
  // The last line of a file without a line end: the one before goes instead.
  if (end === text.length && !text.endsWith("\n") && start > 0) {
    return { start: text[start - 2] === "\r" ? start - 2 : start - 1, end, text: "" };
  }
  return { start, end, text: "" };
}

/** Adds whole instructions above one, below the comments that belong to it or above them. */
export function insertInstructionsBefore(syntax: Syntax, instruction: Instruction, ...lines: readonly string[]): Edit {
  const outer = instruction.onbuild ?? instruction;
  const first = commentBlockAbove(syntax, outer)[0];
  const { start } = lineOf(syntax.text, first ? first.start : outer.range.start);
  return { start, end: start, text: lines.map((line) => withLineEnds(syntax, line) + syntax.lineEnd).join("") };
}

/** Adds whole instructions below one. */
export function insertInstructionsAfter(syntax: Syntax, instruction: Instruction, ...lines: readonly string[]): Edit {
  const outer = instruction.onbuild ?? instruction;
  const end = lineOf(syntax.text, outer.range.end).end;
  return { start: end, end, text: lines.map((line) => syntax.lineEnd + withLineEnds(syntax, line)).join("") };
}

/** The comment lines right above an instruction, without a blank line between: they speak of it. */
export function commentBlockAbove(syntax: Syntax, instruction: Instruction): readonly Range[] {
  const block: Range[] = [];
  let { start } = lineOf(syntax.text, instruction.range.start);
  for (const comment of instruction.leadingComments.toReversed()) {
    const line = lineOf(syntax.text, comment.range.start);
    if (nextLine(syntax.text, line.end) !== start) break;
    block.unshift(comment.range);
    start = line.start;
  }
  return block;
}

/** The spelling of a keyword that the file uses: `RUN`, or `run` where most are in lower case. */
export function keyword(stage: Stage, name: string): string {
  const { instructions } = stage.dockerfile.syntax;
  const lower = instructions.filter(({ keywordRange }) =>
    /^[a-z]/.test(stage.dockerfile.text[keywordRange.start] ?? ""),
  );
  return lower.length * 2 > instructions.length ? name.toLowerCase() : name;
}

/** The physical line around an offset, without its line end. */
export function lineOf(text: string, offset: number): Range {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const newline = text.indexOf("\n", offset);
  let end = newline === -1 ? text.length : newline;
  if (end > start && text[end - 1] === "\r" && newline !== -1) end--;
  return { start, end: Math.max(end, offset) };
}

/** ` && ` and, where the RUN is written over several lines, a continuation with the indentation of its last line. */
function joinerOf(run: Run): string {
  const { syntax } = run.stage.dockerfile;
  const { text } = syntax;
  const { range } = run.instruction;
  const head = text.slice(range.start, run.instruction.headEnd);
  if (!head.includes("\n")) return " && ";
  const lines = head
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  const leading = lines.find((line) => /^[ \t]*&&/.test(line));
  const indentation = /^[ \t]*/.exec(leading ?? lines[0] ?? "")![0];
  const lineEnd = ` ${syntax.escape}${syntax.lineEnd}`;
  return leading === undefined ? ` &&${lineEnd}${indentation}` : `${lineEnd}${indentation}&& `;
}

/** Where the continuation of the line before `lineStart` begins, blanks before it included. */
function continuationBefore(syntax: Syntax, lineStart: number): number | undefined {
  if (lineStart === 0) return undefined;
  const { text } = syntax;
  let i = lineStart - 1;
  while (i > 0 && /[\r\n \t]/.test(text[i]!)) i--;
  if (text[i] !== syntax.escape) return undefined;
  while (i > 0 && isBlank(text[i - 1])) i--;
  return i;
}

function nextLine(text: string, lineEnd: number): number {
  const newline = text.indexOf("\n", lineEnd);
  return newline === -1 ? text.length : newline + 1;
}

function withLineEnds(syntax: Syntax, line: string): string {
  return line.replace(/\r?\n/g, syntax.lineEnd);
}

function rangeOf(place: Place): Range {
  return "range" in place ? place.range : place;
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t";
}
