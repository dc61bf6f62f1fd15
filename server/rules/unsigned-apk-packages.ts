import { removeArguments } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "unsigned-apk-packages",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_7"],
  fix: "unsafe",
  mentions: /untrusted/i,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "apk") continue;
      for (const word of command.args) {
        if (word.value !== "--allow-untrusted") continue;
        yield {
          at: word.range,
          message: "`--allow-untrusted` lets apk install packages whose signature it cannot check",
          fixes: [unsafe("Remove `--allow-untrusted`", removeArguments(run, command, word))],
        };
      }
    }
  },
});
