import { KEYWORDS } from "../syntax/parse.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "instruction-before-from",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL3061", "kics/first_instruction_should_be_arg_or_from", "kics/should_specify_base_image"],

  *check({ preamble, stages }) {
    for (const { keyword, keywordRange } of preamble) {
      if (keyword === "ARG" || !KEYWORDS.has(keyword)) continue;
      const isMissing = stages.length === 0;
      yield {
        at: keywordRange,
        message: isMissing
          ? `\`${keyword}\` has no image to change: there is no \`FROM\``
          : `Only \`ARG\` may stand before the first \`FROM\``,
      };
      if (isMissing) return;
    }
  },
});
