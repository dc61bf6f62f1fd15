/** The lines of a Dockerfile as they may be shown: secrets are hidden, and nothing of them commands the terminal. */
import { LineIndex } from "../lint/report.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { classifyValue, findSecretForms, judgeAssignment, redact } from "../model/secrets.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { printable, printableCharacter, widthOf } from "./printable.ts";

/** A line, and where a part of it begins and how wide it is, in columns of the terminal from 0. */
export interface ShownLine {
  readonly text: string;
  readonly column: number;
  readonly width: number;
}

export class ShownSource {
  readonly index: LineIndex;
  readonly #text: string;
  readonly #secrets: readonly Range[];

  constructor(dockerfile: Dockerfile) {
    this.index = new LineIndex(dockerfile.text);
    this.#text = dockerfile.text;
    this.#secrets = merge(findSecrets(dockerfile).flatMap((secret) => occurrencesOf(secret, dockerfile.text)));
  }

  /** The line in which a range begins and the part of the range in it, cut to a width around that part. */
  line(range: Range, width: number): ShownLine {
    const { line, column } = this.index.positionAt(range.start);
    const start = range.start - column + 1;
    const cells = this.#cells({ start, end: start + this.index.lineAt(line).length });
    const isMarked = (cell: Cell): boolean => cell.start < range.end && range.start < cell.end;
    const from = cells.findIndex((cell) => isMarked(cell) || cell.start >= range.start);
    const first = from === -1 ? cells.length : from;
    const marked = cells.filter(isMarked);
    return cut(cells, first, marked.length, width);
  }

  /** The text of some lines of the source, or made of them, without the secrets. */
  hide(text: string): string {
    let hidden = text;
    for (const { start, end } of this.#secrets) {
      for (const line of this.#text.slice(start, end).split(/\r?\n/)) {
        if (line.trim().length >= SHORTEST) hidden = hidden.replaceAll(line, redact(line));
      }
    }
    return hidden;
  }

  /** A message, fit for a terminal. */
  message(text: string): string {
    return printable(this.hide(text));
  }

  #cells(range: Range): readonly Cell[] {
    const cells: Cell[] = [];
    for (let offset = range.start; offset < range.end; ) {
      const secret = this.#secrets.find(({ start, end }) => start <= offset && offset < end);
      if (secret) {
        const end = Math.min(secret.end, range.end);
        const shown = secret.start < range.start ? "***" : redact(this.#text.slice(secret.start, secret.end));
        cells.push({ start: offset, end, shown: printable(shown) });
        offset = end;
        continue;
      }
      const character = String.fromCodePoint(this.#text.codePointAt(offset)!);
      const shown = character === "\t" ? "    " : printableCharacter(character);
      cells.push({ start: offset, end: offset + character.length, shown });
      offset += character.length;
    }
    return cells;
  }
}

/** A character of the source, or a secret, and what is shown for it. */
interface Cell extends Range {
  readonly shown: string;
}

/** What is seen of the line before a place that is too far to the right. */
const LEAD = 16;

function cut(cells: readonly Cell[], first: number, count: number, width: number): ShownLine {
  const columns = cells.map(({ shown }) => widthOf(shown));
  const sum = (from: number, to: number): number => columns.slice(from, to).reduce((total, one) => total + one, 0);
  let from = 0;
  if (sum(0, cells.length) > width && sum(0, first + count) > width) from = Math.max(0, first - LEAD);
  let to = from;
  while (to < cells.length && sum(from, to + 1) <= width) to++;
  const before = from > 0 ? "…" : "";
  const text = `${before}${cells
    .slice(from, to)
    .map(({ shown }) => shown)
    .join("")}${to < cells.length ? "…" : ""}`;
  return { text, column: before.length + sum(from, first), width: sum(first, Math.min(first + count, to)) };
}

/** What must not be shown: secrets by their form, and what names call one. Placeholders are no secrets. */
function findSecrets(dockerfile: Dockerfile): readonly Range[] {
  const { text, context, syntax } = dockerfile;
  const known = [...(context.secrets ?? []), ...findSecretForms(text)].filter(({ placeholder }) => !placeholder);
  const pairs = syntax.instructions
    .map((instruction: Instruction) => instruction.trigger ?? instruction)
    .flatMap((instruction) =>
      instruction.pairs.flatMap(({ key, value }) =>
        value && isSecret(key.value, value.value) ? [withoutQuotes(text, value.range)] : [],
      ),
    );
  const variables = dockerfile.commands
    .flatMap(({ command }) => command.shell?.assignments ?? [])
    .flatMap(({ name, value, range }) =>
      value !== undefined && isSecret(name, value)
        ? [withoutQuotes(text, { start: range.start + name.length + 1, end: range.end })]
        : [],
    );
  // `export NAME=value`, `--password=value`.
  const words = dockerfile.commands
    .flatMap(({ command }) => command.words)
    .flatMap(({ text: word, range }) => {
      const [start, name, value] = /^["']?(?:--)?([A-Za-z_][\w.-]*)=(.+)$/s.exec(word) ?? [];
      if (start === undefined || !isSecret(name!, value!.replace(/^["']|["']$/g, ""))) return [];
      return [withoutQuotes(text, { start: range.start + word.indexOf("=") + 1, end: range.end })];
    });
  return [...known.map((secret) => wholeKey(text, secret)), ...pairs, ...variables, ...words];
}

function isSecret(name: string, value: string): boolean {
  const { verdict } = judgeAssignment({ name, value, kind: "env" });
  return verdict === "secret" && classifyValue(value) !== "reference";
}

/** A private key to its end, of which a finding may only have the beginning. */
function wholeKey(text: string, { start, end }: Range): Range {
  if (!text.startsWith("-----BEGIN", start)) return { start, end };
  const tail = /-----END [A-Z0-9 ]+-----/g;
  tail.lastIndex = start;
  const match = tail.exec(text);
  return { start, end: Math.max(end, match ? match.index + match[0].length : text.length) };
}

function withoutQuotes(text: string, { start, end }: Range): Range {
  const quote = text[start];
  const isQuoted = end - start > 1 && (quote === '"' || quote === "'") && text[end - 1] === quote;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** A shorter value stands for too much else, and is hardly a secret. */
const SHORTEST = 4;

/** The secret itself, and wherever else the same stands. */
function occurrencesOf(secret: Range, text: string): readonly Range[] {
  const value = text.slice(secret.start, secret.end);
  const found: Range[] = [secret];
  if (value.trim().length < SHORTEST) return found;
  for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + value.length))
    found.push({ start, end: start + value.length });
  return found;
}

function merge(ranges: readonly Range[]): readonly Range[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of ranges
    .filter((range) => range.start < range.end)
    .toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
