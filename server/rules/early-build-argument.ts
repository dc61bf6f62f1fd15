import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { commentBlockAbove, insertInstructionsAfter, lineOf } from "./edit.ts";
import { UNRELATED } from "./package-rules.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "early-build-argument",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  judges: "stage",

  *check({ stages, syntax, text }) {
    for (const stage of stages) {
      for (const instruction of stage.instructions) {
        const [pair, ...others] = instruction.keyword === "ARG" && !instruction.onbuild ? instruction.pairs : [];
        if (!pair || others.length > 0 || !VOLATILE.test(pair.key.value)) continue;
        const name = pair.key.value;
        const { dependents, runs } = behind(stage, instruction, name);
        const last = runs.at(-1);
        if (!last) continue;
        const moved = [instruction, ...dependents.filter(({ range }) => range.start < last.instruction.range.start)];
        const isWritten = moved.every((one) => one.comments.length === 0 && one.heredocs.length === 0);
        yield {
          at: pair.key.range,
          message: `Each new value of \`${name}\` runs \`RUN\`s again that have no use for it`,
          related: [{ at: runs[0]!.instruction.keywordRange, message: "This one, for example" }],
          ...(isWritten
            ? {
                fixes: [
                  assuming(
                    unsafe(
                      `Move it below the last \`RUN\` that installs`,
                      moved.map((one) => linesOf(one)),
                      insertInstructionsAfter(syntax, last.instruction, ...moved.map((one) => written(one))),
                    ),
                    `Nothing that the packages run when they are installed reads \`${name}\`.`,
                  ),
                ],
              }
            : { refusal: "a comment stands in it" }),
        };
      }
    }

    function linesOf(instruction: Instruction): { start: number; end: number; text: string } {
      const start = lineOf(text, commentBlockAbove(syntax, instruction)[0]?.start ?? instruction.range.start).start;
      const newline = text.indexOf("\n", instruction.range.end);
      return { start, end: newline === -1 ? text.length : newline + 1, text: "" };
    }

    function written(instruction: Instruction): string {
      const start = commentBlockAbove(syntax, instruction)[0]?.start ?? instruction.range.start;
      return text.slice(start, instruction.range.end);
    }
  },
});

/** What is another for each commit or each build. CACHE_BUST and its like stand where they shall. */
const VOLATILE =
  /^(?:[A-Z]+_)*(?:(?:GIT|VCS|SOURCE|COMMIT)_?(?:COMMIT|SHA1?|HASH|REF|REV|REVISION|BRANCH|TAG)|COMMIT|REVISION|SHA|BUILD_?(?:DATE|TIME|TIMESTAMP|NUMBER|NUM|ID)|TIMESTAMP)$/i;

interface Behind {
  /** Labels and variables that are made of it. */
  readonly dependents: readonly Instruction[];
  /** The RUNs that only install, up to the first instruction that may use it. */
  readonly runs: readonly Run[];
}

function behind(stage: Stage, argument: Instruction, name: string): Behind {
  const { text } = stage.dockerfile;
  const dependents: Instruction[] = [];
  const runs: Run[] = [];
  const names = [name];
  for (const instruction of stage.instructions.slice(stage.instructions.indexOf(argument) + 1)) {
    const uses = names.some((one) =>
      new RegExp(`\\b${one}\\b`).test(text.slice(instruction.range.start, instruction.range.end)),
    );
    if (instruction.onbuild) break;
    if (uses && (instruction.keyword === "LABEL" || instruction.keyword === "ENV")) {
      if (instruction.keyword === "ENV") {
        if (!instruction.pairs.every(({ key }) => VOLATILE.test(key.value) || /VERSION$/.test(key.value))) break;
        names.push(...instruction.pairs.map(({ key }) => key.value));
      }
      dependents.push(instruction);
    } else if (uses) break;
    else if (instruction.keyword === "RUN") {
      const run = stage.runOf(instruction);
      if (!run || !onlyInstalls(run)) break;
      runs.push(run);
    }
  }
  return { dependents, runs };
}

/** Packages by their names or from a manifest, and what belongs to it. */
function onlyInstalls(run: Run): boolean {
  const operations = new Map(run.packageOperations.map((operation) => [operation.command, operation]));
  if (run.instruction.heredocs.length > 0 || operations.size === 0) return false;
  return run.commands.every((command) => {
    const operation = operations.get(command);
    return operation ? isPlain(operation) : UNRELATED.has(command.program ?? "");
  });
}

function isPlain({ manager, action, verb }: PackageOperation): boolean {
  if (manager === "go") return verb.value === "mod";
  return manager !== "cargo" && action !== "other";
}
