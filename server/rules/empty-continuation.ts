import { type Instruction, KEYWORDS, type Syntax } from "../syntax/parse.ts";
import { remove } from "./edit.ts";
import { defineRule, type Edit, type Finding, safe } from "./rule.ts";

export default defineRule({
  id: "empty-continuation",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: ["buildkit/NoEmptyContinuation"],
  fix: "safe",

  *check({ syntax }) {
    for (const instruction of syntax.instructions) {
      // Behind the last line nothing is continued: somebody is typing.
      const lines = instruction.emptyLines.filter(({ end }) => end < instruction.headEnd);
      const first = lines[0];
      if (first) yield { at: first, ...judge(syntax, instruction, lines) };
    }
  },
});

function judge({ text }: Syntax, instruction: Instruction, lines: Instruction["emptyLines"]): Omit<Finding, "at"> {
  const edits = lines.map(({ start, end }): Edit => remove({ start, end: text.indexOf("\n", end) + 1 }));
  const swallowed = lines.find(({ end }) => KEYWORDS.has(/^\s*([A-Z]+)[ \t]/.exec(text.slice(end))?.[1] ?? ""));
  if (!swallowed) {
    return {
      message: "An empty line does not end the instruction here; it will become an error",
      fixes: [safe(lines.length === 1 ? "Delete the empty line" : "Delete the empty lines", edits)],
    };
  }
  const keyword = /^\s*([A-Z]+)/.exec(text.slice(swallowed.end))![1];
  return {
    message: `The \`${keyword}\` below the empty line is part of this \`${(instruction.trigger ?? instruction).keyword}\``,
    severity: "error",
    refusal: "either the continuation or the empty line is too many, and which one is not known",
  };
}
