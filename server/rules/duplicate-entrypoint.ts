import { deadInstructions } from "./duplicate-instruction.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "duplicate-entrypoint",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL4004",
    "buildkit/MultipleInstructionsDisallowed",
    "trivy/DS-0007",
    "kics/multiple_entrypoint_instructions_listed",
    "semgrep/multiple-entrypoint-instructions",
    "sonar/S6589",
  ],
  fix: "safe",
  assumes: "The comments in it are not needed either.",
  tag: "unnecessary",
  judges: "stage",

  check: (dockerfile) => deadInstructions(dockerfile, "ENTRYPOINT"),
});
