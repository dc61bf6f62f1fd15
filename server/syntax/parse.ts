/** Text -> syntax: the instructions of a Dockerfile, with a range for every part. Lossless, total, offsets only. */
import { type Comment, type Directive, type Heredoc, type LogicalLine, readLines } from "./lines.ts";
import type { LogicalText, Range } from "./text.ts";
import { findVariables, splitBlanks, splitWords, unquote, type VariableReference } from "./words.ts";

export type { Comment, Directive, Heredoc } from "./lines.ts";

export interface Syntax {
  readonly text: string;
  readonly escape: "\\" | "`";
  /** The line end that the file uses (its first one), for text that a fix adds. */
  readonly lineEnd: "\n" | "\r\n";
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
}

/** A word of the Dockerfile language. */
export interface Word {
  readonly range: Range;
  /** As it is written, continuations out. */
  readonly text: string;
  /** Without quotes and escapes; variables as they are written. */
  readonly value: string;
  readonly variables: readonly Variable[];
}

/** A variable that the builder expands, in source offsets. */
export interface Variable {
  readonly name: string;
  readonly nameRange: Range;
  readonly range: Range;
  readonly operator: string | undefined;
  readonly operand: string;
}

/** `--name=value` before the arguments. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  readonly nameRange: Range;
  /** `undefined` when there is no `=`. */
  readonly value: Word | undefined;
  readonly range: Range;
}

/** A pair of ENV, LABEL or ARG. */
export interface KeyValue {
  readonly key: Word;
  /** `undefined`: `ARG name`. */
  readonly value: Word | undefined;
  readonly range: Range;
  /** Written `ENV key value`. */
  readonly legacy: boolean;
}

export class Instruction {
  /** In upper case. */
  readonly keyword: string;
  readonly keywordRange: Range;
  /** From the keyword to the last character, heredocs included. */
  readonly range: Range;
  /** Comments inside its continuations. */
  readonly comments: readonly Comment[];
  /** The block of comments right above it. */
  readonly leadingComments: readonly Comment[];
  readonly emptyLines: readonly Range[];
  readonly heredocs: readonly Heredoc[];
  /** The ONBUILD that holds this one. */
  readonly onbuild: Instruction | undefined;
  readonly flags: readonly Flag[];
  /** What follows the flags, continuations out; heredoc bodies are not in it. */
  readonly rest: LogicalText;

  readonly #source: string;
  readonly #escape: string;
  #arguments: readonly Word[] | undefined;
  #json: readonly Word[] | null | undefined;
  #pairs: readonly KeyValue[] | undefined;
  #trigger: Instruction | null | undefined;
  readonly #line: LogicalLine;

  constructor(source: string, escape: string, line: LogicalLine, content = line.content, onbuild?: Instruction) {
    this.#source = source;
    this.#escape = escape;
    this.#line = line;
    const { text } = content;
    const [, blanks, keyword] = /^(\s*)(\S*)/.exec(text)!;
    const keywordStart = blanks!.length;
    const keywordEnd = keywordStart + keyword!.length;
    this.keyword = keyword!.toUpperCase();
    this.keywordRange = content.rangeOf(keywordStart, keywordEnd);
    this.range = { start: this.keywordRange.start, end: line.range.end };
    this.comments = line.comments;
    this.leadingComments = line.leadingComments;
    this.emptyLines = line.emptyLines;
    this.heredocs = line.heredocs;
    this.onbuild = onbuild;

    const { flags, end } = FLAGGED.has(this.keyword)
      ? readFlags(content, keywordEnd, escape)
      : { flags: [], end: keywordEnd };
    this.flags = flags;
    const from = end + /^\s*/.exec(text.slice(end))![0].length;
    this.rest = content.slice(source, from, from + text.slice(from).trimEnd().length);
  }

  /** The words behind the flags, split as the keyword wants it. In a JSON form, its strings. */
  get arguments(): readonly Word[] {
    this.#arguments ??= this.json ?? this.#words(this.rest, QUOTED.has(this.keyword));
    return this.#arguments;
  }

  /** The strings of a JSON (exec) form; `undefined` when it is none, or the keyword knows none. */
  get json(): readonly Word[] | undefined {
    if (this.#json === undefined) {
      const expanded = EXPANDED_JSON_FORMS.has(this.keyword);
      this.#json = JSON_FORMS.has(this.keyword) ? readJson(this.rest, expanded ? this.#escape : undefined) : null;
    }
    return this.#json ?? undefined;
  }

  /** The pairs of ENV, LABEL and ARG. */
  get pairs(): readonly KeyValue[] {
    this.#pairs ??= this.#readPairs();
    return this.#pairs;
  }

  /** The instruction inside ONBUILD. */
  get trigger(): Instruction | undefined {
    if (this.#trigger === undefined) {
      const isTrigger = this.keyword === "ONBUILD" && this.rest.text !== "" && !this.onbuild;
      this.#trigger = isTrigger ? new Instruction(this.#source, this.#escape, this.#line, this.rest, this) : null;
    }
    return this.#trigger ?? undefined;
  }

  /** The end of the instruction's own lines, before its heredoc bodies. */
  get headEnd(): number {
    return this.heredocs.length > 0 || this.rest.text !== "" ? this.rest.range.end : this.range.end;
  }

  flag(name: string): Flag | undefined {
    return this.flags.find((flag) => flag.name === name);
  }

  /** A word made of a part of `text`. */
  word(text: LogicalText, part: Range): Word {
    return makeWord(text, part, this.#escape);
  }

  #words(text: LogicalText, quoted: boolean): readonly Word[] {
    const ranges = quoted ? splitWords(text.text, this.#escape) : splitBlanks(text.text);
    return ranges.map((range) => makeWord(text, range, this.#escape));
  }

  #readPairs(): readonly KeyValue[] {
    if (!QUOTED.has(this.keyword)) return [];
    const { rest } = this;
    const words = splitWords(rest.text, this.#escape);
    const first = words[0];
    if (!first) return [];
    if (this.keyword !== "ARG" && !rest.text.slice(first.start, first.end).includes("=")) {
      const second = words[1];
      const value = second && makeWord(rest, { start: second.start, end: rest.text.length }, this.#escape);
      const key = makeWord(rest, first, this.#escape);
      return [{ key, value, range: { start: key.range.start, end: value?.range.end ?? key.range.end }, legacy: true }];
    }
    return words.map((word) => {
      const equals = rest.text.indexOf("=", word.start);
      const hasValue = equals !== -1 && equals < word.end;
      const key = makeWord(rest, { start: word.start, end: hasValue ? equals : word.end }, this.#escape);
      const value = hasValue ? makeWord(rest, { start: equals + 1, end: word.end }, this.#escape) : undefined;
      return { key, value, range: rest.rangeOf(word.start, word.end), legacy: false };
    });
  }
}

/** Every keyword there is: https://docs.docker.com/reference/dockerfile/ */
export const KEYWORDS: ReadonlySet<string> = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

/** Never throws, whatever the text. */
export function parse(text: string): Syntax {
  const { escape, directives, comments, lines } = readLines(text);
  return {
    text,
    escape,
    lineEnd: /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n",
    directives,
    comments,
    instructions: lines.map((line) => new Instruction(text, escape, line)),
  };
}

const FLAGGED = new Set(["FROM", "RUN", "COPY", "ADD", "HEALTHCHECK"]);
const QUOTED = new Set(["ENV", "LABEL", "ARG"]);
const JSON_FORMS = new Set(["RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME", "COPY", "ADD"]);

function readFlags(content: LogicalText, from: number, escape: string): { flags: Flag[]; end: number } {
  const flags: Flag[] = [];
  const { text } = content;
  let end = from;
  for (const word of splitWords(text.slice(from), escape)) {
    const start = from + word.start;
    const stop = from + word.end;
    if (!text.startsWith("--", start)) break;
    end = stop;
    if (stop - start === 2) break;
    const equals = text.indexOf("=", start);
    const hasValue = equals !== -1 && equals < stop;
    const nameEnd = hasValue ? equals : stop;
    flags.push({
      name: text.slice(start + 2, nameEnd),
      nameRange: content.rangeOf(start + 2, nameEnd),
      value: hasValue ? makeWord(content, { start: equals + 1, end: stop }, escape) : undefined,
      range: content.rangeOf(start, stop),
    });
  }
  return { flags, end };
}

/** Those in whose strings the builder expands variables. */
const EXPANDED_JSON_FORMS = new Set(["VOLUME", "COPY", "ADD"]);

const JSON_STRING = /"(?:[^"\\]|\\.)*"/gs;

/** @param escape the escape character, where variables in the strings are expanded. */
function readJson(rest: LogicalText, escape: string | undefined): readonly Word[] | null {
  if (!rest.text.startsWith("[")) return null;
  try {
    const values: unknown = JSON.parse(rest.text);
    if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) return null;
    return [...rest.text.matchAll(JSON_STRING)].map((match, index) => ({
      range: rest.rangeOf(match.index, match.index + match[0].length),
      text: match[0],
      value: values[index] as string,
      // Behind a JSON escape the offsets would not match.
      variables:
        escape === undefined || match[0].includes("\\")
          ? []
          : findVariables(values[index] as string, escape).map((variable) => toSource(rest, match.index + 1, variable)),
    }));
  } catch {
    return null;
  }
}

function makeWord(text: LogicalText, part: Range, escape: string): Word {
  const written = text.text.slice(part.start, part.end);
  const variables = findVariables(written, escape).map((variable) => toSource(text, part.start, variable));
  return { range: text.rangeOf(part.start, part.end), text: written, value: unquote(written, escape), variables };
}

function toSource(text: LogicalText, shift: number, variable: VariableReference): Variable {
  const { name, nameRange, range, operator, operand } = variable;
  return {
    name,
    nameRange: text.rangeOf(shift + nameRange.start, shift + nameRange.end),
    range: text.rangeOf(shift + range.start, shift + range.end),
    operator,
    operand,
  };
}
