/** The shell scripts of a Dockerfile as ShellCheck reads them, one by one, and what it says of them. */
import type { Instruction } from "../syntax/parse.ts";
import type { LogicalText, Range } from "../syntax/text.ts";
import { baseName } from "./command.ts";
import type { ScriptComment } from "./context.ts";
import type { Dockerfile } from "./dockerfile.ts";
import type { Run } from "./run.ts";
import type { Stage } from "./stage.ts";

export interface Script {
  readonly text: LogicalText;
  /** What it is to be checked as. */
  readonly dialect: Dialect;
  /** What ShellCheck reads: the text, with a line put in that declares what the Dockerfile does. */
  readonly input: string;
  /** The line that is put in, in indexes of the input. */
  readonly declarations: Range;
  /** What the shell lacks is known: it is no other program under the name of `sh`. */
  readonly isShellKnown: boolean;
  /** What is declared nowhere is not there. */
  readonly isEnvironmentKnown: boolean;
}

export type Dialect = "sh" | "dash" | "bash" | "ksh";

/** Those of RUN, CMD, ENTRYPOINT and HEALTHCHECK that a shell of POSIX's family reads, behind ONBUILD too. */
export function scriptsOf({ stages }: Dockerfile): readonly Script[] {
  return stages.flatMap((stage) => [
    ...stage.runs.flatMap((run) => scriptsOfRun(run)),
    ...stage.instructions.flatMap((instruction) => scriptOfStart(instruction, stage) ?? []),
  ]);
}

/** The name of what was said of a script in the context. */
export function keyOf({ dialect, input }: Pick<Script, "dialect" | "input">): string {
  return `${dialect} ${input}`;
}

/** What ShellCheck says of a script, in indexes of its text; what has no meaning in a Dockerfile is left out. */
export function commentsOn(script: Script, { context }: Dockerfile): readonly ScriptComment[] {
  const { declarations, isShellKnown, isEnvironmentKnown, text } = script;
  const length = declarations.end - declarations.start;
  const isDeclared = ({ start, end }: Range): boolean => start < declarations.end && declarations.start < end;
  const shifted = <T extends Range>(range: T): T => ({
    ...range,
    start: Math.min(range.start - (range.start < declarations.end ? 0 : length), text.text.length),
    end: Math.min(range.end - (range.end < declarations.end ? 0 : length), text.text.length),
  });
  return (context.scriptComments?.get(keyOf(script)) ?? []).flatMap((comment) => {
    if (isDeclared(comment) || MEANINGLESS.has(comment.code)) return [];
    if (!isShellKnown && /^SC3\d{3}$/.test(comment.code)) return [];
    if (!isEnvironmentKnown && comment.code === "SC2154") return [];
    const edits = comment.edits.some(isDeclared) ? [] : comment.edits.map(shifted);
    return { ...shifted(comment), edits };
  });
}

/**
 * Sources that it does not follow, a `#!` that is not there or not first, a shell that it knows under another name:
 * https://www.shellcheck.net/wiki/SC1090, SC1091, SC1128, SC2148, SC2187
 */
const MEANINGLESS: ReadonlySet<string> = new Set(["SC1090", "SC1091", "SC1128", "SC2148", "SC2187"]);

function scriptsOfRun(run: Run): readonly Script[] {
  const secrets = run.mounts.flatMap(({ options }) => options.get("env") ?? []);
  return run.scripts.flatMap((script) => {
    const interpreter = run.interpreterOf(script);
    const dialect = dialectOf(interpreter === "ash" ? "dash" : (interpreter ?? run.shellWordsOf(script)[0]));
    if (!dialect || script.text.text.trim() === "") return [];
    return {
      text: script.text,
      dialect,
      ...withDeclarations(script.text.text, [
        declare(run.stage, run.instruction, secrets),
        ...(run.stopsOnError(script) ? ["set -e"] : []),
      ]),
      // What BusyBox's shell lacks differs from what Debian's does.
      isShellKnown: interpreter !== undefined && interpreter !== "ash",
      isEnvironmentKnown: run.stage.isEnvironmentKnown,
    };
  });
}

/** It runs in a container, of whose environment and shell less is known. */
function scriptOfStart(instruction: Instruction, stage: Stage): Script | undefined {
  const text = shellFormOf(instruction, stage);
  const shell = text && stage.shellBefore(instruction);
  const dialect = shell?.posix && dialectOf(shell.words[0]);
  if (!text || !dialect || text.text.trim() === "") return undefined;
  const declarations = [declare(stage, instruction, [])];
  return {
    text,
    dialect,
    ...withDeclarations(text.text, declarations),
    isShellKnown: false,
    isEnvironmentKnown: false,
  };
}

function shellFormOf(instruction: Instruction, { dockerfile }: Stage): LogicalText | undefined {
  const { keyword, rest } = instruction;
  if (keyword === "CMD" || keyword === "ENTRYPOINT") return instruction.json ? undefined : rest;
  const command = keyword === "HEALTHCHECK" ? /^CMD\s+(?!\[)/i.exec(rest.text) : null;
  return command ? rest.slice(dockerfile.text, command[0].length) : undefined;
}

function dialectOf(program: string | undefined): Dialect | undefined {
  const name = baseName(program ?? "").toLowerCase();
  if (name === "bash" || name === "dash") return name;
  if (name === "ksh" || name === "mksh") return "ksh";
  return name === "sh" || name === "ash" || name === "busybox" ? "sh" : undefined;
}

/** What curl, wget and their like read, and the builder passes on: https://docs.docker.com/build/building/variables/#proxy-arguments */
const PROXIES = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"];

/** A command that sets the variables of ENV and ARG: to what they are where one plain word is known, else to something. */
function declare(stage: Stage, instruction: Instruction, others: readonly string[]): string {
  const values = new Map<string, string | null>([...PROXIES, ...others].map((name) => [name, null]));
  for (const [name, value] of stage.environmentBefore(instruction)) values.set(name, value);
  const words = [...values].flatMap(([name, value]) =>
    /^[A-Za-z_]\w*$/.test(name) ? `${name}=${value !== null && /^[\w.,:/+@%-]+$/.test(value) ? value : '"$1"'}` : [],
  );
  return `export ${words.join(" ")}`;
}

/** Puts a line in above the first command: directives that stand above that are for the whole script. */
function withDeclarations(script: string, commands: readonly string[]): Pick<Script, "input" | "declarations"> {
  const start = /^(?:[ \t]*(?:#.*)?\n)*/.exec(script)![0].length;
  const line = `${commands.join("; ")}\n`;
  return {
    input: script.slice(0, start) + line + script.slice(start),
    declarations: { start, end: start + line.length },
  };
}
