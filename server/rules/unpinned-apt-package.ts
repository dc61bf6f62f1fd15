import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-apt-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3008", "kics/apt_get_install_pin_version_not_defined"],
  enabled: false,
  strict: true,
  concerns: "image",

  check: unpinnedPackages({
    managers: ["apt-get", "apt", "aptitude"],
    isMeant: ({ verb }) => /^(?:re)?install$/.test(verb.value!),
    // A package with `-` at its end is removed. A file and a release are named by a path.
    isPinned: (value) => /[=/]|\.deb$|-$/.test(value),
  }),
});
