import { insertAfter } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "read-without-r",
  category: "correctness",
  severity: "hint",
  weight: "none",
  aliases: ["shellcheck/SC2162"],
  fix: "unsafe",
  assumes: "A backslash in what is read stands for itself.",

  *check({ runs }) {
    for (const { commands } of runs.flatMap(({ scripts }) => scripts)) {
      for (const { name, words, args } of commands) {
        if (name !== "read" || args.some(({ value, text }) => /^-\w*r/.test(value ?? text))) continue;
        // An option may be in it.
        if (args.some(({ value }) => value === undefined)) continue;
        yield {
          at: words[0]!.range,
          message: "`read` drops the backslashes of what it reads",
          fixes: [unsafe("Add `-r`", insertAfter(words[0]!.range, " -r"))],
        };
      }
    }
  },
});
