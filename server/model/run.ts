/** A RUN: its mounts, and the commands that it runs, in whatever form they are written. */
import type { Flag, Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellScript, type ShellWord } from "../syntax/shell.ts";
import { LogicalText, type Range } from "../syntax/text.ts";
import { baseName, type Command, commandIn, commandOf, commandOfJson } from "./command.ts";
import { type PackageOperation, readPackageOperations } from "./packages.ts";
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
  #packageOperations: readonly PackageOperation[] | undefined;
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

  /** What package managers do in it, in order. */
  get packageOperations(): readonly PackageOperation[] {
    this.#packageOperations ??= readPackageOperations(this);
    return this.#packageOperations;
  }

  /** Whether a mount of this kind covers the path. */
  hasMount(path: string, ...types: readonly string[]): boolean {
    return this.mounts.some(
      ({ type, target }) =>
        types.includes(type) && target !== undefined && (path === target || path.startsWith(`${target}/`)),
    );
  }

  /** The script that a command stands in; `undefined` in the exec form. */
  scriptOf(command: Command): ShellScript | undefined {
    if (this.scripts.length < 2) return command.shell && this.scripts[0];
    return this.scripts.find((script) => command.shell !== undefined && script.commands.includes(command.shell));
  }

  /** A failing command ends the script, so that what follows needs no `&&`: `set -e`, `SHELL [..., "-e", ...]`, `bash -e <<EOF`. */
  stopsOnError(script: ShellScript): boolean {
    const shell = this.stage.shellBefore(this.instruction).words.slice(1);
    if (isErrexit(this.instruction.heredocs.length > 0 && script !== this.scripts[0] ? [] : shell)) return true;
    const first = /^#!.*/.exec(script.text.text)?.[0].split(/\s+/).slice(1);
    if (first && isErrexit(first)) return true;
    const reader = this.scripts[0] !== script && this.scripts[0]?.commands[0];
    if (reader && isErrexit(reader.args.map(({ value }) => value ?? ""))) return true;
    if (
      script.commands.some(({ name, args }) => name === "set" && args.some(({ value }) => /^\+\w*e/.test(value ?? "")))
    )
      return false;
    return script.items.some(
      ({ command }) => command?.name === "set" && isErrexit(command.args.map(({ value }) => value ?? "")),
    );
  }

  /** What starts the shell of a script: the words of SHELL, of the `#!` line, or of `bash -e <<EOF`. */
  shellWordsOf(script: ShellScript): readonly string[] {
    const first = /^#!\s*(.*)/.exec(script.text.text)?.[1];
    if (first !== undefined && this.instruction.heredocs.length > 0)
      return first.split(/\s+/).filter((word, index) => !(index === 0 && baseName(word) === "env") && word !== "-S");
    const reader = this.scripts[0] !== script && this.scripts[0]?.commands[0];
    if (reader) return commandOf(reader).words.map(({ value }) => value ?? "");
    const { instruction, words } = this.stage.shellBefore(this.instruction);
    const { registry, repository = "" } = this.stage.lineage[0]!.image ?? {};
    const isStrict = registry === "docker.io" || registry === "quay.io" ? STRICT_IMAGES.test(repository) : false;
    return !instruction && isStrict ? ["/bin/bash", "-o", "pipefail", "-c"] : words;
  }

  /** The shell that reads a script; `undefined`: not known, or none of these. */
  interpreterOf(script: ShellScript): "dash" | "ash" | "bash" | undefined {
    const program = baseName(this.shellWordsOf(script)[0] ?? "").toLowerCase();
    if (program === "bash" || program === "dash") return program;
    const { shell, distribution } = this.stage.base;
    const isAlmquist = distribution === "alpine" || distribution === "busybox";
    if (program === "busybox" || (program === "ash" && isAlmquist)) return "ash";
    if (program !== "sh" || shell === "none" || this.#isShellReplaced) return undefined;
    return shell;
  }

  /** Something up to here puts another shell at `/bin/sh`. */
  get #isShellReplaced(): boolean {
    const replacements = this.stage.lineage.flatMap((stage) => stage.shellReplacements);
    if (replacements.length === 0) return false;
    return [...this.stage.effective(this.instruction), this.instruction].some((one) => replacements.includes(one));
  }

  /**
   * The words that a word stands for: variables set to known words in this RUN, or by ENV or ARG, are replaced by them;
   * any other word stays as it is.
   */
  resolve(word: ShellWord): readonly ShellWord[] {
    if (word.value !== undefined) return [word];
    const [, quote, text] = /^("?)((?:[^"'`\\*?[\]{}()$\s]|\$\{\w+\}|\$[A-Za-z_]\w*)+)\1$/.exec(word.text) ?? [];
    if (text === undefined) return [word];
    let isKnown = true;
    const value = text.replace(/\$\{?(\w+)\}?/g, (variable, name: string) => {
      const known = this.#valueOf(name);
      isKnown &&= known !== undefined;
      return known ?? variable;
    });
    if (!isKnown || /[$`*?[]/.test(value)) return [word];
    const values = quote ? [value] : value.split(/\s+/).filter((part) => part !== "");
    return values.map((one) => ({ ...word, text: one, value: one }));
  }

  /** The words, the first of them as it is known: `$VIRTUAL_ENV/bin/pip`. */
  #withProgram(words: readonly ShellWord[]): readonly ShellWord[] {
    const [word, ...rest] = words;
    const [, , braced, bare, path] = /^("?)\$(?:\{(\w+)\}|(\w+))((?:\/[\w.+-]+)+)\1$/.exec(word?.text ?? "") ?? [];
    const name = braced ?? bare;
    const folder = name === undefined ? undefined : this.#valueOf(name);
    return folder === undefined || /[\s$`*?[]/.test(folder)
      ? words
      : [{ ...word!, value: `${folder}${path}` }, ...rest];
  }

  #valueOf(name: string): string | undefined {
    const values = new Set<string | undefined>();
    for (const script of this.scripts) {
      if (
        new RegExp(`\\b(?:for|read|select|local|getopts|mapfile|unset)\\b[^;&|\\n]*\\b${name}\\b`).test(
          script.text.text,
        )
      )
        return undefined;
      for (const command of script.commands) {
        if (command.words.length > 0 && !/^(?:export|declare|readonly|typeset)$/.test(command.name ?? "")) continue;
        for (const { name: assigned, value } of command.assignments) if (assigned === name) values.add(value);
        for (const { text, value } of command.args)
          if (text.startsWith(`${name}=`)) values.add(value?.slice(name.length + 1));
      }
    }
    if (values.size > 0) return values.size === 1 ? [...values][0] : undefined;
    return this.stage.environmentBefore(this.instruction).get(name) ?? undefined;
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
    const script = withUnixLineEnds(this.#source, body.body);
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
    if (!json)
      return this.scripts
        .flatMap(({ commands }) => commands)
        .map((shell) => commandIn(shell, this.#withProgram(shell.words)));
    const command = commandOfJson(json);
    return command ? [command] : [];
  }
}

/**
 * Images whose own SHELL is bash with pipefail, which what is built on them inherits: github.com/CircleCI-Public/cimg-base,
 * mamba-org/micromamba-docker, bitnami/containers, jupyter/docker-stacks, apache/airflow; 2026-11.
 */
const STRICT_IMAGES = /^(?:cimg|bitnami(?:legacy|secure)?|jupyter)\/|^mambaorg\/micromamba$|^apache\/airflow$/;

/** `-e`, alone or in a bundle, or `-o errexit`. */
function isErrexit(options: readonly string[]): boolean {
  return options.some(
    (word, index) => /^-[a-zA-Z]*e/.test(word) || (word === "errexit" && /^-\w*o$/.test(options[index - 1] ?? "")),
  );
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
  return filter(source, text, (offset) => !parts.some((part) => part.start <= offset && offset < part.end));
}

/** A script as it reads with the line ends of Unix. */
function withUnixLineEnds(source: string, text: LogicalText): LogicalText {
  if (!text.text.includes("\r")) return text;
  return filter(source, text, (offset) => source[offset] !== "\r" || source[offset + 1] !== "\n");
}

function filter(source: string, text: LogicalText, keeps: (offset: number) => boolean): LogicalText {
  const pieces: Range[] = [];
  for (let i = 0; i < text.text.length; i++) {
    const offset = text.offsetAt(i);
    if (!keeps(offset)) continue;
    const last = pieces.at(-1);
    if (last && last.end === offset) pieces[pieces.length - 1] = { start: last.start, end: offset + 1 };
    else pieces.push({ start: offset, end: offset + 1 });
  }
  const { start } = text.range;
  return new LogicalText(source, pieces.length > 0 ? pieces : [{ start, end: start }]);
}
