import { accountOptions } from "./accounts.ts";
import { replace } from "./edit.ts";
import { named } from "./options.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "empty-password",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["dockle/DKL-LI-0001"],
  fix: "unsafe",
  concerns: "image",
  mentions: /passw/i,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const options = accountOptions(command);
      if (!options) continue;
      if (command.program === "passwd") {
        const [option] = named(options, "-d", "--delete");
        const account = options.operands.at(-1);
        const name = account ? account.value : "root";
        const isLocked = run.commands.some((other) => {
          const later = other.range.start > command.range.start && accountOptions(other);
          return later && named(later, "-l", "--lock", "-L").length > 0;
        });
        if (!option || isLocked || named(options, "-l", "--lock").length > 0) continue;
        yield {
          at: option.range,
          message: `${name === undefined ? "The account" : `\`${name}\``} can be logged in to without a password`,
          fixes: [
            assuming(
              unsafe("Lock the account instead", replace(option.range, option.bundled ? "l" : "-l")),
              "Nobody logs in to it with a password.",
            ),
          ],
        };
      } else {
        for (const { value, valueText, word, valueWord } of named(options, "-p", "--password")) {
          if (value !== "" || valueText === undefined) continue;
          yield {
            at: { start: word.range.start, end: (valueWord ?? word).range.end },
            message: "The account can be logged in to without a password",
            refusal: "whether the account should have a password, or none at all, is not known",
          };
        }
      }
    }
  },
});
