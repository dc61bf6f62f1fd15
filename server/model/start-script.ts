/** The scripts that a container starts, as far as they come from the build context: where they lie there, and what they say. */
import type { Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellScript, type ShellWord } from "../syntax/shell.ts";
import { LogicalText } from "../syntax/text.ts";
import { baseName, type Command, commandOf, commandOfJson } from "./command.ts";
import { isAbsolute, normalise, type Stage } from "./stage.ts";

/** Something that is started, or that a script of the container starts in turn. */
export interface Started {
  /** As it is written: `/docker-entrypoint.sh`. */
  readonly name: string;
  readonly program: string;
  readonly command: Command;
  /** Where it may lie in the build context, the likeliest first. */
  readonly sources: readonly string[];
  /** What it says; `undefined`: it is no script of a shell, or not known. */
  readonly script: ShellScript | undefined;
  /** It is a script, by its name or by what it says. */
  readonly isScript: boolean;
  /** The script that it stands in; absent: ENTRYPOINT or CMD. */
  readonly within?: Started;
}

const INITS = /^(?:tini(?:-static)?|dumb-init|catatonit|docker-init)$/;
const SHELLS = /^(?:ba|da|a|k|z)?sh$/;
/** What a start script is called where nothing tells what it is. */
const SCRIPT_NAME = /\.(?:ba|a)?sh$|entrypoint$|^\/init$/i;
/** More scripts are not followed. */
const FOLLOWED = 8;

/**
 * Every program that a container of the stage starts: behind init programs and shells, what a script is handed by CMD, and
 * what the scripts call, once they are known.
 */
export function startChain(stage: Stage): readonly Started[] {
  const known = CHAINS.get(stage);
  if (known) return known;
  const chain = chainOf(stage);
  CHAINS.set(stage, chain);
  return chain;
}

const CHAINS = new WeakMap<Stage, readonly Started[]>();

function chainOf(stage: Stage): readonly Started[] {
  const entrypoint = stage.last("ENTRYPOINT");
  const entry = entrypoint?.json?.length === 0 ? undefined : entrypoint;
  const cmd = stage.last("CMD");
  const started: Started[] = [];
  const first = entry ? commandsOf(entry, stage) : [];
  for (const command of first) add(started, stage, command);
  // What a script gets, it mostly starts: `exec "$@"`. So does the entrypoint of a base image.
  const takesCmd = !entry || (entry.json && (started.length === 0 || started.every(({ isScript }) => isScript)));
  if (cmd && takesCmd) for (const command of commandsOf(cmd, stage)) add(started, stage, command);
  return started;
}

/** Files of the build context that would have to be read to know more of what is started. */
export function wantedScripts(stage: Stage): readonly string[] {
  const { files } = stage.dockerfile.context;
  return [
    ...new Set(
      startChain(stage)
        .filter(({ script }) => script === undefined)
        .flatMap(({ sources }) => sources)
        .filter((source) => files === undefined || files[source] === undefined),
    ),
  ];
}

function add(all: Started[], stage: Stage, command: Command, within?: Started): void {
  const word = command.programWord?.value;
  if (word === undefined || command.program === undefined || all.length >= FOLLOWED * 40) return;
  if (INITS.test(command.program) || SHELLS.test(command.program)) {
    const next = command.args.findIndex(({ value }) => value === undefined || !/^-/.test(value));
    const flags = command.args.slice(0, next === -1 ? undefined : next).map(({ value }) => value ?? "");
    const inner = next === -1 ? undefined : command.args[next]!;
    if (!inner) return;
    if (SHELLS.test(command.program) && flags.some((flag) => /^-[a-z]*c$/.test(flag))) {
      for (const one of parseShell(plainText(inner.value ?? "")).commands) add(all, stage, commandOf(one), within);
      return;
    }
    addWords(all, stage, command.args.slice(next), within);
    return;
  }
  if (/^(?:\.|source)$/.test(command.program)) {
    addWords(all, stage, command.args, within);
    return;
  }
  if (all.some((one) => one.name === word && one.sources.length > 0)) return;
  const text = textOf(stage, word, command);
  const script = text.text !== undefined && isShellText(text.text, word) ? parseShell(plainText(text.text)) : undefined;
  const started: Started = {
    name: word,
    program: command.program,
    command,
    sources: text.sources,
    script,
    isScript: script !== undefined || (text.text === undefined && SCRIPT_NAME.test(word)),
    ...(within ? { within } : {}),
  };
  all.push(started);
  if (script && all.filter((one) => one.script).length <= FOLLOWED)
    for (const one of script.commands) add(all, stage, commandOf(one), started);
}

function addWords(all: Started[], stage: Stage, words: readonly ShellWord[], within: Started | undefined): void {
  const command = commandOfJson(words.map((word) => ({ ...word, value: word.value ?? "", variables: [] })));
  if (command) add(all, stage, command, within);
}

function commandsOf(instruction: Instruction, stage: Stage): readonly Command[] {
  if (instruction.json) {
    const command = commandOfJson(instruction.json);
    return command ? [command] : [];
  }
  return stage.shellBefore(instruction).posix ? parseShell(instruction.rest).commands.map(commandOf) : [];
}

function plainText(text: string): LogicalText {
  const plain = text.replaceAll("\r\n", "\n");
  return new LogicalText(plain, [{ start: 0, end: plain.length }]);
}

function isShellText(text: string, name: string): boolean {
  const first = /^#!.*/.exec(text)?.[0];
  return first === undefined ? /\.(?:ba|a)?sh$/.test(name) : /\b(?:ba|da|a|k|z)?sh\b/.test(first);
}

/** The file that COPY or ADD put where the program is started from, and what is known of its text. */
function textOf(
  stage: Stage,
  word: string,
  command: Command,
): { readonly sources: readonly string[]; readonly text?: string } {
  if (command.shell && command.shell.words[0]?.value === undefined) return { sources: [] };
  const workdir = stage.workdirBefore();
  const path = isAbsolute(word)
    ? normalise(word)
    : word.includes("/") && workdir !== undefined
      ? normalise(`${workdir}/${word}`)
      : undefined;
  const sources: string[] = [];
  for (const copy of stage.effective().toReversed()) {
    if ((copy.keyword !== "COPY" && copy.keyword !== "ADD") || copy.flag("from")) continue;
    const heredoc = heredocFor(stage, copy, path, word);
    if (heredoc !== undefined) return { sources: [], text: heredoc };
    sources.push(...sourcesIn(stage, copy, path, word));
  }
  const { files } = stage.dockerfile.context;
  const found = sources.find((source) => typeof files?.[source] === "string");
  const unique = [...new Set(sources)];
  return found === undefined ? { sources: unique } : { sources: unique, text: files![found]! };
}

function targetOf(stage: Stage, copy: Instruction): { readonly path: string; readonly isFolder: boolean } | undefined {
  const last = copy.arguments.at(-1);
  const value = last && stage.resolve(last, copy);
  if (value === undefined) return undefined;
  const workdir = stage.workdirBefore(copy);
  if (!isAbsolute(value) && workdir === undefined) return undefined;
  return {
    path: normalise(isAbsolute(value) ? value : `${workdir}/${value}`),
    isFolder: /\/\.?$|^\.$/.test(value) || copy.arguments.length > 2,
  };
}

/** Where the file lies that this COPY puts to the path; without a path, a program of this name in some folder of programs. */
function sourcesIn(stage: Stage, copy: Instruction, path: string | undefined, word: string): readonly string[] {
  const target = targetOf(stage, copy);
  if (!target) return [];
  const wanted = path ?? (/\/s?bin$/.test(target.path) ? `${target.path}/${word}` : undefined);
  const found: string[] = [];
  for (const { value, variables } of copy.arguments.slice(0, -1)) {
    if (variables.length > 0 || value.includes("://")) continue;
    const source = normalise(value.replace(/^\/+/, ""));
    const name = baseName(source);
    if (path === undefined && target.path.endsWith(`/${word}`) && !target.isFolder) found.push(source);
    if (wanted === undefined) continue;
    if (wanted === target.path && !target.isFolder) found.push(source);
    else if (wanted.startsWith(target.path === "/" ? "/" : `${target.path}/`)) {
      const rest = wanted.slice(target.path === "/" ? 1 : target.path.length + 1);
      if (name === rest) found.push(source);
      if (/[*?[]/.test(name)) found.push(source === name ? rest : `${source.slice(0, -name.length)}${rest}`);
      else found.push(source === "." ? rest : `${source}/${rest}`);
    }
  }
  return found;
}

/** `COPY <<EOF /entrypoint.sh` */
function heredocFor(stage: Stage, copy: Instruction, path: string | undefined, word: string): string | undefined {
  const [heredoc] = copy.heredocs;
  const target = heredoc && copy.arguments.length === 2 ? targetOf(stage, copy) : undefined;
  if (!heredoc || !target) return undefined;
  return target.path === path || (path === undefined && target.path.endsWith(`/${word}`))
    ? heredoc.body.text
    : undefined;
}
