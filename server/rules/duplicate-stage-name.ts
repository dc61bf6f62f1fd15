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

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const { name } = stage;
      const first = name && dockerfile.firstNamed(name.value);
      if (!first || first === stage) continue;
      yield {
        at: name.range,
        message: `Another stage is named \`${name.value}\` already; from here on the name means this one`,
        related: [{ at: first.name!.range, message: `the first \`${first.name!.value}\`` }],
      };
    }
  },
});
