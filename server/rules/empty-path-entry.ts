import { replace } from "./edit.ts";
import { changing, defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "empty-path-entry",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/UndefinedVar"],
  fix: "safe",
  concerns: "image",
  judges: "stage",
  mentions: /PATH/,

  *check({ stages }) {
    for (const stage of stages) {
      if (!stage.isEnvironmentKnown) continue;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ENV" || instruction.onbuild) continue;
        const known = stage.environmentBefore(instruction);
        for (const { key, value } of instruction.pairs) {
          const name = key.value;
          if (!value || !SEARCHED.has(name) || known.has(name)) continue;
          const match = /^(["']?)(?:\$(\w+|\{\w+\}):(.+)|(.+):\$(\w+|\{\w+\}))\1$/.exec(value.text);
          const [, quote = "", first, behind, before, last] = match ?? [];
          const rest = behind ?? before;
          if (rest === undefined || quote === "'" || (first ?? last)!.replace(/[{}]/g, "") !== name) continue;
          yield {
            at: value.range,
            message: `\`${name}\` is not set before, so this leaves an empty entry in it, which is the working directory`,
            fixes: [changing(safe("Leave the empty entry out", replace(value, `${quote}${rest}${quote}`)), "ENV")],
          };
        }
      }
    }
  },
});

/** Lists of folders in which an empty entry stands for the working directory: ld.so(8), python(1), gcc(1), java(1). */
const SEARCHED: ReadonlySet<string> = new Set([
  "LD_LIBRARY_PATH",
  "PYTHONPATH",
  "LIBRARY_PATH",
  "CPATH",
  "C_INCLUDE_PATH",
  "CPLUS_INCLUDE_PATH",
  "CLASSPATH",
]);
