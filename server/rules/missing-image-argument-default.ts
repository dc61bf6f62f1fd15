import { parseImage } from "../model/image.ts";
import { PLATFORM_ARGUMENTS } from "../model/variables.ts";
import { expand } from "../syntax/words.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-image-argument-default",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/InvalidDefaultArgInFrom"],
  enabled: false,
  strict: true,

  *check({ stages, globalArguments, syntax }) {
    for (const { imageWord, parent } of stages) {
      if (!imageWord || parent || imageWord.variables.length === 0) continue;
      // What is not declared, or must be given, is another matter.
      if (imageWord.variables.some(({ name, operator }) => !globalArguments.has(name) || operator?.endsWith("?")))
        continue;
      const reference = expand(imageWord.text, syntax.escape, (name) =>
        PLATFORM_ARGUMENTS.includes(name) ? null : (globalArguments.get(name) ?? undefined),
      );
      if (reference === undefined || parseImage(reference)) continue;
      yield {
        at: imageWord.range,
        message: reference
          ? `Without \`--build-arg\` this is \`${reference}\`, which is no image`
          : "Without `--build-arg` this is empty",
      };
    }
  },
});
