import { isPinnedRpm, unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-dnf-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3041", "kics/missing_version_specification_in_dnf_install"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["dnf", "microdnf"],
    isMeant: ({ action, scope, verb }) =>
      action === "install" && verb.value !== "groupinstall" && (scope === undefined || scope === "module"),
    isPinned: isPinnedRpm,
  }),
});
