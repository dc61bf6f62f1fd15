import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unused-stage",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: [],
  tag: "unnecessary",

  *check({ stages }) {
    for (const { isReachable, instructions, from, name } of stages) {
      if (isReachable || instructions.length === 0) continue;
      // Any other name may be built with `--target`.
      if (name && !/(?:^|[-_])(?:build(?:er)?|deps|dependencies|compile)$/i.test(name.value)) continue;
      yield { at: from.range, message: "The last stage needs nothing of this one" };
    }
  },
});
