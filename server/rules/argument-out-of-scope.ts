import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Range } from "../syntax/text.ts";
import { insertInstructionsAfter, keyword } from "./edit.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";
import { mayBeInherited, undeclaredVariables } from "./undeclared-variable.ts";

export default defineRule({
  id: "argument-out-of-scope",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["buildkit/UndefinedVar", "sonar/S6579"],
  fix: "unsafe",
  judges: "stage",

  *check(dockerfile) {
    const { globalArguments, syntax, preamble } = dockerfile;
    for (const stage of dockerfile.stages) {
      const seen = new Set<string>();
      const isGlobal = (name: string): boolean => globalArguments.has(name) && !mayBeInherited(stage, name);
      for (const { name, range } of usesOf(stage, isGlobal)) {
        if (seen.has(name)) continue;
        seen.add(name);
        const declaration = preamble.flatMap(({ pairs }) => pairs).find(({ key }) => key.value === name);
        yield {
          at: range,
          message: declaration
            ? `\`${name}\` is declared before the first \`FROM\`, so it is empty in this stage`
            : `\`${name}\` is empty in a stage that does not declare it`,
          related: declaration ? [{ at: declaration.range, message: "the declaration" }] : [],
          fixes: [
            assuming(
              unsafe(
                `Declare \`ARG ${name}\` in this stage`,
                insertInstructionsAfter(syntax, stage.from, `${keyword(stage, "ARG")} ${name}`),
              ),
              `Nothing relies on \`${name}\` being empty, as it has been so far.`,
            ),
          ],
        };
      }
    }
  },
});

/** Of variables that are not set in the stage, in the order of the text. */
function usesOf(stage: Stage, isMeant: (name: string) => boolean): { name: string; range: Range }[] {
  const inShell = stage.runs.filter((run) => !run.onbuild).flatMap((run) => shellUses(run, isMeant));
  const inBuilder = [...undeclaredVariables(stage)].map(({ variable }) => variable);
  return [...inShell, ...inBuilder.filter(({ name }) => isMeant(name))].sort((a, b) => a.range.start - b.range.start);
}

function shellUses(run: Run, isMeant: (name: string) => boolean): { name: string; range: Range }[] {
  const { stage, instruction, scripts } = run;
  const mounted = run.mounts.map(({ options }) => options.get("env"));
  const variables = scripts.flatMap((script) =>
    script.variables.filter(({ name }) => isMeant(name) && !mounted.includes(name)),
  );
  if (variables.length === 0) return [];
  // What another script sets is not known.
  if (
    scripts.some(({ commands }) => commands.some(({ name }) => name !== undefined && /^(?:\.|source|eval)$/.test(name)))
  )
    return [];
  const { text } = stage.dockerfile;
  const written = text.slice(instruction.range.start, instruction.range.end);
  const environment = stage.environmentBefore(instruction);
  return variables.filter(({ name, range }) => {
    if (environment.has(name)) return false;
    if (/^\$\{\w+:?[-+?=]/.test(text.slice(range.start, range.end))) return false;
    // Set by the script itself, in whatever way.
    return !new RegExp(`\\b${name}\\+?=|\\b(?:for|read|mapfile|getopts|printf|select)\\b[^;&|\\n]*\\b${name}\\b`).test(
      written,
    );
  });
}
