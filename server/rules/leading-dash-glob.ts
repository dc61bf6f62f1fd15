import { insertBefore } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "leading-dash-glob",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: ["shellcheck/SC2035", "sonar/S6573"],
  fix: "safe",

  *check({ commands }) {
    for (const { command } of commands) {
      if (!command.shell || !FILE_COMMANDS.test(command.program ?? "")) continue;
      const end = command.args.findIndex(({ text }) => text === "--");
      for (const { text, range } of command.args.slice(0, end === -1 ? undefined : end)) {
        if (!/^[*?]/.test(text)) continue;
        yield {
          at: range,
          message: `A file whose name begins with \`-\` would be an option of \`${command.program}\``,
          fixes: [safe(`Write \`./${text[0]}\``, insertBefore(range, "./"))],
        };
      }
    }
  },
});

/** They take files, and it makes no difference to them whether a name begins with `./`. */
const FILE_COMMANDS = /^(?:rm|rmdir|chmod|chown|chgrp|mv|cp|cat|touch|strip|gzip|gunzip|bzip2|xz|dpkg)$/;
