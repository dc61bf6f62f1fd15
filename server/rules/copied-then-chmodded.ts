import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { insertAfter, removeInstruction, removeItem } from "./edit.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "copied-then-chmodded",
  category: "efficiency",
  severity: "info",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  concerns: "image",
  mentions: /chmod/,

  *check({ stages }) {
    for (const stage of stages) {
      if (!stage.isInImage) continue;
      const copies = new Copies(stage);
      for (const instruction of stage.instructions) {
        const run = stage.runOf(instruction);
        for (const command of run?.commands ?? []) {
          const change = changeOf(run!, command);
          const found = change?.paths.map((path) => copies.find(path, instruction));
          if (!change || !found || found.includes(undefined)) continue;
          yield {
            at: command.range,
            message: `\`chmod\` puts another copy of ${change.paths.map((path) => `\`${path}\``).join(" and ")} into the image`,
            related: found.map((copy) => ({ at: copy!.keywordRange, message: "the first copy is in this layer" })),
            ...repair(run!, command, change.mode, found as readonly Instruction[]),
          };
        }
        copies.pass(instruction);
      }
    }
  },
});

interface Change {
  readonly mode: string;
  readonly paths: readonly string[];
}

/** `chmod 755 file ...`, which runs whenever the RUN does. */
function changeOf(run: Run, command: Command): Change | undefined {
  const { program, args, shell, wrappers } = command;
  if (program !== "chmod" || wrappers.length > 0 || run.mounts.length > 0) return undefined;
  if (shell && (shell.place !== "chain" || shell.item.command !== shell || shell.redirects.length > 0))
    return undefined;
  const [mode, ...targets] = args.map(({ value }) => value);
  if (mode === undefined || targets.length === 0 || !/^(?:a?\+x|\+rx|a\+rx|0?[0-7]{3})$/.test(mode)) return undefined;
  const paths = targets.map((target) => pathOf(run, target));
  return paths.every((path) => path !== undefined) ? { mode, paths } : undefined;
}

function pathOf(run: Run, path: string | undefined): string | undefined {
  if (path === undefined || /^-|[*?[~]/.test(path)) return undefined;
  if (isAbsolute(path)) return normalise(path);
  const workdir = run.stage.workdirBefore(run.instruction);
  const moves = run.commands.some(({ program }) => program === "cd" || program === "pushd");
  return workdir === undefined || moves ? undefined : normalise(`${workdir}/${path}`);
}

/** The files that a COPY of their own has brought, as long as nothing that comes later may have written them again. */
class Copies {
  readonly #stage: Stage;
  readonly #byPath = new Map<string, Instruction>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  find(path: string, { onbuild }: Instruction): Instruction | undefined {
    const copy = this.#byPath.get(path);
    return copy && (copy.onbuild === undefined) === (onbuild === undefined) ? copy : undefined;
  }

  pass(instruction: Instruction): void {
    const { keyword, range } = instruction;
    if (!/^(?:RUN|COPY|ADD)$/.test(keyword)) return;
    const text = this.#stage.dockerfile.text.slice(range.start, range.end);
    for (const path of this.#byPath.keys())
      if (text.includes(path.slice(path.lastIndexOf("/") + 1))) this.#byPath.delete(path);
    const path = keyword === "COPY" && !instruction.flag("chmod") ? destinationOf(this.#stage, instruction) : undefined;
    if (path !== undefined) this.#byPath.set(path, instruction);
    // A `chmod` stands close by.
    if (this.#byPath.size > REMEMBERED) this.#byPath.delete(this.#byPath.keys().next().value!);
  }
}

const REMEMBERED = 20;

/** Where its only source, which is a file by its name, comes to lie. */
function destinationOf(stage: Stage, copy: Instruction): string | undefined {
  const [source, target, more] = copy.arguments.map((word) => stage.resolve(word, copy));
  if (!source || !target || more !== undefined || copy.arguments.length !== 2) return undefined;
  const name = source.slice(source.lastIndexOf("/") + 1);
  if (!/^[\w.@+-]*\w\.\w+$|^[\w-]*entrypoint$/.test(name)) return undefined;
  const workdir = stage.workdirBefore(copy);
  if (!isAbsolute(target) && workdir === undefined) return undefined;
  const whole = isAbsolute(target) ? target : `${workdir}/${target}`;
  return normalise(/(?:^|\/)\.{0,2}$/.test(target) ? `${whole}/${name}` : whole);
}

function repair(
  run: Run,
  command: Command,
  mode: string,
  copies: readonly Instruction[],
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax } = run.stage.dockerfile;
  const script = run.scriptOf(command);
  const isOnly = script ? script.items.length === 1 : run.instruction.json !== undefined;
  if (isOnly && run.instruction.comments.length > 0) return { refusal: "a comment would be lost" };
  const item = command.shell?.item;
  const removal = isOnly
    ? removeInstruction(syntax, run.instruction)
    : script && item && run.script && removeItem(syntax, script, item);
  if (!removal) return { refusal: "what else the `RUN` does is joined to it" };
  const value = /^\d/.test(mode) ? mode : "755";
  const flags = [...new Set(copies)].map((copy) =>
    insertAfter(copy.flags.at(-1)?.range ?? copy.keywordRange, ` --chmod=${value}`),
  );
  const fix = unsafe(`Add \`--chmod=${value}\` to the \`COPY\`, and take the \`chmod\` out`, removal, flags);
  return {
    fixes: [
      assuming(
        fix,
        ...(/^\d/.test(mode) ? [] : ["Everybody may read it."]),
        "The image is built with BuildKit, which Docker has used since version 23.",
      ),
    ],
  };
}
