import { parseImage } from "../model/image.ts";
import { replace } from "./edit.ts";
import { changing, defineRule, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "invalid-image-reference",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "buildkit/InvalidDefaultArgInFrom", "sonar/S2260"],
  fix: "safe",
  assumes: "What it corrects to is what was meant.",
  judges: "stage",

  *check({ stages, syntax, text }) {
    for (const stage of stages) {
      const { imageWord: word, parent } = stage;
      if (word && parent && word.variables.length === 0 && /[A-Z]/.test(word.value)) {
        const name = word.value.toLowerCase();
        yield {
          at: word.range,
          message: `\`FROM\` finds a stage by its name in lower case alone, so \`${word.value}\` is taken for an image`,
          related: [{ at: parent.name!.range, message: "the stage" }],
          fixes: [changing(safe(`Write \`${name}\``, replace(word, name)), "images")],
        };
        continue;
      }
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
