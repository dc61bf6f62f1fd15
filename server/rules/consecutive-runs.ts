import type { Run } from "../model/run.ts";
import { isSingleRun, joinRuns } from "./join-runs.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "consecutive-runs",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3059", "kics/multiple_run_add_copy_instructions_listed", "sonar/S7031"],
  enabled: false,
  fix: "unsafe",
  assumes: "Both may run again when one of them changes.",
  concerns: "image",

  *check({ stages }) {
    for (const stage of stages) {
      if (!stage.isInImage) continue;
      let before: Run | undefined;
      for (const instruction of stage.instructions) {
        const run = stage.runOf(instruction);
        if (run && before && isSingleRun(run) && isSingleRun(before) && flagsOf(run) === flagsOf(before)) {
          yield { at: instruction.keywordRange, ...repair(before, run) };
        }
        before = run;
      }
    }
  },
});

function flagsOf({ instruction }: Run): string {
  return instruction.flags.map(({ name, value }) => `${name}=${value?.value}`).join(" ");
}

function repair(before: Run, run: Run): Omit<Finding, "at"> {
  const message = "This `RUN` and the one above could be one layer";
  const edits = joinRuns([before, run]);
  return typeof edits === "string"
    ? { message, refusal: edits }
    : { message, fixes: [unsafe("Join this `RUN` to the one above", edits)] };
}
