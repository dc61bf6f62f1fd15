/** Where something in a changed text stood in the text that was changed: what a change is called by, whatever else changes. */
import type { Edit } from "../rules/rule.ts";

/** The way back from a text through the edits that made it. */
export class Origin {
  readonly #passes: readonly (readonly Edit[])[];

  /** @param passes the edits of each pass, the first first; those of a pass do not overlap. */
  constructor(passes: readonly (readonly Edit[])[]) {
    this.#passes = passes.map((edits) => edits.toSorted((a, b) => a.start - b.start || a.end - b.end));
  }

  /** Of what was put there, the place where it was put. */
  of(offset: number): number {
    return this.#passes.reduceRight(offsetBefore, offset);
  }
}

/** Names for the places of a text. */
export class Places {
  readonly #text: string;
  /** For each line, by where it starts: how many of the same come before it. Made when first asked for. */
  #repetitions: ReadonlyMap<number, number> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The same when other lines are changed, added or removed: what the line says, which of those that say it, the column. */
  nameOf(offset: number): string {
    const start = offset === 0 ? 0 : this.#text.lastIndexOf("\n", offset - 1) + 1;
    this.#repetitions ??= countRepetitions(this.#text);
    return `${this.#repetitions.get(start)}:${offset - start}:${lineFrom(this.#text, start)}`;
  }
}

function countRepetitions(text: string): ReadonlyMap<number, number> {
  const counts = new Map<string, number>();
  const repetitions = new Map<number, number>();
  for (let start = 0; ; start = text.indexOf("\n", start) + 1) {
    const line = lineFrom(text, start);
    const count = counts.get(line) ?? 0;
    repetitions.set(start, count);
    counts.set(line, count + 1);
    if (text.indexOf("\n", start) === -1) return repetitions;
  }
}

function offsetBefore(offset: number, edits: readonly Edit[]): number {
  let moved = 0;
  for (const edit of edits) {
    const start = edit.start + moved;
    if (offset < start) break;
    if (offset < start + edit.text.length) return edit.start;
    moved += edit.text.length - (edit.end - edit.start);
  }
  return offset - moved;
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? text.length : end).trimEnd();
}
