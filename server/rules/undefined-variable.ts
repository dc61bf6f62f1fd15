import { closest } from "../model/similar.ts";
import type { Stage } from "../model/stage.ts";
import { builderVariables } from "../model/variables.ts";
import type { Heredoc, Instruction, Variable } from "../syntax/parse.ts";
import { insertAfter, insertBefore, replace } from "./edit.ts";
import { type Contract, changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";
import { mayBeInherited, undeclaredVariables } from "./undeclared-variable.ts";

export default defineRule({
  id: "undefined-variable",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["buildkit/UndefinedVar"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",
  judges: "stage",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const reported = new Set<Heredoc>();
      for (const { instruction, variable } of undeclaredVariables(stage)) {
        // Those are out of scope, which is another thing.
        if (dockerfile.globalArguments.has(variable.name) || isSelf(instruction, variable)) continue;
        const heredoc = instruction.heredocs.find(
          ({ bodyRange }) => bodyRange.start <= variable.range.start && variable.range.end <= bodyRange.end,
        );
        if (heredoc && reported.has(heredoc)) continue;
        const finding = judge(stage, instruction, variable, heredoc);
        if (finding && heredoc) reported.add(heredoc);
        if (finding) yield finding;
      }
    }
  },
});

/** `ENV NAME=$NAME:more` is written to work whether or not the image has one. */
function isSelf(instruction: Instruction, { name, range }: Variable): boolean {
  return instruction.pairs.some(
    (pair) => pair.key.value === name && pair.range.start <= range.start && range.end <= pair.range.end,
  );
}

function judge(
  stage: Stage,
  instruction: Instruction,
  { name, nameRange, range }: Variable,
  heredoc: Heredoc | undefined,
): Finding | undefined {
  const isParameter = /^[\d@*#]/.test(name);
  const environment = stage.environmentBefore(instruction);
  const suggestion = isParameter
    ? undefined
    : closest(
        name,
        [...environment.keys()].filter(
          (key) => key.replace(/\d/g, "") !== name.replace(/\d/g, "") && !isUsedBeside(instruction, key),
        ),
      );
  // What the base image sets is not known.
  if (!isParameter && (mayBeInherited(stage, name) || (!stage.isEnvironmentKnown && !suggestion))) return undefined;
  if (heredoc) {
    return {
      at: range,
      message: `The builder expands \`$${name}\` in this text, and it is empty`,
      fixes: [literalText(stage, instruction, heredoc)],
    };
  }
  return {
    at: range,
    message: suggestion
      ? `\`${name}\` is not set here; \`${suggestion}\` is`
      : `\`${name}\` is not set here, so it is empty`,
    fixes: suggestion
      ? [changing(unsafe(`Write \`${suggestion}\``, replace(nameRange, suggestion)), ...contractOf(instruction))]
      : [],
  };
}

/** The same instruction has the other name, too: they are two things. */
function isUsedBeside(instruction: Instruction, name: string): boolean {
  return builderVariables(instruction).some((variable) => variable.name === name);
}

/** Keeps the builder from what the text holds; where some of it is meant for the builder, from the rest. */
function literalText(stage: Stage, instruction: Instruction, heredoc: Heredoc): Fix {
  const isInside = ({ range }: Variable): boolean =>
    heredoc.bodyRange.start <= range.start && range.end <= heredoc.bodyRange.end;
  const all = builderVariables(instruction).filter(isInside);
  const undeclared = [...undeclaredVariables(stage)]
    .filter((one) => one.instruction === instruction && isInside(one.variable) && one.variable.name !== "PATH")
    .map(({ variable }) => variable);
  if (undeclared.length < all.length) {
    return unsafe(
      "Escape the variables that the builder does not have",
      undeclared.map(({ range }) => insertBefore(range, "\\")),
    );
  }
  const start = heredoc.range.end - heredoc.name.length;
  const quote = [insertBefore({ start, end: start }, '"'), insertAfter(heredoc.range, '"')];
  return unsafe("Quote the delimiter, so that the text stays as it is", quote);
}

/** What the image says of itself with it. */
function contractOf({ keyword }: Instruction): Contract[] {
  return (["USER", "WORKDIR", "ENV", "LABEL", "EXPOSE", "VOLUME", "STOPSIGNAL"] as const).filter(
    (one) => one === keyword,
  );
}
