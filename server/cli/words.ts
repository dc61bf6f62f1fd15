/** Small things that several outputs say. */
import type { Style } from "./color.ts";

/** "1 finding", "2 findings". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function colorOfScore(points: number): Style {
  return points >= 8 ? "green" : points >= 5 ? "yellow" : "red";
}

/** The words in lines of at most a width, measured by `widthOf`; a longer word has its own. */
export function wrap(words: readonly string[], width: number, widthOf: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
