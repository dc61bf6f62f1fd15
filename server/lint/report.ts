/** Diagnostics as text for people: one block each, the place underlined. */
import type { Diagnostic } from "./lint.ts";

/** Line and column from 1, in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds lines by offset. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
    this.#starts = starts;
  }

  positionAt(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }

  /** @param line from 1. */
  lineAt(line: number): string {
    return this.#text.slice(this.#starts[line - 1], this.#starts[line] ?? this.#text.length).replace(/\r?\n$/, "");
  }
}

/** What of a line is shown, at least. */
const LONGEST = 240;

/** Where, what, the line with the place underlined, what else belongs to it, and the fixes. */
export function describe(diagnostic: Diagnostic, index: LineIndex): string {
  const start = index.positionAt(diagnostic.range.start);
  const end = index.positionAt(diagnostic.range.end);
  const whole = index.lineAt(start.line);
  const line = whole.length > LONGEST ? `${whole.slice(0, Math.max(LONGEST, start.column + 40))}…` : whole;
  const width =
    Math.min(end.line === start.line ? end.column : line.trimEnd().length + 1, line.length + 1) - start.column;
  const indentation = `${start.line} | `.length + start.column - 1;
  const lines = [
    `${start.line}:${start.column} ${diagnostic.severity} ${diagnostic.rule.id}: ${diagnostic.message}`,
    `${start.line} | ${line.replaceAll("\t", " ")}`,
    `${" ".repeat(indentation)}${"^".repeat(Math.max(width, 1))}`,
  ];
  for (const { at, message } of diagnostic.related)
    lines.push(`see line ${index.positionAt(at.start).line}: ${message}`);
  for (const { safety, title, assumptions } of diagnostic.fixes) {
    lines.push(`${safety} fix: ${title}`);
    for (const assumption of assumptions ?? []) lines.push(`  assumes: ${assumption}`);
  }
  if (diagnostic.refusal) lines.push(`no fix: ${diagnostic.refusal}`);
  return lines.join("\n");
}
