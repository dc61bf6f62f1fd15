import { defineRule } from "./rule.ts";

export default defineRule({
  id: "reserved-stage-name",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: ["hadolint/DL3063", "buildkit/ReservedStageName"],

  *check({ stages }) {
    for (const { name } of stages) {
      const value = name?.value.toLowerCase();
      if (value !== "scratch" && value !== "context") continue;
      yield {
        at: name!.range,
        message:
          value === "scratch"
            ? "`scratch` is the empty image, and cannot be told from this stage"
            : "`context` is the build context, and cannot be told from this stage",
      };
    }
  },
});
