import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { replace } from "./edit.ts";
import { assuming, changing, defineRule, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "exec-form-command",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  refactoring: true,

  *check({ stages }) {
    for (const stage of stages) {
      for (const instruction of stage.instructions) {
        const { keyword, json } = instruction;
        if ((keyword !== "CMD" && keyword !== "RUN") || !json || json.length === 0) continue;
        const fix = repair(stage, instruction);
        yield {
          at: json[0]!.range,
          message: `\`${keyword}\` could be in shell form, in which variables have their values`,
          ...(typeof fix === "string" ? { refusal: fix } : { fixes: [fix] }),
        };
      }
    }
  },
});

function repair(stage: Stage, instruction: Instruction): Fix | string {
  const { keyword, rest, json } = instruction;
  const { base } = stage;
  if (!stage.shellBefore(instruction).posix || base.shell === undefined || base.shell === "none")
    return "which shell the image has is not known";
  if (
    keyword === "CMD" &&
    stage.lineage.some((one) => one.instructions.some((other) => other.keyword === "ENTRYPOINT"))
  )
    return "`CMD` is what `ENTRYPOINT` gets for arguments";
  if (instruction.comments.length > 0) return "a comment stands between the words";
  const values = json!.map(({ value }) => value);
  if (values.some((value) => /[\n\r]/.test(value))) return "a word holds a line end";
  // `exec`, so that the program and not the shell gets the signals.
  const words = [...(keyword === "CMD" && values[0] !== "exec" ? ["exec"] : []), ...values.map(quoted)];
  const fix = unsafe("Write it in shell form", replace(rest, words.join(" ")));
  return keyword === "CMD"
    ? assuming(changing(fix, "CMD"), "The `ENTRYPOINT` of the base image, if it has one, runs what it is given.")
    : assuming(fix, "The variables of the shell, such as `PWD`, make no difference to it.");
}

/** The word for a shell, as short as it may be. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
