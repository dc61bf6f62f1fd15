/**
 * Words of an instruction, their quotes and their variables, as BuildKit reads them
 * (frontend/dockerfile/shell/lex.go and parser/line_parsers.go). All positions are indexes into the string given.
 */
import type { Range } from "./text.ts";

/** A `$NAME` or `${NAME...}` that the builder expands. */
export interface VariableReference {
  readonly name: string;
  readonly nameRange: Range;
  /** All of it, from the `$`. */
  readonly range: Range;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`; `undefined` without one. */
  readonly operator: string | undefined;
  /** What follows the operator, unexpanded. */
  readonly operand: string;
}

/** How deep expansions in expansions (`${A:-${B:-...}}`) are followed: what is deeper is not known. */
export const DEEPEST_EXPANSION = 100;

/** Splits at blanks outside of quotes; a quote left open takes the rest. */
export function splitWords(text: string, escape: string): Range[] {
  const words: Range[] = [];
  let start = -1;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (isBlank(char)) {
      if (start >= 0) words.push({ start, end: i });
      start = -1;
      continue;
    }
    if (start < 0) start = i;
    if (char === escape) i++;
    else if (char === "'" || char === '"') i = quoteEnd(text, i, escape);
  }
  if (start >= 0) words.push({ start, end: text.length });
  return words;
}

/** Splits at blanks, whatever the quotes: so FROM, COPY, EXPOSE and their like are read. */
export function splitBlanks(text: string): Range[] {
  const words: Range[] = [];
  for (const match of text.matchAll(/[^\t\v\f\r\n ]+/g)) {
    words.push({ start: match.index, end: match.index + match[0].length });
  }
  return words;
}

/** The text without its quotes and escapes; variables stay as they are written. */
export function unquote(text: string, escape: string): string {
  if (!/["'\\`]/.test(text)) return text;
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === "'") {
      const end = text.indexOf("'", i + 1);
      out += text.slice(i + 1, end === -1 ? undefined : end);
      i = end === -1 ? text.length : end;
    } else if (char === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) {
        if (text[i] === escape && /["$]/.test(text[i + 1] ?? "")) i++;
        else if (text[i] === escape && text[i + 1] === escape) i++;
        out += text[i] ?? "";
      }
    } else if (char === escape) {
      i++;
      out += text[i] ?? "";
    } else out += char;
  }
  return out;
}

/** The variables that the builder expands in `text`: not those in single quotes or behind an escape. */
export function findVariables(text: string, escape: string): VariableReference[] {
  const found: VariableReference[] = [];
  collectVariables(text, { start: 0, end: text.length }, escape, found, 0);
  return found;
}

/**
 * What the text is after expansion and removal of quotes.
 * @param lookup the value of a variable; `undefined`: not set; `null`: not known.
 * @returns `undefined` when it depends on something that is not known.
 */
export function expand(
  text: string,
  escape: string,
  lookup: (name: string) => string | null | undefined,
): string | undefined {
  return expandAt(text, escape, lookup, 0);
}

type Lookup = Parameters<typeof expand>[2];

function expandAt(text: string, escape: string, lookup: Lookup, depth: number): string | undefined {
  if (!/["'$\\`]/.test(text)) return text;
  if (depth > DEEPEST_EXPANSION) return undefined;
  let out = "";
  let doubleQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === "'" && !doubleQuoted) {
      const end = text.indexOf("'", i + 1);
      out += text.slice(i + 1, end === -1 ? undefined : end);
      i = end === -1 ? text.length : end;
    } else if (char === '"') {
      doubleQuoted = !doubleQuoted;
    } else if (char === escape) {
      const next = text[i + 1];
      if (doubleQuoted && next !== '"' && next !== "$" && next !== escape) out += char;
      else {
        out += next ?? "";
        i++;
      }
    } else if (char === "$") {
      const variable = variableAt(text, i, text.length, escape);
      if (!variable) {
        out += char;
        continue;
      }
      const value = valueOf(variable, escape, lookup, depth);
      if (value === undefined) return undefined;
      out += value;
      i = variable.range.end - 1;
    } else out += char;
  }
  return out;
}

function valueOf(variable: VariableReference, escape: string, lookup: Lookup, depth: number): string | undefined {
  const value = lookup(variable.name);
  if (value === null) return undefined;
  const isSet = variable.operator?.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
  switch (variable.operator) {
    case undefined:
      return value ?? "";
    case "-":
    case ":-":
      return isSet ? value : expandAt(variable.operand, escape, lookup, depth + 1);
    case "+":
    case ":+":
      return isSet ? expandAt(variable.operand, escape, lookup, depth + 1) : "";
    case "?":
    case ":?":
      return isSet ? value : undefined;
    default:
      return withoutPattern(value ?? "", variable.operator, variable.operand);
  }
}

/** `${X#p}`, `${X%p}` and `${X/a/b}` for patterns without a glob; others are not known. */
function withoutPattern(value: string, operator: string, operand: string): string | undefined {
  if (/[*?[\\$]/.test(operand)) return undefined;
  switch (operator) {
    case "#":
    case "##":
      return value.startsWith(operand) ? value.slice(operand.length) : value;
    case "%":
    case "%%":
      return operand !== "" && value.endsWith(operand) ? value.slice(0, -operand.length) : value;
    case "/":
    case "//": {
      const slash = operand.indexOf("/");
      const [from, to] = slash === -1 ? [operand, ""] : [operand.slice(0, slash), operand.slice(slash + 1)];
      if (from === "") return value;
      return operator === "/" ? value.replace(from, () => to) : value.replaceAll(from, () => to);
    }
    default:
      return undefined;
  }
}

function collectVariables(
  text: string,
  { start: from, end: to }: Range,
  escape: string,
  found: VariableReference[],
  depth: number,
): void {
  if (depth > DEEPEST_EXPANSION) return;
  let doubleQuoted = false;
  for (let i = from; i < to; i++) {
    const char = text[i]!;
    if (char === escape) i++;
    else if (char === '"') doubleQuoted = !doubleQuoted;
    else if (char === "'" && !doubleQuoted) {
      const end = text.indexOf("'", i + 1);
      i = end === -1 || end >= to ? to : end;
    } else if (char === "$") {
      const variable = variableAt(text, i, to, escape);
      if (!variable) continue;
      found.push(variable);
      // The word behind an operator may hold variables of its own.
      if (variable.operator) {
        const start = variable.nameRange.end + variable.operator.length;
        collectVariables(text, { start, end: start + variable.operand.length }, escape, found, depth + 1);
      }
      i = variable.range.end - 1;
    }
  }
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#]/y;
const OPERATOR = /:[-+?]|[-+?]|##?|%%?|\/\/?/y;

function variableAt(text: string, dollar: number, end: number, escape: string): VariableReference | undefined {
  const braced = text[dollar + 1] === "{";
  NAME.lastIndex = dollar + (braced ? 2 : 1);
  const name = NAME.exec(text);
  if (!name || NAME.lastIndex > end) return undefined;
  const nameRange = { start: name.index, end: name.index + name[0].length };
  if (!braced) {
    return { name: name[0], nameRange, range: { start: dollar, end: nameRange.end }, operator: undefined, operand: "" };
  }
  const close = braceEnd(text, dollar + 1, escape);
  if (close >= end || text[close] !== "}") return undefined;
  const range = { start: dollar, end: close + 1 };
  if (close === nameRange.end) return { name: name[0], nameRange, range, operator: undefined, operand: "" };
  OPERATOR.lastIndex = nameRange.end;
  const operator = OPERATOR.exec(text)?.[0];
  if (!operator) return undefined;
  const operand = text.slice(nameRange.end + operator.length, close);
  return { name: name[0], nameRange, range, operator, operand };
}

/** The index of the closing quote, or that behind the end. */
function quoteEnd(text: string, open: number, escape: string): number {
  const quote = text[open]!;
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === quote) return i;
    if (quote === '"' && text[i] === escape) i++;
  }
  return text.length;
}

/** The index of the brace that closes the one at `open`, or that behind the end. */
function braceEnd(text: string, open: number, escape: string): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const char = text[i]!;
    if (char === escape) i++;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i;
  }
  return text.length;
}

function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r" || char === "\v" || char === "\f";
}
