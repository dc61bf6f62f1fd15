import { leftoverCaches, RPM_CACHES } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "dnf-cache",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [
    "hadolint/DL3040",
    "trivy/DS-0019",
    "trivy/DS-0027",
    "kics/missing_dnf_clean_all",
    "semgrep/missing-dnf-clean-all",
  ],
  fix: "safe",
  concerns: "image",
  mentions: /dnf/,

  check: leftoverCaches({
    managers: ["dnf", "microdnf"],
    folders: RPM_CACHES,
    // microdnf has a cache of its own.
    cleans: ({ manager, action, packages }, operation) =>
      action === "clean" &&
      (operation.manager === "microdnf" ? manager === "microdnf" : manager === "dnf" || manager === "yum") &&
      packages.some(({ name }) => name === "all"),
    leaves: "what it downloads",
    command: ({ command }) => `${command.program} clean all`,
  }),
});
