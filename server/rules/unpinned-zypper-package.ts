import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-zypper-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3037", "kics/zypper_install_without_version"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["zypper"],
    isMeant: (operation) => operation.action === "install" && operation.has("-t", "--type") === false,
    isPinned: (value) => /[=<>/]|\.rpm$|^[-!]/.test(value),
  }),
});
