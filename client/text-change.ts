/** The text from `start` up to `end`, as offsets, becomes `text`. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The change of whole lines that turns one text into the other, without those that both begin and end with. */
export function findChange(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  if (same === before.length && same === after.length) return { start: same, end: same, text: "" };
  const start = before.slice(0, same).lastIndexOf("\n") + 1;

  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  // The tail begins after a line break that both have, or it is empty.
  const lineBreak = before.indexOf("\n", before.length - tail);
  const end = tail === 0 || lineBreak < 0 ? before.length : lineBreak + 1;
  return { start, end, text: after.slice(start, after.length - (before.length - end)) };
}
