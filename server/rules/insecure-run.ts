import { defineRule } from "./rule.ts";
import { runFlags } from "./run-flag.ts";

export default defineRule({
  id: "insecure-run",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["sonar/S6502"],
  fix: "unsafe",
  mentions: /security/i,

  check: runFlags(
    "security",
    "insecure",
    "`--security=insecure` lets the `RUN` do to the builder's machine what root may do there",
    "The commands need no right beyond those of an ordinary container.",
  ),
});
