/** Which program a container starts, behind what only starts another: init programs, `uv run`, `python -m`, `npx`. */
import { baseName } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellWord } from "../syntax/shell.ts";
import { readOptions } from "./options.ts";

export interface Start {
  /** ENTRYPOINT, or CMD; in the exec form, the words of both together. */
  readonly instructions: readonly Instruction[];
  readonly words: readonly ShellWord[];
  /** The program that stays in the end, by its file or module name; `undefined`: not known. */
  readonly name: string | undefined;
  readonly word: ShellWord | undefined;
  readonly args: readonly ShellWord[];
  /** What stands before it: `tini`, `uv run`. */
  readonly runners: readonly Runner[];
  /** A script comes first, which may do anything with the rest. */
  readonly behindScript: boolean;
  readonly isExec: boolean;
}

export interface Runner {
  readonly name: string;
  readonly words: readonly ShellWord[];
}

/** What a container of the stage starts: one in the exec form, each command in the shell form. */
export function startsOf(stage: Stage): readonly Start[] {
  const entrypoint = stage.last("ENTRYPOINT");
  const cmd = stage.last("CMD");
  const entry = entrypoint?.json?.length === 0 ? undefined : entrypoint;
  if (!entry) return cmd ? startsIn([cmd], stage) : [];
  if (!entry.json) return startsIn([entry], stage);
  if (cmd && !cmd.json) return [...startsIn([entry], stage), ...startsIn([cmd], stage)];
  return startsIn(cmd ? [entry, cmd] : [entry], stage);
}

function startsIn(instructions: readonly Instruction[], stage: Stage): readonly Start[] {
  const [first] = instructions;
  if (first?.json) {
    const words = instructions
      .flatMap(({ json }) => json ?? [])
      .map(({ range, text, value }) => ({ range, text, value, quoted: true }));
    return [startOf(instructions, words, true)];
  }
  if (!first || !stage.shellBefore(first).posix) return [];
  return parseShell(first.rest).commands.map(({ words }) => startOf(instructions, words, false));
}

const INITS = /^(?:tini(?:-static)?|dumb-init|catatonit|docker-init)$/;
const PROJECT_TOOLS = /^(?:uv|poetry|pipenv|pdm|hatch|rye|pixi)$/;
const UV_VALUED = new Set(
  "--with --with-editable --with-requirements --extra --group --only-group --no-group --python -p --project --directory --env-file --index --default-index --index-url --extra-index-url --package --config-file --cache-dir --color -w -e".split(
    " ",
  ),
);

function startOf(instructions: readonly Instruction[], words: readonly ShellWord[], isExec: boolean): Start {
  const runners: Runner[] = [];
  let behindScript = false;
  let i = 0;
  let module = false;
  for (;;) {
    const name = baseName(words[i]?.value ?? "");
    const next = module ? undefined : behindRunner(name, words, i);
    module = false;
    if (next === undefined || next >= words.length) break;
    if (isScript(words[i]!)) behindScript = true;
    runners.push({ name, words: words.slice(i, next) });
    module = /^python[\d.]*$/.test(name);
    i = next;
  }
  const word = words[i];
  const name = word?.value === undefined ? undefined : baseName(word.value);
  return { instructions, words, name, word, args: words.slice(i + 1), runners, behindScript, isExec };
}

function isScript({ value }: ShellWord): boolean {
  return /(?:\.sh|entrypoint)$/.test(value ?? "");
}

/** The index behind something that only starts another program; `undefined`: it is a program itself. */
function behindRunner(name: string, words: readonly ShellWord[], at: number): number | undefined {
  const rest = words.slice(at + 1);
  const skip = (count: number, valued: ReadonlySet<string> = new Set()): number => {
    let i = at + 1 + count;
    while (words[i]?.value?.startsWith("-") && words[i]!.value !== "--") i += valued.has(words[i]!.value!) ? 2 : 1;
    return words[i]?.value === "--" ? i + 1 : i;
  };
  if (INITS.test(name)) return skip(0, new Set(["-e", "-p", "--rewrite", "-r"]));
  if (words[at] && isScript(words[at]!)) return at + 1;
  if (PROJECT_TOOLS.test(name)) return rest[0]?.value === "run" ? skip(1, UV_VALUED) : undefined;
  if (/^python[\d.]*$/.test(name)) {
    const flag = rest.findIndex(({ value }) => value === undefined || !/^-[bBdEiIOPqsSuvx]+$/.test(value));
    return rest[flag]?.value === "-m" ? at + 2 + flag : undefined;
  }
  if (name === "bundle" || name === "pnpm" || name === "yarn")
    return /^(?:exec|dlx)$/.test(rest[0]?.value ?? "") ? skip(1) : undefined;
  if (name === "npx" || name === "bunx") return skip(0, new Set(["-p", "--package"]));
  if (/^(?:ddtrace-run|opentelemetry-instrument|exec|nohup)$/.test(name)) return skip(0);
  if (name === "newrelic-admin") return skip(1);
  if (name === "gosu" || name === "su-exec") return at + 2;
  if (name === "env") {
    const plain = rest.findIndex(({ value }) => value !== undefined && !/^-|=/.test(value));
    return plain === -1 ? undefined : at + 1 + plain;
  }
  return undefined;
}

/** The instruction that a word stands in. */
export function keywordOf({ instructions }: Start, word: ShellWord): "CMD" | "ENTRYPOINT" {
  const found = instructions.find(({ range }) => range.start <= word.range.start && word.range.end <= range.end);
  return found?.keyword === "ENTRYPOINT" ? "ENTRYPOINT" : "CMD";
}

export function isInit(name: string): boolean {
  return INITS.test(name);
}

/** The options of the program that is started, as far as they are known. */
export function startOptions({ args }: Start, valued: readonly string[]): ReturnType<typeof readOptions> {
  return readOptions(args, new Set(valued));
}
