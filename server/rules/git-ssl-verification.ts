import { removeArguments } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";
import { itemRemedy, settingsOf } from "./variable-settings.ts";

export default defineRule({
  id: "git-ssl-verification",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_14"],
  fix: "unsafe",
  assumes: "Every server that is asked has a certificate that the image trusts.",
  mentions: /ssl/i,

  *check(dockerfile) {
    // Git only looks whether the variable is there: `GIT_SSL_NO_VERIFY=0` switches the check off as well.
    for (const { range, remedy } of settingsOf(dockerfile, /^GIT_SSL_NO_VERIFY$/))
      yield { at: range, message: MESSAGE, ...remedy("Remove `GIT_SSL_NO_VERIFY`") };
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "git") continue;
      const { args } = command;
      for (const [index, word] of args.entries()) {
        const next = args[index + 1];
        if (word.value === "-c" && next && SETTING.test(next.value ?? "")) {
          yield {
            at: next.range,
            message: MESSAGE,
            fixes: [unsafe("Remove the setting", removeArguments(run, command, word, next))],
          };
        } else if (
          /^http\.(?:.+\.)?sslVerify$/i.test(word.value ?? "") &&
          args.some(({ value }) => value === "config")
        ) {
          if (!next || !OFF.test(next.value ?? "")) continue;
          yield {
            at: { start: word.range.start, end: next.range.end },
            message: MESSAGE,
            ...itemRemedy(run, command, "Remove the setting"),
          };
        }
      }
    }
  },
});

const MESSAGE = "Git takes any certificate, so that anybody on the way can say what is cloned";

const OFF = /^(?:false|no|off|0)$/i;
const SETTING = /^http\.(?:.+\.)?sslVerify=(?:false|no|off|0)$/i;
