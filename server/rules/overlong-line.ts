import { defineRule } from "./rule.ts";

export default defineRule({
  id: "overlong-line",
  category: "correctness",
  severity: "error",
  weight: "medium",
  aliases: [],
  judges: "stage",

  *check({ text }) {
    for (let start = 0; start < text.length; ) {
      const found = text.indexOf("\n", start);
      const end = found === -1 ? text.length : found;
      // A character has three bytes at most for each of its UTF-16 units.
      const bytes = (end - start) * 3 > LIMIT ? bytesOf(text, start, end) : 0;
      if (bytes > LIMIT) {
        yield {
          at: { start, end: text[end - 1] === "\r" ? end - 1 : end },
          message: `The builder takes no line of more than ${LIMIT} bytes`,
        };
      }
      start = end + 1;
    }
  },
});

/** Of a line without its `\n`, a comment or a heredoc's too; `\r` counts. Tried with BuildKit 0.25. */
const LIMIT = 65535;

/** In UTF-8. */
function bytesOf(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    const isSurrogate = unit >= 0xd800 && unit < 0xe000;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return bytes;
}
