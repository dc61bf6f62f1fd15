import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-dockerignore",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: ["sonar/S6470", "dockle/DKL-LI-0003"],
  judges: "stage",

  *check({ context, stages }) {
    const patterns = context.files?.[".dockerignore"];
    if (patterns === undefined || (patterns !== null && /^[ \t]*[^#\s]/m.test(patterns))) return;
    for (const stage of stages) {
      for (const instruction of stage.instructions) {
        // The context of a trigger is that of another build.
        if (!/^(?:COPY|ADD)$/.test(instruction.keyword) || instruction.onbuild) continue;
        if (instruction.flag("from") || instruction.flag("exclude")) continue;
        const whole = instruction.arguments
          .slice(0, -1)
          .find((word) => /^(?:\.?\/*|\.?\/?[*.])$/.test(stage.resolve(word, instruction) || "x"));
        if (!whole) continue;
        yield {
          at: whole.range,
          message: `\`${instruction.keyword}\` takes the whole folder, and ${
            patterns === null ? "there is no `.dockerignore` that" : "`.dockerignore` has no line that"
          } keeps secrets, \`.git\` and caches out`,
          refusal: "what to keep out is written to another file",
        };
        // It is the same for all of them.
        return;
      }
    }
  },
});
