import type { Instruction } from "../syntax/parse.ts";
import { commentBlockAbove } from "./edit.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "undescribed-stage",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: ["buildkit/InvalidDefinitionDescription"],
  enabled: false,
  judges: "stage",

  *check({ syntax, stages, text }) {
    const names = new Map<Instruction, readonly string[]>();
    for (const { from, name } of stages) if (name) names.set(from, [name.value.toLowerCase()]);
    for (const instruction of syntax.instructions) {
      if (instruction.keyword === "ARG")
        names.set(
          instruction,
          instruction.pairs.map(({ key }) => key.value),
        );
    }
    for (const [instruction, own] of names) {
      const last = commentBlockAbove(syntax, instruction).at(-1);
      if (!last || own.length === 0) continue;
      const comment = text.slice(last.start + 1, last.end).trim();
      // Meant for a program.
      if (/^(?:hadolint|plimsoll|check=|syntax=|escape=|trivy|checkov|kics|nosemgrep|renovate)/.test(comment)) continue;
      if (own.includes(comment.split(/\s/)[0]!)) continue;
      yield {
        at: last,
        message: `The comment does not begin with \`${own[0]}\`, so it is not shown as its description`,
      };
    }
  },
});
