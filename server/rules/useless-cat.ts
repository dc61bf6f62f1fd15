import { insertAfter } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "useless-cat",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: ["shellcheck/SC2002"],
  enabled: false,
  fix: "unsafe",
  assumes: "The command reads its input alone, and does not care that it is a file.",

  *check({ runs }) {
    for (const { pipelines } of runs.flatMap(({ scripts }) => scripts)) {
      for (const { members } of pipelines) {
        const [cat, next] = members;
        const [file, ...more] = cat?.args ?? [];
        if (cat?.name !== "cat" || !file || more.length > 0 || cat.redirects.length > 0) continue;
        // Several files, or an option.
        if (/^-/.test(file.value ?? file.text) || (file.value === undefined && !/^"[^"]*"$/.test(file.text))) continue;
        const isFree =
          next !== undefined &&
          next.words.length > 0 &&
          next.redirects.every(({ operator }) => !operator.startsWith("<"));
        yield {
          at: cat.range,
          message: "`cat` only passes one file on, which the next command could read itself",
          fixes: isFree
            ? [
                unsafe(
                  `Write \`< ${file.text}\``,
                  { start: cat.range.start, end: next.range.start, text: "" },
                  insertAfter(next.range, ` < ${file.text}`),
                ),
              ]
            : [],
        };
      }
    }
  },
});
