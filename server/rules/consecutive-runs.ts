import type { Run } from "../model/run.ts";
import { replace } from "./edit.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "consecutive-runs",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3059", "kics/multiple_run_add_copy_instructions_listed", "sonar/S7031"],
  enabled: false,
  fix: "unsafe",
  concerns: "image",

  *check({ stages, text, syntax }) {
    for (const stage of stages) {
      if (!stage.isInImage) continue;
      let before: Run | undefined;
      for (const instruction of stage.instructions) {
        const run = stage.runs.find((one) => one.instruction === instruction);
        if (run && before && isSingle(run) && isSingle(before) && flagsOf(run) === flagsOf(before)) {
          yield { at: instruction.keywordRange, ...repair(text, `${syntax.escape}${syntax.lineEnd}`, before, run) };
        }
        before = run;
      }
    }
  },
});

function isSingle({ commands, instruction }: Run): boolean {
  return commands.length === 1 && instruction.heredocs.length === 0;
}

function flagsOf({ instruction }: Run): string {
  return instruction.flags.map(({ name, value }) => `${name}=${value?.value}`).join(" ");
}

function repair(text: string, continuation: string, before: Run, { instruction }: Run): Omit<Finding, "at"> {
  const message = "This `RUN` and the one above could be one layer";
  const isShell = !before.instruction.json && !instruction.json;
  const gap = { start: before.instruction.rest.range.end, end: instruction.rest.range.start };
  const isEmpty = !text.slice(before.instruction.range.end, instruction.range.start).includes("#");
  return isShell && isEmpty
    ? { message, fixes: [unsafe("Join it to the one above", replace(gap, ` && ${continuation}    `))] }
    : { message, refusal: "a comment stands between them, or one is in exec form" };
}
