import type { Stage } from "../model/stage.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unused-stage",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: [],
  tag: "unnecessary",

  *check(dockerfile) {
    const { stages } = dockerfile;
    // `FROM base-$VARIANT` may mean any of them.
    if (stages.some(({ imageWord, parent, image, isScratch }) => imageWord && !parent && !image && !isScratch)) return;
    const used = new Set<Stage | undefined>([dockerfile.finalStage]);
    for (const stage of stages) {
      used.add(stage.parent);
      for (const reference of stage.sourceReferences) used.add(dockerfile.findSource(reference, stage));
    }
    for (const stage of stages) {
      const { instructions, from, name } = stage;
      if (used.has(stage) || instructions.length === 0) continue;
      // Any other name may be built with `--target`.
      if (name && !/(?:^|[-_])(?:build(?:er)?|deps|dependencies|compile)$/i.test(name.value)) continue;
      yield { at: from.range, message: "No other stage uses this one" };
    }
  },
});
