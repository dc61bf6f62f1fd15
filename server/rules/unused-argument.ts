import type { Dockerfile } from "../model/dockerfile.ts";
import type { Instruction, KeyValue } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { removeInstruction, removeWord } from "./edit.ts";
import { defineRule, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "unused-argument",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "safe",
  assumes: "The comments in it are not needed either.",
  tag: "unnecessary",
  judges: "stage",

  *check(dockerfile) {
    const { preamble, stages, syntax } = dockerfile;
    if (stages.length === 0) return;
    for (const instruction of preamble) {
      const rest = [{ start: instruction.range.start, end: syntax.text.length }];
      if (instruction.keyword === "ARG") yield* unusedPairs(dockerfile, instruction, rest);
    }
    for (const stage of stages) {
      if (!stage.instructions.some(({ keyword }) => keyword === "ARG")) continue;
      const heirs = stages.filter((other) => other !== stage && other.lineage.includes(stage));
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ARG" || instruction.onbuild || instruction === syntax.instructions.at(-1))
          continue;
        const later = stage.instructions.filter(({ range }) => range.start > instruction.range.start);
        // A program may read it without its name standing here.
        const seen = [...later, ...heirs.flatMap(({ instructions }) => instructions)];
        if (seen.some(({ keyword, onbuild }) => keyword === "RUN" || onbuild)) continue;
        const own = { start: instruction.range.start, end: stage.instructions.at(-1)!.range.end };
        yield* unusedPairs(dockerfile, instruction, [own, ...seen.map(({ range }) => range)]);
      }
    }
  },
});

/** The builder or its frontend reads them. */
const PREDEFINED = /^(?:BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:HTTPS?|FTP|NO|ALL)_PROXY)$/i;

function* unusedPairs(
  { text, syntax }: Dockerfile,
  instruction: Instruction,
  places: readonly Range[],
): Generator<Finding> {
  for (const { key, range } of instruction.pairs) {
    const name = key.value;
    if (!/^\w+$/.test(name) || PREDEFINED.test(name)) continue;
    const mention = new RegExp(`\\b${name}\\b`, "g");
    const isUsed = places.some(({ start, end }) =>
      [...text.slice(start, end).matchAll(mention)].some(({ index }) => {
        const offset = start + index;
        const isOwn = key.range.start <= offset && offset < key.range.end;
        return (
          !isOwn && !syntax.comments.some((comment) => comment.range.start <= offset && offset < comment.range.end)
        );
      }),
    );
    if (!isUsed) yield { at: range, message: `Nothing uses \`${name}\``, fixes: [removal(syntax, instruction, range)] };
  }
}

function removal(syntax: Dockerfile["syntax"], instruction: Instruction, pair: KeyValue["range"]) {
  const edit = instruction.pairs.length > 1 ? removeWord(syntax, pair) : removeInstruction(syntax, instruction);
  return (instruction.comments.length > 0 ? unsafe : safe)("Delete the argument", edit);
}
