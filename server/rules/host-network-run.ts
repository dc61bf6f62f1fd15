import { defineRule } from "./rule.ts";
import { runFlags } from "./run-flag.ts";

export default defineRule({
  id: "host-network-run",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: ["sonar/S6431"],
  fix: "unsafe",
  mentions: /network/i,

  check: runFlags(
    "network",
    "host",
    "`--network=host` lets the `RUN` reach whatever listens on the builder's machine",
    "The commands need nothing that runs on the machine that builds.",
  ),
});
