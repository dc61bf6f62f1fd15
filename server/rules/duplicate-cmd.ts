import { deadInstructions } from "./duplicate-instruction.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "duplicate-cmd",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL4003",
    "buildkit/MultipleInstructionsDisallowed",
    "trivy/DS-0016",
    "kics/multiple_cmd_instructions_listed",
    "semgrep/multiple-cmd-instructions",
    "sonar/S6589",
  ],
  fix: "safe",
  assumes: "The comments in it are not needed either.",
  tag: "unnecessary",
  judges: "stage",

  check: (dockerfile) => deadInstructions(dockerfile, "CMD"),
});
