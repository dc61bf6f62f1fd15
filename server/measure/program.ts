/** Programs of the user, run without a shell. */
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** In milliseconds. */
  readonly time: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of every line that it prints on either output. */
  readonly onLine?: (line: string) => void;
}

export interface Outcome {
  /** `undefined`: it could not be started, took too long, or was cancelled. */
  readonly code: number | undefined;
  readonly isLate: boolean;
  /** What it printed on standard output; of a long one, the beginning. */
  readonly output: string;
  /** The last lines of both outputs. */
  readonly tail: readonly string[];
}

/** A program on a search path, of which relative folders do not count: somebody else may have put something there. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  return searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, file))
    .find(isProgram);
}

/** Runs a program to its end. Never fails. When it takes too long or is cancelled, all that it has started is ended. */
export function runProgram({ program, args, directory, time, signal, onLine }: Run): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...process.env, BUILDKIT_PROGRESS: "plain", BUILDX_NO_DEFAULT_ATTESTATIONS: "1", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A group of its own, which can be ended as a whole.
      detached: process.platform !== "win32",
    });
    let output = "";
    let isLate = false;
    const tail: string[] = [];
    const take = (line: string): void => {
      tail.push(line);
      if (tail.length > TAIL) tail.shift();
      onLine?.(line);
    };
    const lines = [new Lines(take), new Lines(take)] as const;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.length < OUTPUT) output += text;
      lines[0].add(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => lines[1].add(text));
    const end = (): void => endTree(child.pid);
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, time);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
    process.once("exit", end);
    const finish = (code: number | undefined): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      process.removeListener("exit", end);
      for (const one of lines) one.end();
      resolve({ code: isLate || signal?.aborted ? undefined : code, isLate, output, tail });
    };
    child.once("error", () => finish(undefined));
    child.once("close", (code) => finish(code ?? undefined));
  });
}

const TAIL = 25;
/** In characters. */
const OUTPUT = 8_000_000;
/** For how long a program may clean up after it was told to end, in milliseconds. */
const GRACE = 5000;

function endTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore", windowsHide: true }).on("error", () => {});
    return;
  }
  const tell = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended.
    }
  };
  tell("SIGTERM");
  setTimeout(() => tell("SIGKILL"), GRACE).unref();
}

/** Whole lines of a text that comes in pieces. */
class Lines {
  readonly #take: (line: string) => void;
  #rest = "";

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n|\r/);
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  end(): void {
    if (this.#rest !== "") this.#take(this.#rest);
    this.#rest = "";
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
