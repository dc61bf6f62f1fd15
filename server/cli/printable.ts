/** Text from outside, made fit for a terminal. */

/**
 * The text without what would command a terminal or turn its letters around; line ends and tabs become blanks.
 * https://trojansource.codes
 */
export function printable(text: string): string {
  return Array.from(text, printableCharacter).join("");
}

/** What is shown for one character. */
export function printableCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (character === "\t" || character === "\n") return " ";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (code === 0xfeff) return "";
  return /[\u0080-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u.test(character) ? "\ufffd" : character;
}

/** How many columns of a terminal a text takes. https://www.unicode.org/reports/tr11/ */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

const NONE = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
