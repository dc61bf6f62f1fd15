import { deadInstructions } from "./duplicate-instruction.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "duplicate-healthcheck",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL3012",
    "buildkit/MultipleInstructionsDisallowed",
    "trivy/DS-0023",
    "kics/do_not_use_multiple_healthcheck",
  ],
  fix: "safe",
  assumes: "The comments in it are not needed either.",
  tag: "unnecessary",
  judges: "stage",

  check: (dockerfile) => deadInstructions(dockerfile, "HEALTHCHECK"),
});
