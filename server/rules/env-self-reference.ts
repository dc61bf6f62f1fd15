import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { replace } from "./edit.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "env-self-reference",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL3044", "kics/env_no_refer_envvar", "buildkit/UndefinedVar"],
  fix: "unsafe",
  assumes: "The new value is meant, not the one from before.",

  *check({ stages }) {
    for (const stage of stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ENV" || instruction.pairs.length < 2) continue;
        yield* judge(stage, instruction);
      }
    }
  },
});

function* judge(stage: Stage, instruction: Instruction): Generator<Finding> {
  const { text, syntax } = stage.dockerfile;
  const { pairs, comments, keywordRange, onbuild } = instruction;
  const known = stage.environmentBefore(instruction);
  for (const [index, { value, key }] of pairs.entries()) {
    for (const { name, range } of value?.variables ?? []) {
      // What it was before may be meant.
      const setter = pairs.findIndex((pair) => pair.key.value === name);
      if (setter === -1 || name === key.value || known.has(name) || name === "PATH") continue;
      const gap = { start: pairs[index - 1]?.range.end ?? 0, end: pairs[index]!.range.start };
      const isInterrupted = comments.some((comment) => gap.start < comment.range.end && comment.range.start < gap.end);
      const keyword = text.slice((onbuild ?? instruction).keywordRange.start, keywordRange.end);
      yield {
        at: range,
        message: `\`${name}\` has its new value only behind this \`ENV\``,
        related: [{ at: pairs[setter]!.range, message: "where it is set" }],
        ...(setter < index && !isInterrupted
          ? { fixes: [unsafe("Begin a new `ENV` here", replace(gap, `${syntax.lineEnd}${keyword} `))] }
          : {
              refusal: isInterrupted
                ? "a comment stands inside of the `ENV`"
                : "the value would have to be set further up",
            }),
      };
    }
  }
}
