import { defineRule } from "./rule.ts";
import { variableSettings } from "./variable-settings.ts";

export default defineRule({
  id: "node-tls-rejection",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_6"],
  fix: "unsafe",
  assumes: "Every server that is asked has a certificate that the image trusts.",
  mentions: /NODE_TLS/i,

  check: variableSettings(
    /^NODE_TLS_REJECT_UNAUTHORIZED$/,
    (value) => value === "0",
    "Node.js takes any certificate, so that anybody can stand between it and each server it talks to",
  ),
});
