import { interactiveInstalls, isAnsweredRpm } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "interactive-dnf-install",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL3038", "kics/missing_flag_from_dnf_install", "semgrep/missing-dnf-assume-yes-switch"],
  fix: "safe",
  mentions: /dnf/,

  check: interactiveInstalls(["dnf"], isAnsweredRpm, "-y"),
});
