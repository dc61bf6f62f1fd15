import type { Instruction, KeyValue } from "../syntax/parse.ts";
import { splitWords } from "../syntax/words.ts";
import { insertAfter, replace } from "./edit.ts";
import { defineRule, type Fix, safe } from "./rule.ts";

export default defineRule({
  id: "legacy-key-value",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/LegacyKeyValueFormat"],
  fix: "safe",
  tag: "deprecated",

  *check(dockerfile) {
    for (const instruction of dockerfile.stages.flatMap((stage) => stage.instructions)) {
      const pair = instruction.pairs[0];
      if (!pair?.legacy || !pair.value) continue;
      yield {
        at: pair.range,
        message: `\`${instruction.keyword}\` with a blank between name and value is deprecated; it takes one pair only`,
        ...repair(dockerfile.syntax.escape, instruction, pair, pair.value),
      };
    }
  },
});

function repair(
  escape: string,
  instruction: Instruction,
  { key }: KeyValue,
  value: NonNullable<KeyValue["value"]>,
): { fixes?: readonly Fix[]; refusal?: string } {
  if (value.text.startsWith("=")) return { refusal: "the value begins with `=`, which is probably not meant" };
  const gap = { start: key.range.end, end: value.range.start };
  const isInterrupted = instruction.comments.some(({ range }) => gap.start < range.end && range.start < gap.end);
  if (isInterrupted || /["'\\`$]/.test(key.text))
    return { refusal: "the name cannot be joined with the value as it is" };
  const title = "Join name and value with `=`";
  // One word stays what it is; a text without quotes needs a pair of them.
  if (splitWords(value.text, escape).length === 1) {
    const isClosed = !/^[^'"]*(?:"[^"]*|'[^']*)$/.test(value.text.replace(/(?:"[^"]*"|'[^']*'|[^'"])/g, ""));
    if (isClosed) return { fixes: [safe(title, replace(gap, "="))] };
  } else if (!/["'\\`]/.test(value.text)) {
    return { fixes: [safe(title, replace(gap, '="'), insertAfter(value.range, '"'))] };
  }
  return { refusal: "the value mixes quotes and blanks" };
}
