import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellScript, ShellWord } from "../syntax/shell.ts";
import { insertAfter, removeInstruction, removeItem } from "./edit.ts";
import { assuming, defineRule, type Finding, type Fix, safe, unsafe } from "./rule.ts";

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
      if (!stage.isInImage) continue;
      for (const run of stage.runs) {
        const change = changeOf(run);
        const copy = stage.instructions[stage.instructions.indexOf(run.instruction) - 1];
        if (!change || !copy || !/^(?:COPY|ADD)$/.test(copy.keyword) || copy.flag("chown")) continue;
        if ((copy.onbuild === undefined) !== (run.instruction.onbuild === undefined)) continue;
        const folder = locate(stage, copy.arguments.at(-1)?.value, copy);
        if (folder === undefined || folder === "/" || locate(stage, change.target.value, run.instruction) !== folder)
          continue;
        // Without `-R`, it is the owner of a folder that changes, and what is in it stays as it is.
        if (
          !change.recursive &&
          !(copy.arguments.length === 2 && /\.(?:jar|war|py|js|zip|bin|exe|pyz|whl|phar)$/.test(folder))
        )
          continue;
        yield {
          at: change.at,
          message: `\`chown\` puts another copy of what \`${copy.keyword}\` brings into the image`,
          related: [{ at: copy.keywordRange, message: "the first copy is in this layer" }],
          ...solve(stage, copy, run, change, folder),
        };
      }
    }
  },
});

interface Change {
  readonly owner: ShellWord;
  readonly target: ShellWord;
  /** `-R`; absent: it is about one file. */
  readonly recursive: ShellWord | undefined;
  readonly at: { readonly start: number; readonly end: number };
}

/** `chown owner target`, when the RUN begins with it. */
function changeOf(run: Run): Change | undefined {
  const [command] = run.commands;
  if (command?.program !== "chown" || command.wrappers.length > 0) return undefined;
  if (run.mounts.length > 0 || run.instruction.heredocs.length > 0) return undefined;
  const { shell } = command;
  if (shell && (shell.place !== "chain" || shell.redirects.length > 0 || shell.assignments.length > 0))
    return undefined;
  const isFirst = ({ items, errors }: ShellScript): boolean =>
    errors.length === 0 && items[0]?.command === shell && (items[1]?.operator ?? "&&") === "&&";
  if (!run.scripts.every(isFirst)) return undefined;
  const options = command.args.filter(({ value, text }) => (value ?? text).startsWith("-"));
  if (
    !options.every(({ value }) => /^(?:-[Rfvch]*|--recursive|--verbose|--quiet|--silent|--changes)$/.test(value ?? ""))
  )
    return undefined;
  const recursive = options.find(({ value }) => /^-\w*R|^--recursive$/.test(value!));
  const [owner, target, more] = command.args.filter((word) => !options.includes(word));
  if (!owner || !target || more || target.value === undefined) return undefined;
  return { owner, target, recursive, at: { start: command.programWord!.range.start, end: target.range.end } };
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
  run: Run,
  { owner, target, recursive }: Change,
  path: string,
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax } = stage.dockerfile;
  if (copy.keyword === "ADD") return { refusal: "what comes out of an archive keeps the owner that it has there" };
  const [, user, group = "root"] = /^([\w-]+)(?::([\w-]+))?$/.exec(owner.value ?? "") ?? [];
  if (user === undefined) return { refusal: "the owner is not known by name or number" };
  const isNumbered = /^\d+$/.test(user) && (/^\d+$/.test(group) || owner.value === user);
  if (copy.flag("link") && !isNumbered)
    return { refusal: "with `--link`, the `COPY` does not see the names of the image's users" };
  const script = run.instruction.json ? undefined : run.script;
  const isOnly = !script || script.items.length === 1;
  if (isOnly && run.instruction.comments.length > 0) return { refusal: "a comment would be lost" };
  const earlier = stage.effective(copy).find((one) => putsInto(stage, one, path));
  if (earlier) return { refusal: `\`chown\` is for what the \`${earlier.keyword}\` above put there, too` };

  // A user alone leaves the group of the files, which is root's; the flag would take the user's number for it.
  const value = `${user}:${isNumbered && group === "root" ? "0" : group}`;
  const flag = insertAfter(copy.keywordRange, ` --chown=${value}`);
  // A folder that WORKDIR has made keeps its owner under a COPY.
  const isMade = stage
    .effective(copy)
    .some((one) => one.keyword === "WORKDIR" && isInside(stage.workdirBefore(after(stage, one)), path));
  if (recursive && isMade) {
    const word = recursive.value === "-R" || recursive.value === "--recursive" ? recursive : undefined;
    if (!word || run.instruction.json)
      return { refusal: "the folder itself, which `WORKDIR` makes, needs a `chown`, too" };
    const fix = isPlain(stage, path) ? safe : unsafe;
    const title = `Add \`--chown=${value}\` to the \`COPY\`, and let \`chown\` change the folder only`;
    return {
      fixes: [assumed(stage, path, fix(title, flag, { start: word.range.start, end: nextWord(run, word), text: "" }))],
    };
  }
  const isFresh = recursive !== undefined && isPlain(stage, path) && !target.value!.endsWith("/.");
  const title = `Add \`--chown=${value}\` to the \`COPY\`, and take the \`${isOnly ? "RUN" : "chown"}\` out`;
  const removal = isOnly ? removeInstruction(syntax, run.instruction) : removeItem(syntax, script, script.items[0]!);
  if (!removal) return { refusal: "a comment would be lost" };
  const fix = (isFresh ? safe : unsafe)(title, flag, removal);
  return { fixes: [isFresh ? fix : assumed(stage, path, fix)] };
}

/** The word goes with the blanks behind it. */
function nextWord(run: Run, word: ShellWord): number {
  const { text } = run.stage.dockerfile;
  return word.range.end + /^[ \t]*/.exec(text.slice(word.range.end))![0].length;
}

/** A folder of the root that no system has: `/app`, not `/opt/app` or `/srv`. */
function isPlain({ base }: Stage, path: string): boolean {
  return (
    base.distribution !== undefined &&
    base.role !== "server" &&
    /^\/[^/]+$/.test(path) &&
    !/^\/(?:bin|boot|dev|etc|go|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$/.test(path)
  );
}

function assumed(stage: Stage, path: string, fix: Fix): Fix {
  return isPlain(stage, path)
    ? fix
    : assuming(fix, `The base image has nothing of its own in \`${path}\` that \`chown\` is for.`);
}

/** It may put something there, or at the path itself. */
function putsInto(stage: Stage, instruction: Instruction, path: string): boolean {
  const { text } = stage.dockerfile;
  if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
    const target = locate(ownerOf(stage, instruction), instruction.arguments.at(-1)?.value, instruction);
    return target === undefined || isInside(target, path) || path === target;
  }
  if (instruction.keyword !== "RUN") return instruction.keyword === "VOLUME";
  const written = text.slice(instruction.range.start, instruction.range.end);
  const owner = ownerOf(stage, instruction);
  const run = owner.runOf(instruction);
  const isAside = run?.commands.every(({ program }) => ASIDE.test(program ?? "")) ?? false;
  return written.includes(path) || (!isAside && isInside(owner.workdirBefore(instruction) ?? path, path));
}

/** Programs that write nothing into the folder that they run in. */
const ASIDE =
  /^(?:apt-get|apt|apk|dnf|microdnf|yum|useradd|groupadd|adduser|addgroup|usermod|set|rm|true|pip3?|echo|corepack|chmod|chown)$/;

function ownerOf(stage: Stage, instruction: Instruction): Stage {
  return stage.lineage.find(({ instructions }) => instructions.includes(instruction)) ?? stage;
}

/** What follows an instruction, for what holds behind it. */
function after(stage: Stage, instruction: Instruction): Instruction | undefined {
  const { instructions } = ownerOf(stage, instruction);
  return instructions[instructions.indexOf(instruction) + 1];
}

function isInside(path: string | undefined, folder: string): boolean {
  return path === undefined || path === folder || path.startsWith(`${folder}/`);
}
