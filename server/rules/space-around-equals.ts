import type { Instruction, KeyValue } from "../syntax/parse.ts";
import { splitWords } from "../syntax/words.ts";
import { insertAfter, replace } from "./edit.ts";
import { changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "space-around-equals",
  category: "correctness",
  severity: "error",
  weight: "medium",
  aliases: ["sonar/S6574"],
  fix: "unsafe",
  assumes: "The blanks are a slip.",

  *check(dockerfile) {
    const { preamble, stages, syntax } = dockerfile;
    for (const instruction of [...preamble, ...stages.flatMap((stage) => stage.instructions)]) {
      const finding = judge(instruction, syntax.escape);
      if (finding) yield finding;
    }
  },
});

function judge(instruction: Instruction, escape: string): Finding | undefined {
  const { keyword, pairs } = instruction;
  const [first, second] = pairs;
  if (first?.legacy && first.value?.text.startsWith("=")) return before(instruction, first, escape);
  // `ARG NAME =value` and `ARG NAME = value`; a name alone is fine there.
  const nameless = pairs.find(({ key }, index) => key.text === "" && index > 0);
  if (keyword === "ARG" && nameless) {
    return { at: nameless.range, message: "A blank before `=` ends the argument, and the next has no name" };
  }
  // `ENV NAME= value`
  if (keyword === "ARG" || !first || !second || first.legacy || first.value?.text !== "" || second.value)
    return undefined;
  const isWhole = pairs.length === 2;
  return {
    at: { start: first.range.start, end: second.range.end },
    message: `A blank behind \`=\` ends the value, and \`${second.key.text}\` is a name without one`,
    ...(isWhole && instruction.comments.length === 0
      ? {
          fixes: [
            join(instruction, "Delete the blank", replace({ start: first.range.end, end: second.range.start }, "")),
          ],
        }
      : { refusal: "where the value ends is not known" }),
  };
}

/** `ENV NAME = value`, which is read as NAME and `= value`. */
function before(instruction: Instruction, { key, value, range }: KeyValue, escape: string): Finding {
  const text = value!.text;
  const message = `The value of \`${key.value}\` is \`${text.length > 40 ? `${text.slice(0, 40)}...` : text}\`, with the \`=\``;
  const blanks = /^=\s*/.exec(text)![0];
  const rest = text.slice(blanks.length);
  const gap = { start: key.range.end, end: value!.range.start + blanks.length };
  // A continuation inside of the blanks would not be counted.
  const isPlain =
    instruction.comments.length === 0 && !/[\r\n]/.test(rest) && range.end - value!.range.start === text.length;
  const isOneWord = splitWords(rest, escape).length === 1;
  if (!isPlain || rest === "" || (!isOneWord && /["'\\`]/.test(rest))) {
    return {
      at: value!.range,
      severity: "warning",
      message,
      refusal: "the value mixes quotes and blanks, or is continued",
    };
  }
  const edits = isOneWord ? [replace(gap, "=")] : [replace(gap, '="'), insertAfter(value!.range, '"')];
  return {
    at: value!.range,
    severity: "warning",
    message,
    fixes: [join(instruction, "Delete the blanks around `=`", ...edits)],
  };
}

function join({ keyword }: Instruction, title: string, ...edits: Parameters<typeof unsafe>[1][]): Fix {
  return changing(unsafe(title, ...edits), ...(["ENV", "LABEL"] as const).filter((one) => one === keyword));
}
