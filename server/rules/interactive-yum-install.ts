import { interactiveInstalls, isAnsweredRpm } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "interactive-yum-install",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL3030", "kics/yum_install_allows_manual_input", "semgrep/missing-yum-assume-yes-switch"],
  fix: "safe",
  mentions: /yum/,

  check: interactiveInstalls(["yum"], isAnsweredRpm, "-y"),
});
