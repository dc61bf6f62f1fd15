import { defineRule } from "./rule.ts";

export default defineRule({
  id: "copied-filesystem",
  category: "efficiency",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL3067"],
  concerns: "image",

  *check({ stages }) {
    for (const stage of stages) {
      for (const instruction of stage.instructions) {
        const { keyword, arguments: words } = instruction;
        if (keyword !== "COPY" || !instruction.flag("from")?.value || words.length < 2) continue;
        const root = words.slice(0, -1).find((word) => stage.resolve(word, instruction) === "/");
        if (!root || stage.resolve(words.at(-1)!, instruction) !== "/") continue;
        // To squash an image is what this is for.
        if (stage.isScratch) continue;
        yield { at: root.range, message: "This copies all of another image over this one" };
      }
    }
  },
});
