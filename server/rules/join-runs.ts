/** Several RUNs become one, where the shell then does the same. */
import type { Run } from "../model/run.ts";
import { replace } from "./edit.ts";
import type { Edit } from "./rule.ts";

/** The edits that make one RUN of some that follow each other; or why that cannot be. */
export function joinRuns(runs: readonly Run[]): readonly Edit[] | string {
  const [first] = runs;
  if (!first) return "there is nothing to join";
  const { instructions, dockerfile } = first.stage;
  const start = instructions.indexOf(first.instruction);
  if (runs.some((run, index) => instructions[start + index] !== run.instruction))
    return "other instructions stand between";
  const { text, syntax } = dockerfile;
  const flagsOf = ({ instruction }: Run): string =>
    instruction.flags.map(({ range }) => text.slice(range.start, range.end)).join(" ");
  if (runs.some((run) => flagsOf(run) !== flagsOf(first))) return "the `RUN`s have different flags";
  for (const [index, run] of runs.entries()) {
    const reason = obstacleIn(run, index === runs.length - 1);
    if (reason) return reason;
  }
  const between = text.slice(first.instruction.range.end, runs.at(-1)!.instruction.range.start);
  if (runs.some(({ instruction }) => instruction.comments.length > 0) || /^[ \t]*#/m.test(between))
    return "a comment stands between them";
  const indentation = /\n([ \t]+)/.exec(text.slice(first.instruction.range.start, runs.at(-1)!.instruction.range.end));
  const joint = ` && ${syntax.escape}${syntax.lineEnd}${indentation?.[1] ?? "    "}`;
  return runs.slice(1).map((run, index) => {
    const before = runs[index]!.instruction;
    return replace({ start: before.rest.range.end, end: run.instruction.rest.range.start }, joint);
  });
}

/** A RUN of one command. */
export function isSingleRun({ commands, instruction }: Run): boolean {
  return commands.length === 1 && instruction.heredocs.length === 0;
}

/** What it leaves for the next command of the same shell would differ: the folder, variables, options. */
const LASTING =
  /^(?:cd|pushd|popd|export|set|shopt|umask|exec|exit|unset|alias|trap|source|\.|eval|ulimit|readonly|declare|shift)$/;

function obstacleIn(run: Run, isLast: boolean): string | undefined {
  const { instruction, script } = run;
  if (instruction.json) return "one of them is in exec form";
  if (instruction.heredocs.length > 0 || !script || script.errors.length > 0 || script.items.length === 0)
    return "one of them is a script of its own";
  if (script.items.slice(1).some(({ operator }) => operator !== "&&")) return "one of them goes on after a failure";
  const end = script.items.at(-1)!.range.end;
  if (/[^\s\\`]/.test(run.stage.dockerfile.text.slice(end, instruction.rest.range.end)))
    return "one of them goes on after a failure";
  if (isLast) return undefined;
  return run.commands.some(({ shell, words }) => words.length === 0 || LASTING.test(shell?.name ?? ""))
    ? "what one of them sets would hold for the next as well"
    : undefined;
}
