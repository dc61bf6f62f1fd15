import { nameOf } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "package-upgrade",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3005",
    "hadolint/DL3017",
    "hadolint/DL3031",
    "hadolint/DL3039",
    "semgrep/avoid-apt-get-upgrade",
    "semgrep/avoid-apk-upgrade",
    "semgrep/avoid-dnf-update",
    "semgrep/avoid-yum-update",
    "semgrep/avoid-zypper-update",
  ],
  enabled: false,
  strict: true,

  *check(dockerfile) {
    for (const operation of dockerfile.packageOperations) {
      const { action, manager, packages, verb } = operation;
      if (action !== "upgrade" || !SYSTEM.includes(manager) || packages.length > 0) continue;
      yield { at: verb.range, message: `What \`${nameOf(operation)}\` installs depends on the day of the build` };
    }
  },
});

const SYSTEM = ["apt-get", "apt", "aptitude", "apk", "dnf", "microdnf", "yum", "zypper"];
