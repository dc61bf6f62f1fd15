/** The command line in this process, in a folder of its own; and as a process. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import type { Host } from "../../server/cli/host.ts";
import { run } from "../../server/cli/run.ts";

export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** A folder with files, until the end of the test that asked for it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Given {
  readonly input?: string | Uint8Array;
  readonly host?: Partial<Host>;
}

/** Runs it as `plimsoll ...args` in a folder. */
export async function plimsoll(folder: string, args: readonly string[], given: Given = {}): Promise<Outcome> {
  let output = "";
  let errors = "";
  const code = await run(args, {
    directory: folder,
    entry: resolve("server/cli"),
    isColored: false,
    columns: 100,
    searchPath: "",
    input: inputOf(given.input ?? ""),
    print: (one) => {
      output += one;
    },
    complain: (one) => {
      errors += one;
    },
    ...given.host,
  });
  return { code, output, errors };
}

async function* inputOf(input: string | Uint8Array): AsyncIterable<Uint8Array> {
  yield Buffer.from(input as string);
}

/** The arguments of Node for the real thing: the sources, or the bundle that `PLIMSOLL_CLI` names. */
const PROGRAM = process.env["PLIMSOLL_CLI"]
  ? [resolve(process.env["PLIMSOLL_CLI"])]
  : ["--import", pathToFileURL(resolve("node_modules/tsx/dist/loader.mjs")).href, resolve("server/cli/main.ts")];

/** Runs it as a process of its own. */
export async function spawnPlimsoll(
  folder: string,
  args: readonly string[],
  { input = "", environment = {} }: { input?: string | Uint8Array; environment?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "", FORCE_COLOR: "", ...environment },
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const exited = new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
  const [output, errors, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exited]);
  return { code, output: output.toString(), errors: errors.toString() };
}

/** Two findings: line 2 has a safe fix, line 3 an unsafe one. */
export const TWO_FINDINGS = "FROM debian:12\nMAINTAINER Ada\nRUN apt-get install -y vim\n";
/** Only these rules run, so that others can change. */
export const TWO_RULES = "--rules=maintainer-instruction,DL3015";
/** The two, repaired. */
export const REPAIRED =
  'FROM debian:12\nLABEL org.opencontainers.image.authors="Ada"\nRUN apt-get install --no-install-recommends -y vim\n';
/** Nothing to find. */
export const CLEAN = "FROM debian:12\n";
