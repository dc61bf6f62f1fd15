/** The vocabulary of fixes: minimal edits that keep comments, continuations, indentation and line ends. */
import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction, Syntax } from "../syntax/parse.ts";
import type { ShellItem, ShellScript, ShellWord } from "../syntax/shell.ts";
import { contains, type Range } from "../syntax/text.ts";
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

/** Adds arguments behind the last of a list: each on a line of its own where that one has its own. */
export function insertListed(syntax: Syntax, command: Command, last: ShellWord, ...values: readonly string[]): Edit {
  const { text, escape, lineEnd } = syntax;
  const before = text.slice(lineOf(text, last.range.start).start, last.range.start);
  if (!command.shell || before === "" || before.trim() !== "") return insertArguments(command, last, ...values);
  return insertAfter(last, values.map((value) => ` ${escape}${lineEnd}${before}${value}`).join(""));
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

/**
 * Adds a command at the end of a RUN's script, so that it runs when the script has succeeded: behind `&&`, or as one more
 * member of a list where `set -e` holds. In the style of its continuations; a comment or a `;` at the end stays there.
 * @param script one of the RUN's; absent: the only one.
 * @returns `undefined` in the exec form, behind a command that runs in the background, and where it would not be reached.
 */
export function appendCommand(
  run: Run,
  command: string,
  script: ShellScript | undefined = run.script,
): Edit | undefined {
  const last = script?.items.at(-1);
  if (!script || !last || run.instruction.json || script.errors.length > 0) return undefined;
  // It would not be reached, or would come between a command and its heredoc.
  if (/^(?:exec|exit)$/.test(last.command?.name ?? "")) return undefined;
  // Before `&&`, `set -e` no longer holds inside of an `if` or a `( )`; before `;`, what they return would be lost.
  if (!isSimple(script, last) && run.stopsOnError(script)) return undefined;
  if (run.instruction.heredocs.some(({ range }) => last.range.start < range.start && !isHeredocBody(run, script)))
    return undefined;
  const { syntax } = run.stage.dockerfile;
  const end = script.text.range.end;
  // `git &`, or something that is not understood.
  if (
    !/^(?:;|\s|#.*)*$/.test(
      syntax.text.slice(last.range.end, Math.max(end, last.range.end)).replaceAll(syntax.escape, ""),
    )
  )
    return undefined;
  return insertAfter(last.range, `${joinerOf(run, script, last)}${command}`);
}

/**
 * Adds a command right behind a member of the top-level list, so that it runs when that has succeeded, in the same style as
 * `appendCommand`.
 * @returns `undefined` where the command is part of something larger, or `||` or `&` follows.
 */
export function insertCommandAfter(run: Run, command: string, previous: Command): Edit | undefined {
  const script = run.scriptOf(previous);
  const item = previous.shell?.item;
  if (!script || !item || item.command !== previous.shell || script.errors.length > 0) return undefined;
  const next = script.items[item.index + 1];
  if (!next) return appendCommand(run, command, script);
  if (next.operator === "||" || next.operator === "&") return undefined;
  if (run.instruction.heredocs.some(({ range }) => item.range.start < range.start && range.start < next.range.start))
    return undefined;
  return insertAfter(item.range, `${joinerOf(run, script, item)}${command}`);
}

/**
 * Adds a command right before another, so that this runs when that has succeeded.
 * @returns `undefined` in the exec form, and where the operator before it would take the new command for its own.
 */
export function prependCommand(run: Run, command: string, next: Command): Edit | undefined {
  const script = run.scriptOf(next);
  const shell = next.shell;
  if (!script || !shell || (shell.pipeline && shell.pipeline.commands[0] !== shell)) return undefined;
  const preceding = run.stage.dockerfile.text.slice(script.text.range.start, shell.range.start);
  if (/(?:\|\||!)[\s\\`]*$/.test(preceding)) return undefined;
  const isListed = shell.item.command === shell && shell.item.operator !== "&&" && shell.item.operator !== "||";
  const followers = script.items.slice(shell.item.index + 1);
  const operator = followers[0]?.operator;
  const isList = isListed && operator !== "&&" && operator !== "||" && run.stopsOnError(script);
  const { text, escape, lineEnd } = run.stage.dockerfile.syntax;
  const line = lineOf(text, shell.range.start);
  const before = text.slice(line.start, shell.range.start);
  const isInBody = isHeredocBody(run, script);
  if (isInBody)
    return insertBefore(shell.range, isList ? `${command}${lineEnd}${/^[ \t]*/.exec(before)![0]}` : `${command} && `);
  const head = text.slice(run.instruction.range.start, run.instruction.headEnd);
  if (!head.includes("\n")) return insertBefore(shell.range, `${command}${isList ? "; " : " && "}`);
  const leading = /^[ \t]*&& */.exec(before);
  if (leading?.[0] === before && before !== "")
    return insertBefore(shell.range, `${command} ${escape}${lineEnd}${before}`);
  const indentation = before.trim() === "" ? before : indentationOf(run, script);
  const isLeading = /\n[ \t]*&&/.test(head);
  if (isLeading && !isList) return insertBefore(shell.range, `${command} ${escape}${lineEnd}${indentation}&& `);
  return insertBefore(shell.range, `${command}${isList ? ";" : " &&"} ${escape}${lineEnd}${indentation}`);
}

/** Takes an instruction out with its lines; the comments above it stay. */
export function removeInstruction(syntax: Syntax, instruction: Instruction): Edit {
  const { text } = syntax;
  const outer = instruction.onbuild ?? instruction;
  let start = lineOf(text, outer.range.start).start;
  let end = nextLine(text, lineOf(text, outer.range.end).end);
  // Of the blank lines around it, one side is enough.
  if (isBlankLine(text, start - 1) || start === 0) {
    if (end < text.length && isBlankLine(text, end)) end = nextLine(text, lineOf(text, end).end);
    else if (end === text.length && start > 0) start = lineOf(text, start - 1).start;
  }
  // The last line of a file without a line end: the one before goes instead.
  if (end === text.length && !text.endsWith("\n") && start > 0) {
    return { start: text[start - 2] === "\r" ? start - 2 : start - 1, end, text: "" };
  }
  return { start, end, text: "" };
}

/** Below the directives that are there. */
export function insertDirective({ text, directives, lineEnd }: Syntax, line: string): Edit {
  const above = directives.at(-1)?.range.end ?? (text.startsWith("#!") ? text.search(/\r?\n|$/) : undefined);
  if (above === undefined) {
    const start = text.startsWith("\ufeff") ? 1 : 0;
    return { start, end: start, text: line + lineEnd };
  }
  return { start: above, end: above, text: lineEnd + line };
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
  const { end } = lineOf(syntax.text, outer.range.end);
  // A continuation that leads nowhere would lead to them.
  const isDangling = syntax.text.slice(outer.range.end, end).trim() === syntax.escape;
  const start = isDangling ? outer.range.end : end;
  return { start, end, text: lines.map((line) => syntax.lineEnd + withLineEnds(syntax, line)).join("") };
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
/** Nothing but blanks is in the line around an offset; before the first line there is none. */
function isBlankLine(text: string, offset: number): boolean {
  const { start, end } = lineOf(text, Math.max(offset, 0));
  return offset >= 0 && text.slice(start, end).trim() === "";
}

export function lineOf(text: string, offset: number): Range {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const newline = text.indexOf("\n", offset);
  let end = newline === -1 ? text.length : newline;
  if (end > start && text[end - 1] === "\r" && newline !== -1) end--;
  return { start, end: Math.max(end, offset) };
}

/** What stands between the last member of a script and one more. */
function joinerOf(run: Run, script: ShellScript, last: ShellItem): string {
  const { syntax } = run.stage.dockerfile;
  const { text } = syntax;
  const next = script.items[last.index + 1]?.operator;
  const isList = [last.operator, next].every((operator) => operator !== "&&" && operator !== "||");
  // `a && b` that fails does not stop a script, nor does `! a`.
  const isListed =
    isList &&
    isSimple(script, last) &&
    !text.slice(last.range.start, last.range.end).startsWith("!") &&
    run.stopsOnError(script);
  if (isHeredocBody(run, script)) {
    const line = lineOf(text, last.range.start);
    return isListed ? `${syntax.lineEnd}${/^[ \t]*/.exec(text.slice(line.start, last.range.start))![0]}` : " && ";
  }
  const head = text.slice(run.instruction.range.start, run.instruction.headEnd);
  if (!head.includes("\n") || run.instruction.heredocs.length > 0) return isListed ? "; " : " && ";
  const indentation = indentationOf(run, script);
  const lineEnd = ` ${syntax.escape}${syntax.lineEnd}`;
  if (isListed) return `;${lineEnd}${indentation}`;
  return /\n[ \t]*&&/.test(head) ? `${lineEnd}${indentation}&& ` : ` &&${lineEnd}${indentation}`;
}

/** That of the last line on which a member of the script begins; a tab or four blanks where none does. */
function indentationOf(run: Run, script: ShellScript): string {
  const { text } = run.stage.dockerfile.syntax;
  for (const { range } of script.items.toReversed()) {
    const line = lineOf(text, range.start);
    const match = /^([ \t]*)(?:&&[ \t]*|\|\|[ \t]*|;[ \t]*)?$/.exec(text.slice(line.start, range.start));
    if (match) return match[1]!;
  }
  return /\n\t/.test(text.slice(run.instruction.range.start, run.instruction.headEnd)) ? "\t" : "    ";
}

/** A command or a pipeline, nothing with commands inside. */
function isSimple(script: ShellScript, item: ShellItem): boolean {
  return item.command !== undefined || script.pipelines.some(({ range }) => range.start === item.range.start);
}

function isHeredocBody(run: Run, script: ShellScript): boolean {
  return run.instruction.heredocs.some(({ bodyRange }) => contains(bodyRange, script.text.range));
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
