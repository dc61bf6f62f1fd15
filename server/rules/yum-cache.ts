import { leftoverCaches, RPM_CACHES } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "yum-cache",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: ["hadolint/DL3032", "trivy/DS-0015", "kics/yum_clean_all_missing", "semgrep/missing-yum-clean-all"],
  fix: "safe",
  concerns: "image",
  mentions: /yum/,

  check: leftoverCaches({
    managers: ["yum"],
    folders: RPM_CACHES,
    // Since Enterprise Linux 8 `yum` is another name of dnf.
    cleans: ({ manager, action, packages }) =>
      action === "clean" && (manager === "yum" || manager === "dnf") && packages.some(({ name }) => name === "all"),
    leaves: "what it downloads",
    command: () => "yum clean all",
  }),
});
