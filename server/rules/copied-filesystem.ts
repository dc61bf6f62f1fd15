import type { Dockerfile } from "../model/dockerfile.ts";
import { parseImage } from "../model/image.ts";
import type { Stage } from "../model/stage.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "copied-filesystem",
  category: "efficiency",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL3067"],
  concerns: "image",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        const source = instruction.keyword === "COPY" ? instruction.flag("from")?.value : undefined;
        const words = source ? instruction.arguments : [];
        if (!source || words.length < 2) continue;
        const root = words.slice(0, -1).find((word) => stage.resolve(word, instruction) === "/");
        if (!root || stage.resolve(words.at(-1)!, instruction) !== "/") continue;
        // To squash an image is what this is for; an image that holds a few tools is another.
        if (stage.isScratch || !isSystem(dockerfile, stage, source.value)) continue;
        yield { at: root.range, message: "This copies all of another image over this one" };
      }
    }
  },
});

/** It has an operating system: it is known to, or something has been run in it. */
function isSystem(dockerfile: Dockerfile, stage: Stage, name: string): boolean {
  const source = dockerfile.findStage(name, stage);
  const { distribution = "scratch" } = source?.base ?? parseImage(name)?.facts ?? {};
  return distribution !== "scratch" || (source?.lineage.some(({ runs }) => runs.length > 0) ?? false);
}
