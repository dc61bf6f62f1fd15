import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { named } from "./options.ts";
import { defineRule } from "./rule.ts";
import { transferOptions } from "./transfer.ts";

export default defineRule({
  id: "removed-in-later-layer",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [],
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
          refusal:
            created.instruction.keyword === "RUN"
              ? "it has to be deleted by the `RUN` that makes it"
              : "a `RUN` can be shown the file without a copy: `--mount=type=bind,source=...,target=...`",
        };
      }
    }
  },
});

interface Created {
  readonly path: string;
  readonly instruction: Instruction;
}

/** The files that an instruction certainly brings: copies, downloads, clones. */
function createdBy(stage: Stage, instruction: Instruction): readonly Created[] {
  const owner = stage.lineage.find((one) => one.instructions.includes(instruction));
  if (!owner) return [];
  if (instruction.keyword === "RUN") {
    const run = owner.runs.find((one) => one.instruction === instruction);
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
      (instruction.keyword === "ADD" && /\.(?:tar|tgz|gz|xz|bz2|zst)/.test(name))
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
