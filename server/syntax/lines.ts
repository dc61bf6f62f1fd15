/**
 * The line structure of a Dockerfile, as BuildKit's parser has it (frontend/dockerfile/parser/parser.go and
 * directives.go): directives, comments, instructions with their continuations, heredoc bodies. Never fails.
 */
import { BLANK, LogicalText, type Range } from "./text.ts";
import { splitWords, unquote } from "./words.ts";

/** `# name=value` in the first lines of the file. */
export interface Directive {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

export interface Comment {
  /** From the `#` to the end of the line. */
  readonly range: Range;
  /** Without `#` and surrounding blanks. */
  readonly text: string;
}

export interface Heredoc {
  /** The delimiter without its quotes. */
  readonly name: string;
  /** `<<EOF`, with its file descriptor. */
  readonly range: Range;
  /** Variables are left alone in the body. */
  readonly quoted: boolean;
  /** `<<-`: leading tabs are taken off every line. */
  readonly stripsTabs: boolean;
  /** The lines between; as the command reads them. */
  readonly body: LogicalText;
  readonly bodyRange: Range;
  /** The line that ends it; `undefined`: the file ends first. */
  readonly closing: Range | undefined;
}

/** One instruction before it is looked into. */
export interface LogicalLine {
  readonly content: LogicalText;
  /** From the keyword to the last character of the instruction, heredocs included. */
  readonly range: Range;
  /** Inside its continuations. */
  readonly comments: readonly Comment[];
  /** Lines without anything inside its continuations: deprecated. */
  readonly emptyLines: readonly Range[];
  readonly heredocs: readonly Heredoc[];
  /** The block of comments right above: no other instruction and no bare `#` between. */
  readonly leadingComments: readonly Comment[];
}

export interface Lines {
  readonly escape: "\\" | "`";
  readonly directives: readonly Directive[];
  /** Every comment that is no directive, those inside continuations included. */
  readonly comments: readonly Comment[];
  readonly lines: readonly LogicalLine[];
}

export function readLines(source: string): Lines {
  const physical = physicalLines(source);
  const { directives, escape, next } = readDirectives(source, physical);
  const comments: Comment[] = [];
  const lines: LogicalLine[] = [];
  let leading: Comment[] = [];

  for (let i = next; i < physical.length; ) {
    const line = physical[i]!;
    const start = skipBlanks(source, line);
    if (start === line.end) {
      i++;
      continue;
    }
    if (source[start] === "#") {
      const comment = commentAt(source, start, line.end);
      comments.push(comment);
      leading = comment.text === "" ? [] : [...leading, comment];
      i++;
      continue;
    }

    const pieces: Range[] = [];
    const inner: Comment[] = [];
    const empty: Range[] = [];
    let from = start;
    for (;;) {
      const current = physical[i++]!;
      const end = continuationAt(source, from, current.end, escape);
      pieces.push({ start: from, end: end ?? current.end });
      if (end === undefined) break;
      // Comments and empty lines do not end a continuation.
      while (i < physical.length) {
        const following = physical[i]!;
        const first = skipBlanks(source, following);
        if (first === following.end) empty.push(following);
        else if (source[first] === "#") inner.push(commentAt(source, first, following.end));
        else break;
        i++;
      }
      if (i >= physical.length) break;
      from = physical[i]!.start;
    }

    const content = new LogicalText(source, pieces);
    const heredocs: Heredoc[] = [];
    for (const opening of heredocOpenings(content)) {
      const { heredoc, after } = readHeredoc(source, physical, i, opening);
      heredocs.push(heredoc);
      i = after;
    }
    const closing = heredocs.at(-1);
    const end = closing ? (closing.closing ?? closing.bodyRange).end : trimmedEnd(source, content);
    comments.push(...inner);
    lines.push({
      content,
      range: { start, end: Math.max(end, start) },
      comments: inner,
      emptyLines: empty,
      heredocs,
      leadingComments: leading,
    });
    leading = [];
  }
  return { escape, directives, comments, lines };
}

interface Opening {
  readonly name: string;
  readonly range: Range;
  readonly quoted: boolean;
  readonly stripsTabs: boolean;
}

/** Without their line ends. */
function physicalLines(source: string): Range[] {
  const lines: Range[] = [];
  let start = source.startsWith("\ufeff") ? 1 : 0;
  for (;;) {
    const newline = source.indexOf("\n", start);
    let end = newline === -1 ? source.length : newline;
    while (end > start && source[end - 1] === "\r") end--;
    lines.push({ start, end });
    if (newline === -1) return lines;
    start = newline + 1;
  }
}

const DIRECTIVE = /^#[ \t]*([a-zA-Z][a-zA-Z0-9]*)[ \t]*=[ \t]*(.+?)[ \t]*$/d;
const KNOWN_DIRECTIVES = ["syntax", "escape", "check"];

/** The leading directives; a blank line, a comment, an unknown or a repeated directive ends them. */
function readDirectives(
  source: string,
  physical: readonly Range[],
): { directives: Directive[]; escape: "\\" | "`"; next: number } {
  const directives: Directive[] = [];
  let escape: "\\" | "`" = "\\";
  let next = source.startsWith("#!") ? 1 : 0;
  for (; next < physical.length; next++) {
    const line = physical[next]!;
    const match = DIRECTIVE.exec(source.slice(line.start, line.end));
    const name = match?.[1]?.toLowerCase();
    if (!match || !name || !KNOWN_DIRECTIVES.includes(name) || directives.some((d) => d.name === name)) break;
    const [nameStart, nameEnd] = match.indices![1]!;
    const [valueStart, valueEnd] = match.indices![2]!;
    const value = match[2]!;
    if (name === "escape" && (value === "\\" || value === "`")) escape = value;
    directives.push({
      name,
      value,
      range: line,
      nameRange: { start: line.start + nameStart, end: line.start + nameEnd },
      valueRange: { start: line.start + valueStart, end: line.start + valueEnd },
    });
  }
  return { directives, escape, next };
}

function skipBlanks(source: string, line: Range): number {
  let i = line.start;
  while (i < line.end && BLANK.test(source[i]!)) i++;
  return i;
}

function commentAt(source: string, start: number, end: number): Comment {
  return { range: { start, end }, text: source.slice(start + 1, end).trim() };
}

/** Where the line's content ends if an escape character continues it; else `undefined`. Two in a row do not. */
function continuationAt(source: string, start: number, end: number, escape: string): number | undefined {
  let i = end;
  while (i > start && (source[i - 1] === " " || source[i - 1] === "\t")) i--;
  if (i === start || source[i - 1] !== escape) return undefined;
  return i - 1 > start && source[i - 2] === escape ? undefined : i - 1;
}

const CAN_HAVE_HEREDOCS = /^(?:onbuild[ \t]+)?(?:run|copy|add)[ \t]/i;
const HEREDOC = /^(\d*)<<(-?)([^<]+)$/;

/** The `<<NAME` words of an instruction that can have them; those inside quotes or a JSON form are none. */
function heredocOpenings(content: LogicalText): Opening[] {
  const { text } = content;
  if (!text.includes("<<") || !CAN_HAVE_HEREDOCS.test(text) || isJson(text)) return [];
  const openings: Opening[] = [];
  for (const word of splitWords(text, "\\")) {
    const match = HEREDOC.exec(text.slice(word.start, word.end));
    if (!match) continue;
    const name = unquote(match[3]!, "\\");
    openings.push({
      name,
      range: content.rangeOf(word.start, word.end),
      quoted: name !== match[3],
      stripsTabs: match[2] === "-",
    });
  }
  return openings;
}

function isJson(text: string): boolean {
  const bracket = text.indexOf("[");
  if (bracket === -1 || !/^(?:onbuild[ \t]+)?\w+[ \t]+(?:--\S+[ \t]+)*$/i.test(text.slice(0, bracket))) return false;
  try {
    return Array.isArray(JSON.parse(text.slice(bracket)));
  } catch {
    return false;
  }
}

function readHeredoc(
  source: string,
  physical: readonly Range[],
  first: number,
  opening: Opening,
): { heredoc: Heredoc; after: number } {
  const pieces: Range[] = [];
  let i = first;
  let closing: Range | undefined;
  for (; i < physical.length && !closing; i++) {
    const line = physical[i]!;
    let { start } = line;
    if (opening.stripsTabs) while (start < line.end && source[start] === "\t") start++;
    if (source.slice(start, line.end) === opening.name) closing = { start, end: line.end };
    else pieces.push({ start, end: Math.min(nextStart(physical, i, source), source.length) });
  }
  const bodyStart = physical[first]?.start ?? source.length;
  const bodyRange = { start: bodyStart, end: Math.max(bodyStart, pieces.at(-1)?.end ?? bodyStart) };
  return {
    heredoc: {
      ...opening,
      bodyRange,
      body: new LogicalText(source, pieces.length > 0 ? pieces : [{ start: bodyStart, end: bodyStart }]),
      closing,
    },
    after: i,
  };
}

function nextStart(physical: readonly Range[], index: number, source: string): number {
  return physical[index + 1]?.start ?? source.length;
}

/** The end of the last character that is no blank. */
function trimmedEnd(source: string, content: LogicalText): number {
  let index = content.text.length;
  while (index > 0 && BLANK.test(content.text[index - 1]!)) index--;
  return index === 0 ? content.range.start : Math.min(content.offsetAt(index - 1) + 1, source.length);
}
