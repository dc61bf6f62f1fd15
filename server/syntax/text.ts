/** Ranges of the source text, and text from which parts of the source are left out. */

/** Half-open, in UTF-16 units from the start of the file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether two ranges share a character, or one is an empty range inside or at the edge of the other. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start === a.end || b.start === b.end
    ? a.start <= b.end && b.start <= a.end
    : a.start < b.end && b.start < a.end;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/**
 * What a builder sees of a part of the source: continuations, and comments inside them, are out. Every character knows
 * the offset that it came from.
 */
export class LogicalText {
  readonly text: string;
  /** Where the pieces begin in `text`. */
  readonly #starts: readonly number[];
  readonly #pieces: readonly Range[];
  #range: Range | undefined;

  /** @param pieces the ranges of `source` that are kept, in order; there is at least one, which may be empty. */
  constructor(source: string, pieces: readonly Range[]) {
    const starts: number[] = [];
    let text = "";
    for (const piece of pieces) {
      starts.push(text.length);
      text += source.slice(piece.start, piece.end);
    }
    this.text = text;
    this.#starts = starts;
    this.#pieces = pieces;
  }

  /** The source offset of the character at `index`; that of the end when `index` is the length. */
  offsetAt(index: number): number {
    const piece = this.#pieceAt(index);
    return this.#pieces[piece]!.start + index - this.#starts[piece]!;
  }

  /** The source range of `text.slice(start, end)`. It does not reach over a continuation that it does not need. */
  rangeOf(start: number, end: number): Range {
    const from = this.offsetAt(start);
    return { start: from, end: end > start ? this.offsetAt(end - 1) + 1 : from };
  }

  /** The whole, as a source range. */
  get range(): Range {
    this.#range ??= this.rangeOf(0, this.text.length);
    return this.#range;
  }

  /** The part between two indexes, as a text of its own. */
  slice(source: string, start: number, end: number = this.text.length): LogicalText {
    const pieces: Range[] = [];
    for (let i = this.#pieceAt(start); i < this.#pieces.length && this.#starts[i]! < end; i++) {
      const piece = this.#pieces[i]!;
      const from = Math.max(start - this.#starts[i]!, 0);
      const to = Math.min(end - this.#starts[i]!, piece.end - piece.start);
      if (from < to) pieces.push({ start: piece.start + from, end: piece.start + to });
    }
    if (pieces.length === 0) {
      const offset = this.offsetAt(Math.min(start, this.text.length));
      pieces.push({ start: offset, end: offset });
    }
    return new LogicalText(source, pieces);
  }

  #pieceAt(index: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    // An index at the seam belongs to the later piece, unless that one is empty or the text is at its end.
    while (low > 0 && index === this.text.length && this.#pieces[low]!.start === this.#pieces[low]!.end) low--;
    return low;
  }
}

/** The characters that BuildKit's parser takes for blanks (Go's `unicode.IsSpace`), line ends aside. */
export const BLANK = /[\t\v\f \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;
