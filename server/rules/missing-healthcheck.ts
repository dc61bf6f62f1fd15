import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-healthcheck",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3057",
    "trivy/DS-0026",
    "checkov/CKV_DOCKER_2",
    "kics/healthcheck_instruction_missing",
    "dockle/CIS-DI-0006",
  ],
  enabled: false,
  strict: true,
  concerns: "container",
  judges: "stage",

  *check({ finalStage: stage }) {
    if (!stage?.imageWord || stage.last("HEALTHCHECK")) return;
    yield { at: stage.imageWord.range, message: "Nothing tells Docker whether the container still works" };
  },
});
