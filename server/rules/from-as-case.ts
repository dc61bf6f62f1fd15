import { replace } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "from-as-case",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/FromAsCasing"],
  fix: "safe",

  *check({ stages, text }) {
    for (const { from } of stages) {
      const [, as, name] = from.arguments;
      if (!as || !name || as.value.toUpperCase() !== "AS") continue;
      const keyword = text.slice(from.keywordRange.start, from.keywordRange.end);
      const wanted = keyword === "FROM" ? "AS" : keyword === "from" ? "as" : as.value;
      if (as.text === wanted) continue;
      yield {
        at: as.range,
        message: `\`${as.text}\` is not in the case of its \`${keyword}\``,
        fixes: [safe(`Write \`${wanted}\``, replace(as, wanted))],
      };
    }
  },
});
