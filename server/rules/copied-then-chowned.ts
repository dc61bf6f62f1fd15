import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { commentBlockAbove, insertAfter, removeInstruction } from "./edit.ts";
import { assuming, defineRule, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "copied-then-chowned",
  category: "efficiency",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "safe",
  concerns: "image",

  *check({ stages }) {
    for (const stage of stages) {
      for (const run of stage.runs) {
        const change = changeOf(run);
        const copy = stage.instructions[stage.instructions.indexOf(run.instruction) - 1];
        if (!change || !copy || !/^(?:COPY|ADD)$/.test(copy.keyword)) continue;
        if ((copy.onbuild === undefined) !== (run.instruction.onbuild === undefined)) continue;
        const folder = locate(stage, copy.arguments.at(-1)?.value, copy);
        if (folder === undefined || folder === "/" || locate(stage, change.target.value, run.instruction) !== folder)
          continue;
        yield {
          at: change.at,
          message: `\`chown\` puts another copy of what \`${copy.keyword}\` brings into the image`,
          related: [{ at: copy.keywordRange, message: "the first copy is in this layer" }],
          ...solve(stage, copy, run, change),
        };
      }
    }
  },
});

interface Change {
  readonly owner: ShellWord;
  readonly target: ShellWord;
  readonly at: { readonly start: number; readonly end: number };
}

/** `chown -R owner target`, when the RUN does nothing else. */
function changeOf(run: Run): Change | undefined {
  const [command, ...others] = run.commands;
  if (!command || others.length > 0 || command.program !== "chown" || command.wrappers.length > 0) return undefined;
  if (run.mounts.length > 0 || run.instruction.heredocs.length > 0) return undefined;
  const { shell } = command;
  if (shell && (shell.place !== "chain" || shell.redirects.length > 0 || shell.assignments.length > 0)) return undefined;
  if (run.scripts.some(({ items, errors }) => items.length !== 1 || errors.length > 0)) return undefined;
  const options = command.args.filter(({ value, text }) => (value ?? text).startsWith("-"));
  if (options.length === 0 || !options.every(({ value }) => /^(?:-[Rfvch]*|--recursive|--verbose|--quiet|--silent|--changes)$/.test(value ?? "")))
    return undefined;
  if (!options.some(({ value }) => /^-\w*R|^--recursive$/.test(value!))) return undefined;
  const [owner, target, more] = command.args.filter((word) => !options.includes(word));
  if (!owner || !target || more || target.value === undefined) return undefined;
  return { owner, target, at: { start: command.programWord!.range.start, end: target.range.end } };
}

function locate(stage: Stage, path: string | undefined, instruction: Instruction): string | undefined {
  const known = path === undefined ? undefined : stage.expand(path, instruction);
  if (known === undefined || known === "" || /[*?[~]/.test(known)) return undefined;
  if (isAbsolute(known)) return normalise(known);
  const workdir = stage.workdirBefore(instruction);
  return workdir === undefined ? undefined : normalise(`${workdir}/${known}`);
}

function solve(
  stage: Stage,
  copy: Instruction,
  { instruction }: Run,
  { owner }: Change,
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax } = stage.dockerfile;
  if (copy.flag("chown")) return { refusal: `the \`${copy.keyword}\` sets another owner itself` };
  const name = owner.value;
  // `chown user:` takes the user's group, and a flag cannot say so; a user alone keeps the group that the files have.
  if (name === undefined || !/^[\w.-]+(?::[\w.-]+)?$/.test(name)) return { refusal: "the owner is not known by its name" };
  if (instruction.comments.length > 0) return { refusal: "a comment would be lost" };
  const flag = insertAfter(copy.keywordRange, ` --chown=${name}`);
  const title = `Add \`--chown=${name}\` to the \`${copy.keyword}\`, and take the \`RUN\` out`;
  const edits = [flag, removeInstruction(syntax, instruction)];
  void commentBlockAbove;
  void assuming;
  void safe;
  return { fixes: [unsafe(title, edits)] };
}
