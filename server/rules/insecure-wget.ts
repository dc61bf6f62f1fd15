import { insecureTransfers } from "./insecure-transfer.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "insecure-wget",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_3", "sonar/S4830"],
  fix: "unsafe",
  mentions: /wget/,

  check: insecureTransfers(/^wget2?$/, {
    "--no-check-certificate": "the server's certificate is not checked",
  }),
});
