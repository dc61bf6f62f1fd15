import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-apk-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3018", "kics/unpinned_package_version_in_apk_add"],
  enabled: false,
  strict: true,
  concerns: "image",

  check: unpinnedPackages({
    managers: ["apk"],

    // `.build-deps` is a name for others, `!git` keeps a package out, `git@edge` says where it comes from.
    isPinned: (value) => /[=~<>@]|^[.!]|\.apk$|\//.test(value),
  }),
});
