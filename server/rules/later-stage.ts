import { movingStage } from "./move-stage.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "later-stage",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  judges: "stage",

  *check({ stages }) {
    for (const stage of stages) {
      const { imageWord, parent, base } = stage;
      const name = imageWord?.value ?? "";
      // An image that is known may well be meant.
      if (!imageWord || parent || !/^[\w.-]+$/.test(name) || name === "scratch" || Object.keys(base).length > 0)
        continue;
      const later = stages.slice(stage.index + 1).find((one) => one.isNamed(name));
      if (!later) continue;
      yield {
        at: imageWord.range,
        message: `The stage \`${name}\` stands further down, so that \`FROM\` takes the name for that of an image`,
        related: [{ at: later.from.range, message: "the stage" }],
        ...movingStage(later, stage),
      };
    }
  },
});
