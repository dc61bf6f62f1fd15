import { lineOf, replace } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "long-run-line",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: ["sonar/S7020"],
  enabled: false,
  fix: "safe",
  judges: "stage",

  *check({ runs, syntax }) {
    const { text } = syntax;
    for (const { instruction, script } of runs) {
      const end = lineOf(text, instruction.headEnd).end;
      for (let line = lineOf(text, instruction.range.start); ; line = lineOf(text, line.end + 1)) {
        const content = text.slice(line.start, line.end).replace(/\r$/, "");
        const isComment = content.trimStart().startsWith("#");
        if (content.length > 120 && !isComment && content.trim().split(/\s+/).length >= 7 && !/:\/\//.test(content)) {
          const gaps = (script?.items ?? []).flatMap(({ gap, operator }) =>
            gap &&
            operator === "&&" &&
            line.start <= gap.start &&
            gap.end <= line.end &&
            /^ *&& *$/.test(text.slice(gap.start, gap.end))
              ? [gap]
              : [],
          );
          const edits = gaps.map((gap) => replace(gap, ` && ${syntax.escape}${syntax.lineEnd}    `));
          yield {
            at: { start: line.start, end: line.start + content.length },
            message: `This line of a \`RUN\` has ${content.length} characters`,
            ...(edits.length > 0
              ? { fixes: [safe("Begin a line for each command", edits)] }
              : { refusal: "there is no `&&` at which to begin a line" }),
          };
        }
        if (line.end >= end || line.end + 1 >= text.length) break;
      }
    }
  },
});
