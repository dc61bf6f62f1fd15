/** Offsets -> places as the formats have them. */
import type { LineIndex } from "../lint/report.ts";
import type { Range } from "../syntax/text.ts";

/** Line and column from 1, the offset from 0, all in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export function placesOf(range: Range, index: LineIndex): { readonly start: Place; readonly end: Place } {
  return { start: placeAt(range.start, index), end: placeAt(range.end, index) };
}

function placeAt(offset: number, index: LineIndex): Place {
  return { ...index.positionAt(offset), offset };
}
