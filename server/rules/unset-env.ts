import type { Run } from "../model/run.ts";
import type { ShellCommand, ShellScript } from "../syntax/shell.ts";
import { removeInstruction, removeItem } from "./edit.ts";
import { defineRule, type Fix, safe } from "./rule.ts";

export default defineRule({
  id: "unset-env",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: ["sonar/S6581"],
  fix: "safe",

  *check({ runs }) {
    for (const run of runs) {
      const { stage, instruction } = run;
      for (const script of run.scripts) {
        const last = script.items.at(-1)?.command;
        if (last?.name !== "unset" || last.pipeline || script.errors.length > 0) continue;
        const names = last.args.filter(({ value }) => value !== undefined && !value.startsWith("-"));
        const setters = stage.effective(instruction).filter(({ keyword }) => keyword === "ENV");
        for (const { value, range } of names) {
          const pair = setters.flatMap(({ pairs }) => pairs).findLast(({ key }) => key.value === value);
          if (!pair) continue;
          yield {
            at: range,
            message: `\`${value}\` stays set: \`unset\` ends with its \`RUN\``,
            related: [{ at: pair.range, message: "it is set here" }],
            fixes: names.length === 1 && last.args.length === 1 ? fixesOf(run, script, last) : [],
          };
        }
      }
    }
  },
});

function fixesOf(run: Run, script: ShellScript, { item }: ShellCommand): readonly Fix[] {
  const { syntax } = run.stage.dockerfile;
  if (run.instruction.heredocs.length > 0) return [];
  if (script.items.length === 1)
    return run.instruction.flags.length > 0
      ? []
      : [safe("Remove the instruction", removeInstruction(syntax, run.instruction))];
  const edit = item.operator === "&&" && !isChained(script) ? removeItem(syntax, script, item) : undefined;
  return edit ? [safe("Remove the command", edit)] : [];
}

/** `a || b && unset X` */
function isChained({ items }: ShellScript): boolean {
  return items.some(({ operator }) => operator !== undefined && operator !== "&&");
}
