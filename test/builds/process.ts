/** Other programs: run with a list of arguments, never by a shell, and never longer than they may. */
import { spawn } from "node:child_process";

export interface Outcome {
  /** `undefined`: it was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Limits {
  /** Then it is killed. */
  readonly seconds: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it prints is handed on, piece by piece, instead of being kept. */
  readonly read?: (piece: Buffer) => void;
}

/** Never throws: a program that is not there has a code of 127, as in a shell. */
export function run(program: string, args: readonly string[], limits: Limits): Promise<Outcome> {
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...limits.environment },
      timeout: limits.seconds * 1000,
      killSignal: "SIGKILL",
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", limits.read ?? ((piece: Buffer) => out.push(piece)));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    const finish = (code: number | undefined, reason: string): void =>
      resolve({
        code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString() + reason,
        seconds: (performance.now() - start) / 1000,
      });
    child.on("error", (error) => finish(127, error.message));
    child.on("close", (code, signal) =>
      finish(code ?? undefined, signal === "SIGKILL" ? `\n${program} was killed after ${limits.seconds} s` : ""),
    );
  });
}

/** @throws an error with the end of what it said when it fails. */
export async function succeed(program: string, args: readonly string[], limits: Limits): Promise<Outcome> {
  const outcome = await run(program, args, limits);
  if (outcome.code === 0) return outcome;
  throw new Error(`\`${program} ${args.join(" ").slice(0, 200)}\` failed (${outcome.code}):\n${lastLines(outcome)}`);
}

/** The end of what a program printed, where the reason stands. */
export function lastLines({ stdout, stderr }: Outcome, count = 25): string {
  return (stderr.trim() || stdout.trim()).split("\n").slice(-count).join("\n");
}
