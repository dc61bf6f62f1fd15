/** The user's own ShellCheck: found, run, and what it said remembered. Node only. */
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { ScriptComment } from "../model/context.ts";
import { keyOf, type Script } from "../model/script.ts";
import { readComments } from "./shellcheck-output.ts";

/** ShellCheck for the scripts of the Dockerfiles in one folder. */
export class ShellCheck {
  readonly #program: string;
  readonly #directory: string;
  readonly #limits: Limits;
  readonly #known = new Map<string, readonly ScriptComment[]>();
  #problem: string | undefined;

  /**
   * @param program a whole path.
   * @param directory it must exist: from there ShellCheck looks for its `.shellcheckrc`.
   */
  constructor(program: string, directory: string, limits: Partial<Limits> = {}) {
    this.#program = program;
    this.#directory = directory;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** What it has said so far, for `Context.scriptComments`. */
  get known(): ReadonlyMap<string, readonly ScriptComment[]> {
    return this.#known;
  }

  /** Why it is not asked any more, in a sentence; `undefined`: it answers. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether something would be run for these. */
  wants(scripts: readonly Script[]): boolean {
    return this.#problem === undefined && scripts.some((script) => !this.#known.has(keyOf(script)));
  }

  /** Runs it for the scripts that it has not seen yet. Never fails; what is cancelled stays unknown. */
  async check(scripts: readonly Script[], signal?: AbortSignal): Promise<void> {
    const open = new Map(scripts.map((script) => [keyOf(script), script]));
    for (const key of this.#known.keys()) open.delete(key);
    const waiting = [...open];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (signal?.aborted || this.#problem !== undefined) return;
        await this.#checkOne(...next, signal);
      }
    };
    await Promise.all(Array.from({ length: this.#limits.processes }, work));
  }

  async #checkOne(key: string, script: Script, signal: AbortSignal | undefined): Promise<void> {
    if (script.input.length > this.#limits.input) {
      this.#remember(key, []);
      return;
    }
    try {
      const args = ["--format=json1", "--color=never", `--shell=${script.dialect}`, "-"];
      const output = await this.#run(args, script.input, signal);
      this.#remember(key, readComments(output, script.input));
    } catch (error) {
      if (signal?.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem = `ShellCheck is not asked any more: ${this.#program} ${reason}. Mend it, or set \`plimsoll.shellcheck\` to "off".`;
    }
  }

  /** Those that have not been asked for the longest time make room. */
  #remember(key: string, comments: readonly ScriptComment[]): void {
    this.#known.set(key, comments);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#limits.scripts) return;
      this.#known.delete(oldest);
    }
  }

  /** @returns what it prints. Fails with the end of a sentence that begins with the program. */
  #run(args: readonly string[], input: string, signal: AbortSignal | undefined): Promise<string> {
    const { time, output } = this.#limits;
    return new Promise((resolve, reject) => {
      // Without a shell; the directory is the Dockerfile's, the text comes by standard input.
      const child = spawn(this.#program, args, {
        cwd: this.#directory,
        stdio: ["pipe", "pipe", "ignore"],
        windowsHide: true,
        timeout: time,
        killSignal: "SIGKILL",
        ...(signal ? { signal } : {}),
      });
      const chunks: Buffer[] = [];
      let length = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length <= output) chunks.push(chunk);
        else child.kill("SIGKILL");
      });
      // What it has started may still hold the pipe.
      child.on("exit", (code) => code === null && child.stdout.destroy());
      child.on("error", (error) => reject(new Error(`cannot be run (${error.message})`)));
      child.on("close", (code) => {
        if (length > output) reject(new Error("prints without an end"));
        else if (code === null) reject(new Error(`takes longer than ${time / 1000} seconds`));
        // 1: it has found something.
        else if (code > 1) reject(new Error(`fails with exit code ${code}`));
        else resolve(Buffer.concat(chunks).toString("utf8"));
      });
      // It may end before it has read all.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  }
}

export interface Limits {
  /** For one script, in milliseconds. */
  readonly time: number;
  /** What it may print for one script, in bytes. */
  readonly output: number;
  /** A script that is longer is not checked, in UTF-16 units. */
  readonly input: number;
  readonly processes: number;
  /** How many scripts are remembered. */
  readonly scripts: number;
}

const DEFAULT_LIMITS: Limits = { time: 10_000, output: 4_000_000, input: 200_000, processes: 4, scripts: 2000 };

/**
 * The program that the setting `shellcheck` means.
 * @param setting `auto`, `off`, or a whole path.
 * @param searchPath the folders that `auto` looks into, as in PATH. Only whole paths count: what is in the folder of a
 *   Dockerfile is not run for its name.
 * @returns `undefined`: there is none to run; a problem in a sentence, where the setting names one that cannot be run.
 */
export function findShellCheck(
  setting: string,
  searchPath: string,
): { readonly program: string } | { readonly problem: string } | undefined {
  if (setting === "off") return undefined;
  if (setting !== "auto") {
    if (isAbsolute(setting) && isProgram(setting)) return { program: setting };
    return {
      problem: `The setting "plimsoll.shellcheck" names ${JSON.stringify(setting)}, where no program is; give the whole path of one, "auto" or "off".`,
    };
  }
  const name = process.platform === "win32" ? "shellcheck.exe" : "shellcheck";
  const program = searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isProgram);
  return program === undefined ? undefined : { program };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
