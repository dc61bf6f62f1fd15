/** What a container runs, command by command, and whether it takes a shell to do so. */
import { baseName, type Command, commandOf, commandOfJson } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { scriptOf } from "../model/start.ts";
import type { Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellScript } from "../syntax/shell.ts";
import { replace } from "./edit.ts";
import type { Edit } from "./rule.ts";

export interface ContainerStart {
  /** Behind init programs; there is at least one. */
  readonly commands: readonly Command[];
  /** ENTRYPOINT and CMD, as far as they count. */
  readonly instructions: readonly Instruction[];
  /** The init program in front, such as `tini`. */
  readonly init: string | undefined;
  /** Nothing but a shell can run it. */
  readonly needsShell: boolean;
  /** What makes an exec form of a shell form of plain words. */
  readonly execEdits: readonly Edit[];
}

const INITS = /^(?:tini(?:-static)?|dumb-init|catatonit)$/;

/** `undefined`: nothing is started, or it is not known what. */
export function containerStart(stage: Stage): ContainerStart | undefined {
  const entrypoint = stage.last("ENTRYPOINT");
  const cmd = stage.last("CMD");
  const entry = entrypoint?.json?.length === 0 ? undefined : entrypoint;
  const first = entry ?? cmd;
  if (!first || !stage.instructions.includes(first)) return undefined;
  if (entry?.json && cmd && !cmd.json) return undefined;
  if (!first.json) return ofShellForm(stage, first);
  const words = [...first.json, ...(entry && cmd?.json ? cmd.json : [])];
  const init = INITS.test(baseName(words[0]?.value ?? "")) ? baseName(words[0]!.value) : undefined;
  let from = 0;
  if (init !== undefined) {
    from = 1;
    while (words[from]?.value.startsWith("-") && words[from]!.value !== "--") from++;
    if (words[from]?.value === "--") from++;
  }
  const command = commandOfJson(words.slice(from));
  if (!command) return undefined;
  const instructions = entry && cmd ? [entry, cmd] : [first];
  const isShell = /^(?:sh|bash|ash|dash)$/.test(command.program ?? "");
  if (!isShell) return { commands: [command], instructions, init, needsShell: false, execEdits: [] };
  // A script in a file, or a text with escapes of JSON.
  const script = scriptOf(command, stage.dockerfile.text);
  if (!script) return undefined;
  const commands = script.commands.map(commandOf);
  return commands.length > 0 ? { commands, instructions, init, needsShell: true, execEdits: [] } : undefined;
}

function ofShellForm(stage: Stage, instruction: Instruction): ContainerStart | undefined {
  if (!stage.shellBefore(instruction).posix) return undefined;
  const script = parseShell(instruction.rest);
  const commands = script.commands.map(commandOf);
  if (commands.length === 0 || script.errors.length > 0) return undefined;
  const words = plainWords(script, instruction);
  const execEdits =
    words?.map(({ range, value }, index) =>
      replace(range, `${index === 0 ? "[" : ""}${JSON.stringify(value)}${index === words.length - 1 ? "]" : ","}`),
    ) ?? [];
  // `exec` goes.
  if (execEdits[0]) execEdits[0] = { ...execEdits[0], start: instruction.rest.range.start };
  return { commands, instructions: [instruction], init: undefined, needsShell: words === undefined, execEdits };
}

/** The words of the only command, when they are all that there is. */
function plainWords(
  { items }: ShellScript,
  { rest, comments }: Instruction,
): readonly Command["words"][number][] | undefined {
  const command = items.length === 1 ? items[0]!.command : undefined;
  if (!command || command.assignments.length > 0 || command.redirects.length > 0 || comments.length > 0)
    return undefined;
  if (command.range.start !== rest.range.start || command.range.end !== rest.range.end) return undefined;
  const words = command.name === "exec" ? command.args : command.words;
  const isPlain = words.length > 0 && words.every(({ value, text }) => value !== undefined && !/^~|[=:]~/.test(text));
  return isPlain && !/^(?:cd|export|eval|source|\.|set|umask|ulimit|trap|:)$/.test(words[0]!.value!)
    ? words
    : undefined;
}

/** The programs of commands, but for those that every image with a shell has. */
export function foreignPrograms(commands: readonly Command[]): readonly Command[] {
  return commands.filter(
    ({ program }) =>
      program === undefined ||
      !/^(?:echo|printf|test|\[|cd|export|set|true|:|sleep|exec|mkdir|cat|rm|ls|env|umask|ulimit|chmod|date|trap|wait)$/.test(
        program,
      ),
  );
}
