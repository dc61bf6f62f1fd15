import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { insertAfter, removeInstruction, removeItem, removeWord } from "./edit.ts";
import { joinRuns } from "./join-runs.ts";
import { named } from "./options.ts";
import { assuming, defineRule, type Edit, type Finding, safe, unsafe } from "./rule.ts";
import { transferOptions } from "./transfer.ts";

export default defineRule({
  id: "removed-in-later-layer",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [],
  fix: "safe",
  concerns: "image",

  *check(dockerfile) {
    const files = new Map<Instruction, readonly Created[]>();
    const filesOf = (stage: Stage, instruction: Instruction): readonly Created[] => {
      const known = files.get(instruction) ?? createdBy(stage, instruction);
      files.set(instruction, known);
      return known;
    };
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "rm" || (command.shell && command.shell.place !== "chain")) continue;
      const earlier = run.stage.effective(run.instruction).flatMap((instruction) => filesOf(run.stage, instruction));
      for (const word of command.args) {
        const path = pathOf(run, word.value);
        if (path === undefined || path === "/") continue;
        const created = earlier.findLast((file) => file.path === path || file.path.startsWith(`${path}/`));
        if (!created || isMadeAnew(run, command, created.path)) continue;
        yield {
          at: word.range,
          message: `\`rm\` only hides it: an earlier layer still has \`${created.path}\``,
          related: [{ at: created.instruction.range, message: "This layer has it" }],
          ...(created.instruction.keyword === "RUN" ? joining(run, created) : mounting(run, command, word, created)),
        };
      }
    }
  },
});

/** The RUNs from the one that makes it to the one that deletes it become one. */
function joining(run: Run, { instruction }: Created): Pick<Finding, "fixes" | "refusal"> {
  const { instructions, runs } = run.stage;
  const between = instructions.slice(instructions.indexOf(instruction), instructions.indexOf(run.instruction) + 1);
  const joined = between.map((one) => runs.find((candidate) => candidate.instruction === one));
  const edits =
    instructions.includes(instruction) && joined.every((one) => one !== undefined)
      ? joinRuns(joined as readonly Run[])
      : "other instructions stand between";
  if (typeof edits === "string") return { refusal: `it has to be deleted by the \`RUN\` that makes it, and ${edits}` };
  return { fixes: [safe("Do all of it in one `RUN`", edits)] };
}

/** The one RUN that uses the file is shown it in a mount. */
function mounting(run: Run, command: Command, word: ShellWord, created: Created): Pick<Finding, "fixes" | "refusal"> {
  const { stage } = run;
  const { syntax, text } = stage.dockerfile;
  const copy = created.instruction;
  const refusal = "a `RUN` can be shown the file without a copy: `--mount=type=bind,source=...,target=...`";
  const target = copy.arguments.at(-1)!;
  if (copy.keyword === "ADD" && /^https?:/i.test(copy.arguments[0]?.value ?? ""))
    return { refusal: "the `RUN` that deletes it would have to fetch it, too, with `curl` or `wget`" };
  const source = copy.arguments.slice(0, -1).find(({ value }) => baseName(value) === baseName(created.path));
  const isPlain = copy.keyword === "COPY" && copy.flags.length === 0 && !copy.json && copy.comments.length === 0;
  if (!isPlain || copy.arguments.length !== 2 || !source || !stage.instructions.includes(copy)) return { refusal };
  const path = stage.resolve(source, copy);
  if (path === undefined || path.startsWith("..") || /[,\s"']/.test(`${path}${created.path}`)) return { refusal };
  const mentioning = stage.dockerfile.stages
    .flatMap(({ instructions }) => instructions)
    .filter((one) => one !== copy && text.slice(one.range.start, one.range.end).includes(baseName(created.path)));
  const users = mentioning.filter((one) => one !== run.instruction || !isAlone(run));
  const [user] = users;
  const using = stage.runs.find(({ instruction }) => instruction === user);
  if (
    users.length !== 1 ||
    !using ||
    using.onbuild !== (copy.onbuild !== undefined) ||
    using.instruction.heredocs.length > 0
  )
    return { refusal: `more than one instruction uses it; ${refusal}` };
  const others = using.commands.filter((one) => one !== command);
  if (
    others.some(
      (one) =>
        CHANGES.test(one.program ?? "") && one.words.some(({ text: said }) => said.includes(baseName(created.path))),
    )
  )
    return { refusal: "the `RUN` changes the file, and what is mounted cannot be changed" };
  const deletion = deletionOf(run, command, word);
  if (!deletion) return { refusal };
  const mount = ` --mount=type=bind,source=${path.replace(/^\.?\/+/, "")},target=${created.path}`;
  const place = using.instruction.flags.at(-1)?.range ?? using.instruction.keywordRange;
  const fix = unsafe(
    `Mount \`${target.value === created.path ? path : baseName(path)}\` where it is used`,
    removeInstruction(syntax, copy),
    insertAfter(place, mount),
    deletion,
  );
  return { fixes: [assuming(fix, "The image is built with BuildKit, which Docker has used since version 23.")] };
}

/** What writes to its file, or beside it in its place. */
const CHANGES =
  /^(?:chmod|chown|chgrp|mv|sed|gunzip|bunzip2|unxz|gzip|xz|truncate|tee|touch|patch|dos2unix|unlink|rm)$/;

/** The RUN does nothing but delete. */
function isAlone({ commands }: Run): boolean {
  return commands.length === 1;
}

function deletionOf(run: Run, command: Command, word: ShellWord): Edit | undefined {
  const { syntax } = run.stage.dockerfile;
  const operands = command.args.filter(({ text }) => !text.startsWith("-"));
  if (operands.length > 1) return command.shell ? removeWord(syntax, word) : undefined;
  if (isAlone(run)) return run.instruction.comments.length > 0 ? undefined : removeInstruction(syntax, run.instruction);
  const item = command.shell?.item;
  return item && run.script && item.command === command.shell ? removeItem(syntax, run.script, item) : undefined;
}

interface Created {
  readonly path: string;
  readonly instruction: Instruction;
}

/** The files that an instruction certainly brings: copies, downloads, clones. */
function createdBy(stage: Stage, instruction: Instruction): readonly Created[] {
  const owner = stage.lineage.find((one) => one.instructions.includes(instruction));
  if (!owner) return [];
  if (instruction.keyword === "RUN") {
    const run = owner.runOf(instruction);
    if (!run) return [];
    const paths = run.commands.flatMap((command) => {
      const path = pathOf(run, downloaded(command));
      return path === undefined || isDeletedThere(run, path) ? [] : [path];
    });
    return paths.map((path) => ({ path, instruction }));
  }
  if (!/^(?:COPY|ADD)$/.test(instruction.keyword) || instruction.heredocs.length > 0) return [];
  const words = instruction.arguments.map((word) => owner.resolve(word, instruction));
  const target = words.at(-1);
  if (words.length < 2 || words.includes(undefined) || target === undefined) return [];
  const workdir = owner.workdirBefore(instruction);
  const folder = target.startsWith("/") ? target : workdir === undefined ? undefined : `${workdir}/${target}`;
  if (folder === undefined) return [];
  const isFolder = /(?:^|\/)\.?$/.test(target) || words.length > 2;
  return words.slice(0, -1).flatMap((source) => {
    const name = baseName(source!.replace(/[?#].*$/, "").replace(/\/+$/, ""));
    // What a folder, a pattern or an archive becomes is not known.
    if (
      /[*?[]/.test(source!) ||
      !/\.\w+$/.test(name) ||
      (instruction.keyword === "ADD" && !/^https?:/i.test(source!) && /\.(?:tar|tgz|gz|xz|bz2|zst)/.test(name))
    )
      return [];
    return [{ path: normalise(isFolder ? `${folder}/${name}` : folder), instruction }];
  });
}

function downloaded(command: Command): string | undefined {
  const options = transferOptions(command);
  if (options) {
    const [file] = named(options, ...(command.program === "curl" ? ["-o", "--output"] : ["-O", "--output-document"]));
    return file?.value === "-" ? undefined : file?.value;
  }
  return undefined;
}

function pathOf(run: Run, path: string | undefined): string | undefined {
  if (path === undefined || path === "" || path.startsWith("-") || /[*?[$~]/.test(path)) return undefined;
  if (path.startsWith("/")) return normalise(path);
  const workdir = run.stage.workdirBefore(run.instruction);
  const moves = run.commands.some(({ program }) => program === "cd" || program === "pushd");
  return workdir === undefined || moves ? undefined : normalise(`${workdir}/${path}`);
}

/** Deleted, moved, or in a mount: not in the layer. */
function isDeletedThere(run: Run, path: string): boolean {
  if (run.hasMount(path, "cache", "tmpfs", "bind")) return true;
  return run.commands.some(
    ({ program, args }) =>
      /^(?:rm|mv|find|unlink)$/.test(program ?? "") &&
      args.some(({ value, text }) => {
        const named = pathOf(run, value);
        return named === undefined ? !text.startsWith("-") : path === named || path.startsWith(`${named}/`);
      }),
  );
}

/** The RUN makes the file itself before it deletes it. */
function isMadeAnew(run: Run, command: Command, path: string): boolean {
  return (
    run.hasMount(path, "cache", "tmpfs", "bind") ||
    run.commands.some((other) => other.range.start < command.range.start && pathOf(run, downloaded(other)) === path)
  );
}
