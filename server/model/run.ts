/** A RUN: its mounts, and the commands that it runs, in whatever form they are written. */
import type { Flag, Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellScript } from "../syntax/shell.ts";
import { LogicalText, type Range } from "../syntax/text.ts";
import { type Command, commandOf, commandOfJson } from "./command.ts";
import type { Stage } from "./stage.ts";

/** `--mount=type=cache,target=/x`. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` when it names none. */
  readonly type: string;
  readonly options: ReadonlyMap<string, string>;
  /** `target`, `dst` or `destination`, without a slash at its end. */
  readonly target: string | undefined;
}

export class Run {
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly mounts: readonly Mount[];
  #scripts: readonly ShellScript[] | undefined;
  #commands: readonly Command[] | undefined;
  readonly #source: string;

  constructor(source: string, instruction: Instruction, stage: Stage) {
    this.#source = source;
    this.instruction = instruction;
    this.stage = stage;
    this.mounts = instruction.flags.filter((flag) => flag.name === "mount" && flag.value).map(readMount);
  }

  /** It stands behind ONBUILD, so it runs in another build. */
  get onbuild(): boolean {
    return this.instruction.onbuild !== undefined;
  }

  /** The shell scripts of it: one in the shell form, one for each heredoc that a shell reads; none where the shell is not POSIX. */
  get scripts(): readonly ShellScript[] {
    this.#scripts ??= this.#readScripts();
    return this.#scripts;
  }

  /** The script, where there is exactly one and no heredoc: that which a fix can extend. */
  get script(): ShellScript | undefined {
    return this.scripts.length === 1 && this.instruction.heredocs.length === 0 ? this.scripts[0] : undefined;
  }

  get commands(): readonly Command[] {
    this.#commands ??= this.#readCommands();
    return this.#commands;
  }

  /** Whether a mount of this kind covers the path. */
  hasMount(path: string, ...types: readonly string[]): boolean {
    return this.mounts.some(
      ({ type, target }) =>
        types.includes(type) && target !== undefined && (path === target || path.startsWith(`${target}/`)),
    );
  }

  #readScripts(): readonly ShellScript[] {
    const { instruction } = this;
    if (instruction.json || !this.stage.shellBefore(instruction).posix) return [];
    if (instruction.heredocs.length === 0) return [parseShell(instruction.rest)];
    const head = without(
      this.#source,
      instruction.rest,
      instruction.heredocs.map((heredoc) => heredoc.range),
    );
    const body = instruction.heredocs[0]!;
    const script = body.body;
    if (head.text.trim() === "") return hasForeignShebang(script.text) ? [] : [parseShell(script)];
    const line = parseShell(head);
    const reader = line.commands.length === 1 ? commandOf(line.commands[0]!) : undefined;
    const isShell =
      reader &&
      /^(?:ba|da|a)?sh$/.test(reader.program ?? "") &&
      reader.args.every(({ value }) => value?.startsWith("-"));
    return isShell ? [line, parseShell(script)] : [line];
  }

  #readCommands(): readonly Command[] {
    const { json } = this.instruction;
    if (!json) return this.scripts.flatMap((script) => script.commands.map(commandOf));
    const command = commandOfJson(json);
    return command ? [command] : [];
  }
}

function readMount(flag: Flag): Mount {
  const options = new Map<string, string>();
  for (const pair of flag.value!.value.split(",")) {
    const equals = pair.indexOf("=");
    if (equals === -1) options.set(pair.toLowerCase(), "true");
    else options.set(pair.slice(0, equals).toLowerCase(), pair.slice(equals + 1));
  }
  const target = options.get("target") ?? options.get("dst") ?? options.get("destination");
  return { flag, type: options.get("type") ?? "bind", options, target: target?.replace(/(?<=.)\/+$/, "") };
}

function hasForeignShebang(script: string): boolean {
  return script.startsWith("#!") && !/^#!\s*(?:\/usr\/bin\/env\s+(?:-S\s+)?)?(?:\S*\/)?(?:ba|da|a)?sh\b/.test(script);
}

/** The text without some parts of the source. */
function without(source: string, text: LogicalText, parts: readonly Range[]): LogicalText {
  const pieces: Range[] = [];
  for (let i = 0; i < text.text.length; i++) {
    const offset = text.offsetAt(i);
    if (parts.some((part) => part.start <= offset && offset < part.end)) continue;
    const last = pieces.at(-1);
    if (last && last.end === offset) pieces[pieces.length - 1] = { start: last.start, end: offset + 1 };
    else pieces.push({ start: offset, end: offset + 1 });
  }
  const { start } = text.range;
  return new LogicalText(source, pieces.length > 0 ? pieces : [{ start, end: start }]);
}
