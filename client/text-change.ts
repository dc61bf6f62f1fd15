/** The text from `start` up to `end`, as offsets, becomes `text`. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The change of whole lines that turns one text into the other, without the lines that both begin and end with. */
export function findChange(before: string, after: string): TextChange {
  const old = splitLines(before);
  const now = splitLines(after);
  const shorter = Math.min(old.length, now.length);
  let first = 0;
  while (first < shorter && old[first] === now[first]) first++;
  let last = 0;
  while (last < shorter - first && old.at(-1 - last) === now.at(-1 - last)) last++;
  return {
    start: lengthOf(old.slice(0, first)),
    end: before.length - lengthOf(old.slice(old.length - last)),
    text: now.slice(first, now.length - last).join(""),
  };
}

/** The lines, each with its line break. */
function splitLines(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
