import { isDockerFrontend } from "../model/frontend.ts";
import { replace } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

/** As BuildKit has it: frontend/dockerfile/parser/directives.go and `setEscapeToken` in parser.go. */
export default defineRule({
  id: "invalid-directive",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check({ syntax }) {
    const { directives, comments, instructions, text } = syntax;
    // Before there is any instruction, it is being typed.
    if (!isDockerFrontend(syntax) || instructions.length === 0) return;
    for (const { name, value, valueRange } of directives) {
      if (name !== "escape" || /^[\\`]$/.test(value)) continue;
      // In quotes, doubled, or with something behind it.
      const meant = /^(["']?)([\\`])\2?\1(?:\s|$)/.exec(value)?.[2];
      yield {
        at: valueRange,
        message: "The escape character is `\\` or `` ` ``, and nothing else",
        fixes: meant === undefined ? [] : [unsafe(`Write \`\` ${meant} \`\``, replace(valueRange, meant))],
      };
    }
    const first = directives.find(({ name }) => name === "check");
    const [comment] = comments;
    const last = directives.at(-1);
    if (!first || !last || !comment || !/^check\s*=\s*\S/i.test(comment.text)) return;
    // Anything else ends the directives.
    if (!/^\r*\n$/.test(text.slice(last.range.end, comment.range.start))) return;
    yield {
      at: comment.range,
      message: "BuildKit refuses a second `check` directive",
      related: [{ at: first.range, message: "This is the first" }],
    };
  },
});
