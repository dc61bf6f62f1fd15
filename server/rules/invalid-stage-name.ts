import { defineRule } from "./rule.ts";

export default defineRule({
  id: "invalid-stage-name",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  judges: "stage",

  *check({ stages }) {
    for (const { name } of stages) {
      // As BuildKit's frontend/dockerfile/instructions/parse.go has it.
      if (!name || /^[a-z][a-z0-9-_.]*$/i.test(name.value)) continue;
      yield {
        at: name.range,
        message: `\`${name.value}\` is no name for a stage: it takes letters, digits, \`-\`, \`_\` and \`.\`, a letter first`,
      };
    }
  },
});
