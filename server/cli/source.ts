/** The lines of a Dockerfile as they may be shown: secrets are hidden, and nothing of them commands the terminal. */
import { LineIndex } from "../lint/report.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { HiddenSecrets } from "../model/hidden-secrets.ts";
import { redact } from "../model/secrets.ts";
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
  readonly #secrets: HiddenSecrets;

  constructor(dockerfile: Dockerfile) {
    this.index = new LineIndex(dockerfile.text);
    this.#text = dockerfile.text;
    this.#secrets = new HiddenSecrets(dockerfile);
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
    return this.#secrets.hide(text);
  }

  /** A message, fit for a terminal. */
  message(text: string): string {
    return printable(this.hide(text));
  }

  #cells(range: Range): readonly Cell[] {
    const cells: Cell[] = [];
    for (let offset = range.start; offset < range.end; ) {
      const secret = this.#secrets.ranges.find(({ start, end }) => start <= offset && offset < end);
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
