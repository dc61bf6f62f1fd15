import { mentions, removeArguments } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";
import { itemRemedy, settingsOf } from "./variable-settings.ts";

export default defineRule({
  id: "npm-strict-ssl",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_12", "checkov/CKV2_DOCKER_13"],
  fix: "unsafe",
  assumes: "Every server that is asked has a certificate that the image trusts.",
  mentions: /strict.ssl/i,

  *check(dockerfile) {
    for (const { value, range, name, remedy } of settingsOf(dockerfile, VARIABLE))
      if (OFF.test(value ?? "")) yield { at: range, message: MESSAGE, ...remedy(`Remove \`${name}\``) };
    for (const { run, command } of dockerfile.commands) {
      if (!/^(?:npm|yarn|pnpm)$/.test(command.program ?? "")) continue;
      const { args } = command;
      for (const [index, word] of args.entries()) {
        const next = args[index + 1];
        if (/^(?:--strict-ssl=(?:false|0)|--no-strict-ssl)$/.test(word.value ?? ""))
          yield {
            at: word.range,
            message: MESSAGE,
            fixes: [unsafe(`Remove \`${word.value}\``, removeArguments(run, command, word))],
          };
        else if (args.some(({ value }) => value === "set") && SETTING.test(word.value ?? "")) {
          const isJoined = word.value!.includes("=");
          if (!isJoined && !OFF.test(next?.value ?? "")) continue;
          yield {
            at: { start: word.range.start, end: isJoined ? word.range.end : next!.range.end },
            message: MESSAGE,
            ...itemRemedy(run, command, "Remove the setting"),
          };
        }
      }
    }
    for (const { range, instruction, match } of mentions(
      dockerfile,
      /(?<=^\s*["']?)(?:strict-ssl\s*=\s*false|strict-ssl false|enableStrictSsl:\s*false)/gm,
    )) {
      // Only what is written to a file.
      if (
        instruction.keyword === "RUN" &&
        !/\b(?:npm|yarn)rc\b/.test(dockerfile.text.slice(range.end, instruction.range.end))
      )
        continue;
      if (match.index === undefined) continue;
      yield { at: range, message: MESSAGE, refusal: "the line stands in a file that is written here" };
    }
  },
});

const MESSAGE = "The registry's certificate is not checked, so that anybody on the way can say what is installed";
const OFF = /^(?:false|0)$/i;
const VARIABLE = /^(?:npm_config_strict_ssl|yarn_strict_ssl|yarn_enable_strict_ssl)$/i;
const SETTING = /^(?:strict-ssl|enableStrictSsl)(?:=(?:false|0))?$/;
