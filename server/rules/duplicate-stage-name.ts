import { defineRule } from "./rule.ts";

export default defineRule({
  id: "duplicate-stage-name",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    "hadolint/DL3024",
    "buildkit/DuplicateStageName",
    "trivy/DS-0012",
    "checkov/CKV_DOCKER_11",
    "kics/same_alias_in_different_froms",
    "semgrep/alias-must-be-unique",
  ],

  *check({ stages }) {
    for (const { index, name } of stages) {
      const first = name && stages.slice(0, index).find((earlier) => earlier.isNamed(name.value));
      if (!first) continue;
      yield {
        at: name.range,
        message: `Another stage is named \`${name.value}\` already; from here on the name means this one`,
        related: [{ at: first.name!.range, message: `the first \`${first.name!.value}\`` }],
      };
    }
  },
});
