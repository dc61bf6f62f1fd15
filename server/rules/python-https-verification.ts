import { defineRule } from "./rule.ts";
import { variableSettings } from "./variable-settings.ts";

export default defineRule({
  id: "python-https-verification",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_5"],
  fix: "unsafe",
  assumes: "Every server that is asked has a certificate that the image trusts.",
  mentions: /PYTHONHTTPS/i,

  check: variableSettings(
    /^PYTHONHTTPSVERIFY$/,
    (value) => value === "0",
    "Python takes any certificate, so that anybody can stand between it and each server it talks to",
  ),
});
