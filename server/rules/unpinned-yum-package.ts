import { isPinnedRpm, unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-yum-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3033", "kics/yum_install_without_version"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["yum"],
    isMeant: ({ action, scope, verb }) =>
      action === "install" && verb.value !== "groupinstall" && (scope === undefined || scope === "module"),
    isPinned: isPinnedRpm,
  }),
});
