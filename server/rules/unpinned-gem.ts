import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-gem",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3028", "kics/gem_install_without_version"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["gem"],
    isMeant: (operation) => operation.action === "install" && operation.has("-v", "--version") === false,
    isPinned: (value) => /[:/]|\.gem$/.test(value),
  }),
});
