import { type Instruction, KEYWORDS } from "../syntax/parse.ts";
import { replace } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "instruction-case",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/ConsistentInstructionCasing", "sonar/S6476"],
  fix: "safe",
  judges: "stage",

  *check(dockerfile) {
    const { syntax, text, preamble } = dockerfile;
    const written = ({ keywordRange: { start, end } }: Instruction): string => text.slice(start, end);
    // What stands before the first FROM has no say, and a word that is no keyword yet is being typed.
    const instructions = syntax.instructions
      .slice(preamble.length)
      .filter((one) => KEYWORDS.has(one.keyword) && written(one).length === one.keyword.length);
    const upper = instructions.filter((one) => written(one) === one.keyword).length;
    const lower = instructions.filter((one) => written(one) === one.keyword.toLowerCase()).length;
    const isUpper = upper >= lower;

    for (const instruction of instructions) {
      const wanted = isUpper ? instruction.keyword : instruction.keyword.toLowerCase();
      if (written(instruction) === wanted) continue;
      yield {
        at: instruction.keywordRange,
        message: `\`${written(instruction)}\` is not in ${isUpper ? "upper" : "lower"} case, as the other instructions are`,
        fixes: [safe(`Write \`${wanted}\``, replace(instruction.keywordRange, wanted))],
      };
    }
  },
});
