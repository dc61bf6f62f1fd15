import type { Run } from "../model/run.ts";
import { isSingleRun, joinRuns } from "./join-runs.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "joinable-runs",
  category: "efficiency",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  assumes: "Their layers need not be cached apart: when one of them changes, both run again.",
  enabled: false,
  refactoring: true,

  *check({ stages }) {
    for (const stage of stages) {
      let before: Run | undefined;
      for (const instruction of stage.instructions) {
        const run = stage.runOf(instruction);
        // Two single commands are a finding of their own.
        if (run && before && !(isSingleRun(run) && isSingleRun(before))) {
          const edits = joinRuns([before, run]);
          yield {
            at: instruction.keywordRange,
            message: "This `RUN` and the one above could be one layer",
            ...(typeof edits === "string"
              ? { refusal: edits }
              : { fixes: [unsafe("Join this `RUN` to the one above", edits)] }),
          };
        }
        before = run;
      }
    }
  },
});
