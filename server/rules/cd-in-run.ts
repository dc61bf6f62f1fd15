import type { Run } from "../model/run.ts";
import { isAbsolute, normalise } from "../model/stage.ts";
import type { ShellItem } from "../syntax/shell.ts";
import { insertInstructionsBefore, keyword, remove, replace } from "./edit.ts";
import { assuming, changing, defineRule, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "cd-in-run",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3003",
    "trivy/DS-0013",
    "kics/run_command_cd_instead_of_workdir",
    "semgrep/use-workdir",
    "sonar/S6597",
  ],
  fix: "safe",

  *check({ runs }) {
    for (const run of runs) {
      const [first, ...more] = run.script?.items ?? [];
      const [cd, target] = first?.command?.words ?? [];
      if (!first?.command || cd?.value !== "cd" || !target || first.command.args.length > 1) continue;
      // To build somewhere, go back and clean up is one layer's work.
      if (
        run.commands.some(
          ({ program, range }) => range.start > cd.range.start && /^(?:cd|pushd|popd)$/.test(program ?? ""),
        )
      )
        continue;
      if (more.length > 0 && more[0]!.operator !== "&&" && more[0]!.operator !== ";") continue;
      yield {
        at: first.range,
        ...(more.length === 0
          ? {
              message: "This `cd` ends with its `RUN` and changes nothing",
              severity: "warning",
              ...settle(run, target.value),
            }
          : { message: "`WORKDIR` would say where this runs", ...move(run, first, more[0]!, target.value) }),
      };
    }
  },
});

/** A RUN that is only a `cd` was meant to be a WORKDIR. */
function settle({ stage, instruction }: Run, target: string | undefined): Pick<Finding, "fixes" | "refusal"> {
  if (!isPlain(target)) return { refusal: "where it leads is not known" };
  if (instruction.comments.length > 0 || instruction.flags.length > 0)
    return { refusal: "the `RUN` says more than that" };
  const range = { start: instruction.range.start, end: instruction.range.end };
  const fix = unsafe(`Write \`WORKDIR ${target}\``, replace(range, `${keyword(stage, "WORKDIR")} ${target}`));
  return { fixes: [assuming(changing(fix, "WORKDIR"), `What follows is meant to work in \`${target}\`.`)] };
}

/** The `cd` goes where the folder is the same without it, or where a WORKDIR that follows sets another anyway. */
function move(
  run: Run,
  cd: ShellItem,
  next: ShellItem,
  target: string | undefined,
): Pick<Finding, "fixes" | "refusal"> {
  const { stage, instruction } = run;
  if (!isPlain(target) || !cd.command || cd.command.redirects.length > 0 || cd.command.assignments.length > 0)
    return { refusal: "where it leads is not known" };
  if (next.operator !== "&&") return { refusal: "what follows the `;` also runs where there is no such folder" };
  const removal = { start: cd.range.start, end: next.range.start };
  if (instruction.comments.some(({ range }) => range.start < removal.end && removal.start < range.end))
    return { refusal: "a comment would be lost" };
  const current = stage.workdirBefore(instruction);
  if (current !== undefined && isAbsolute(target) && normalise(target) === current)
    return { fixes: [safe("Delete it: this is the working directory", remove(removal))] };
  const { instructions } = stage;
  const following = instructions[instructions.indexOf(instruction) + 1];
  const [folder] =
    following?.keyword === "WORKDIR" && !following.onbuild === !instruction.onbuild ? following.arguments : [];
  if (!folder || !isAbsolute(folder.value))
    return {
      refusal: "`WORKDIR` would hold for what follows as well: if that is right, or set back, it can be moved up",
    };
  const trigger = instruction.onbuild ? `${keyword(stage, "ONBUILD")} ` : "";
  const line = `${trigger}${keyword(stage, "WORKDIR")} ${target}`;
  const edits = [insertInstructionsBefore(stage.dockerfile.syntax, instruction, line), remove(removal)];
  return { fixes: [assuming(unsafe(`Write \`WORKDIR ${target}\` above`, edits), `The folder \`${target}\` exists.`)] };
}

function isPlain(target: string | undefined): target is string {
  return target !== undefined && /^[\w./@+-]+$/.test(target) && target !== "-";
}
