import type { Heredoc } from "../syntax/parse.ts";
import { defineRule, type Finding } from "./rule.ts";

export default defineRule({
  id: "unclosed-heredoc",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000"],

  *check({ syntax, text }) {
    for (const { heredocs } of syntax.instructions) {
      // An open one takes all that follows, the others with it.
      const open = heredocs.find(({ closing }) => !closing);
      // Before there is any text, it is being typed.
      if (!open || open.body.text.trim() === "") continue;
      yield { at: open.range, ...judge(text, open) };
    }
  },
});

function judge(text: string, { name, bodyRange }: Heredoc): Omit<Finding, "at"> {
  const message = `No line is just \`${name}\`, so the text goes on to the end of the file`;
  let start = bodyRange.start;
  for (const line of text.slice(bodyRange.start, bodyRange.end).split("\n")) {
    const content = line.replace(/\r$/, "");
    if (content.trim() === name) {
      const at = { start, end: start + content.length };
      return {
        message,
        related: [{ at, message: "this line has blanks besides" }],
        refusal: "all that follows would become instructions again",
      };
    }
    start += line.length + 1;
  }
  return { message };
}
