import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-pip-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3013", "kics/unpinned_package_version_in_pip_install"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["pip"],
    isMeant: (operation) =>
      operation.action === "install" && operation.has("-r", "--requirement", "-c", "--constraint", "--group") === false,
    isPinned: (value) =>
      /[=<>~!]=|[<>]|\.(?:whl|zip|tar\.\w+)$|^(?:\.|pip$|setuptools$|wheel$)/.test(value) ||
      (/^(?:git|hg|svn|bzr)\+/.test(value) ? /\/.*@[^/]+$/.test(value) : /[@/]/.test(value)),
  }),
});
