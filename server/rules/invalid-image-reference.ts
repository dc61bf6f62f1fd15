import { parseImage } from "../model/image.ts";
import { replace } from "./edit.ts";
import { changing, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "invalid-image-reference",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "buildkit/InvalidDefaultArgInFrom", "sonar/S2260"],
  fix: "unsafe",
  judges: "stage",

  *check({ stages, syntax, text }) {
    for (const stage of stages) {
      const { imageWord: word, parent } = stage;
      if (!word || parent || word.variables.length > 0 || word.value === "scratch" || parseImage(word.value)) continue;
      // Somebody is typing its tag, or a template stands in its place.
      if ((stage.from === syntax.instructions.at(-1) && !text.endsWith("\n")) || /[{<%]/.test(word.value)) continue;
      const lower = word.value.replace(/^[^:@]+/, (name) => name.toLowerCase());
      const isCase = parseImage(lower) !== undefined;
      yield {
        at: word.range,
        message: isCase
          ? "The name of an image is in lower case"
          : `\`${word.value}\` is no reference to an image: \`registry/name:tag\``,
        fixes: isCase ? [changing(unsafe(`Write \`${lower}\``, replace(word, lower)), "images")] : [],
      };
    }
  },
});
