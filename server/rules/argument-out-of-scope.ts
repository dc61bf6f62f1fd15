import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Range } from "../syntax/text.ts";
import { insertInstructionsAfter, keyword } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";
import { mayBeInherited, undeclaredVariables } from "./undeclared-variable.ts";

export default defineRule({
  id: "argument-out-of-scope",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["buildkit/UndefinedVar", "sonar/S6579"],
  fix: "safe",
  judges: "stage",

  *check(dockerfile) {
    const { globalArguments, syntax, preamble } = dockerfile;
    for (const stage of dockerfile.stages) {
      const seen = new Set<string>();
      for (const { name, range } of usesOf(stage)) {
        if (!globalArguments.has(name) || seen.has(name) || mayBeInherited(stage, name)) continue;
        seen.add(name);
        const declaration = preamble.flatMap(({ pairs }) => pairs).find(({ key }) => key.value === name);
        yield {
          at: range,
          message: declaration
            ? `\`${name}\` is declared before the first \`FROM\`, so it is empty in this stage`
            : `\`${name}\` is empty in a stage that does not declare it`,
          related: declaration ? [{ at: declaration.range, message: "the declaration" }] : [],
          fixes: [
            safe(
              `Declare \`ARG ${name}\` in this stage`,
              insertInstructionsAfter(syntax, stage.from, `${keyword(stage, "ARG")} ${name}`),
            ),
          ],
        };
      }
    }
  },
});

/** Of variables that are not set in the stage, in the order of the text. */
function usesOf(stage: Stage): { name: string; range: Range }[] {
  const inShell = stage.runs.filter((run) => !run.onbuild).flatMap(shellUses);
  const inBuilder = [...undeclaredVariables(stage)].map(({ variable }) => variable);
  return [...inShell, ...inBuilder].sort((a, b) => a.range.start - b.range.start);
}

function shellUses(run: Run): { name: string; range: Range }[] {
  const { stage, instruction, scripts } = run;
  // What another script sets is not known.
  if (
    scripts.some(({ commands }) => commands.some(({ name }) => name !== undefined && /^(?:\.|source|eval)$/.test(name)))
  )
    return [];
  const { text } = stage.dockerfile;
  const written = text.slice(instruction.range.start, instruction.range.end);
  const environment = stage.environmentBefore(instruction);
  return scripts
    .flatMap(({ variables }) => variables)
    .filter(({ name, range }) => {
      if (environment.has(name)) return false;
      if (/^\$\{\w+:?[-+?=]/.test(text.slice(range.start, range.end))) return false;
      // Set by the script itself, in whatever way.
      return !new RegExp(
        `\\b${name}\\+?=|\\b(?:for|read|mapfile|getopts|printf|select)\\b[^;&|\\n]*\\b${name}\\b`,
      ).test(written);
    });
}
