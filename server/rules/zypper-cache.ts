import { leftoverCaches } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "zypper-cache",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: ["hadolint/DL3036", "trivy/DS-0020", "kics/missing_zypper_clean", "semgrep/missing-zypper-clean"],
  fix: "safe",
  concerns: "image",
  mentions: /zypper/,

  check: leftoverCaches({
    managers: ["zypper"],
    folders: /\/var\/cache\/?(?:zypp|\*|["']?$)|^\/var\/$/,
    cleans: ({ manager, action }) => manager === "zypper" && action === "clean",
    leaves: "what it downloads",
    command: () => "zypper clean --all",
  }),
});
