import { insecureTransfers } from "./insecure-transfer.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "insecure-curl",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_2", "sonar/S4830"],
  fix: "unsafe",
  mentions: /curl/,

  check: insecureTransfers(/^curl$/, {
    "-k": "the server's certificate is not checked",
    "--insecure": "the server's certificate is not checked",
    "--proxy-insecure": "the proxy's certificate is not checked",
    "--doh-insecure": "the certificate of the name server is not checked",
  }),
});
