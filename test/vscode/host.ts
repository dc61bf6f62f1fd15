import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type BrowserContext, chromium } from "playwright-core";
import { findChromium, type Installation } from "./installation.ts";
import { environmentOf, type Profile } from "./profile.ts";

/** A running VS Code server. */
export interface Server {
  /** Host and port, as in `vscode-remote://<authority>/…`. */
  readonly authority: string;
  /** Resolves when the server has ended, be it by itself or by `stop`. */
  readonly ended: Promise<void>;
  /** What the server has printed so far. */
  log(): string;
  /** Ends the server and every process that it started. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Whether every folder is trusted (the default), or as the settings say. */
  readonly trusted?: boolean;
}

/**
 * Starts a VS Code server on a free port of this machine.
 * When this process dies, however it does, the server and its children are killed.
 * @throws {Error} if it is not listening within half a minute, with what it printed.
 */
export async function startServer(
  { node, server }: Installation,
  profile: Profile,
  options: ServerOptions = {},
): Promise<Server> {
  const args = [
    ...[server, ...directoriesOf(profile)],
    ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token"],
    // Without this a window of VS Code 1.139 does not look at `extensionTestsPath`.
    "--enable-smoke-test-driver",
    ...((options.trusted ?? true) ? ["--disable-workspace-trust"] : []),
  ];
  // The shell becomes the server, and leads a process group. Its companion waits for the end of a pipe that nobody
  // writes to and that the operating system closes when we die.
  const script = '(read -r _ <&3; kill -s KILL -- "-$$") & exec "$@" 3<&-';
  const child = spawn("/bin/sh", ["-c", script, "sh", node, ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { ...environmentOf(profile), EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let log = "";
  const stop = () => killGroup(child);

  const port = await new Promise<string>((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`the VS Code server ${what}\n${log}`));
    setTimeout(() => fail("did not start within 30 seconds"), 30_000).unref();
    const read = (text: Buffer) => {
      log += text;
      const port = /Extension host agent listening on (\d+)/.exec(log)?.[1];
      if (port) resolve(port);
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    void ended.then(() => fail("ended while starting"));
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { authority: `127.0.0.1:${port}`, ended, log: () => log, stop };
}

/**
 * Installs a packaged extension into the profile, as a user would.
 * @throws {Error} if VS Code refuses it.
 */
export function installVsix({ node, server }: Installation, profile: Profile, vsix: string): void {
  const args = [server, ...directoriesOf(profile), "--install-extension", vsix];
  const result = spawnSync(node, args, { encoding: "utf8", env: environmentOf(profile) });
  if (result.status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${result.stdout}${result.stderr}`);
}

/** Starts a headless Chromium. Closing the context ends it. */
export async function startBrowser(
  profile: Profile,
  { deviceScaleFactor = 1, width = 1400, height = 900 } = {},
): Promise<BrowserContext> {
  return await chromium.launchPersistentContext(path.join(profile.folder, "chromium"), {
    executablePath: findChromium(),
    viewport: { width, height },
    deviceScaleFactor,
    env: environmentOf(profile) as Record<string, string>,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}

/** The address of a window of this server in which a folder is open; `payload` is the workbench's own list of options. */
export function windowUrl({ authority }: Server, folder: string, payload: readonly [string, string][] = []): string {
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `http://${authority}/?${query}`;
}

/** The address under which a window of this server knows a file of this machine. */
export function remoteUri({ authority }: Server, file: string): string {
  return `vscode-remote://${authority}${pathToFileURL(file).pathname}`;
}

function directoriesOf(profile: Profile): string[] {
  return [
    ...["--user-data-dir", profile.data],
    ...["--extensions-dir", profile.extensions],
    ...["--server-data-dir", path.join(profile.folder, "server")],
    ...["--accept-server-license-terms", "--disable-telemetry"],
  ];
}

/** Asks a process group to end, insists after three seconds, and returns when none of it is left. */
async function killGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const deadline = Date.now() + 3_000;
    for (let alive = send(signal, pid); alive && Date.now() < deadline; alive = send(0, pid)) await delay(20);
  }
}

/** Signals a process group; false if there is none. */
function send(signal: NodeJS.Signals | 0, group: number): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
