/**
 * An engine of our own where there is none: Docker from Debian testing, unpacked into a folder and run by chroot, with all that
 * it keeps below the project's cache. Debian 12's own Docker is too old: its BuildKit knows no heredocs and no `--link`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, succeed } from "./process.ts";

export interface OwnEngine {
  /** The client. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A file. */
  readonly log: string;
  stop(): Promise<void>;
}

/** Why there is no engine, in a sentence: nothing is wrong with the project. */
export class NoEngine extends Error {
  override readonly name = "NoEngine";
}

/** The release that Docker is taken from. */
const SUITE = "forky";

/** @throws NoEngine when it cannot be made here. */
export async function startEngine(cache: string, say: (line: string) => void): Promise<OwnEngine> {
  await prepare("no Docker engine runs here, and one of our own", say);
  await mkdir(cache, { recursive: true });
  const root = join(cache, `docker-of-${SUITE}`);
  if (!existsSync(root)) await unpack(root, say);
  const config = await configure(cache, root);
  // Sockets have short paths: the cache may be too deep for them.
  const sockets = await mkdtemp(join(tmpdir(), "plimsoll-proof-"));
  const log = join(cache, "engine.log");
  const daemon = start(root, cache, sockets, log);
  return {
    program: join(root, "usr/bin/docker"),
    environment: { DOCKER_HOST: `unix://${sockets}/docker.sock`, DOCKER_CONFIG: config },
    log,
    async stop() {
      await end(daemon);
      await rm(sockets, { recursive: true, force: true });
    },
  };
}

/**
 * Installs what unpacks a Debian, where this may be done: as root, on a system with apt.
 * @param purpose what takes it.
 * @throws NoEngine
 */
export async function prepare(purpose: string, say: (line: string) => void): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) throw new NoEngine(`${purpose} takes root on Linux`);
  if (existsSync("/usr/bin/mmdebstrap")) return;
  if (!existsSync("/usr/bin/apt-get")) throw new NoEngine(`${purpose} takes mmdebstrap, which apt would install`);
  say("installing mmdebstrap");
  const limits = { seconds: 300, environment: { DEBIAN_FRONTEND: "noninteractive" } };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "mmdebstrap"]]) {
    const { code, stderr } = await run("apt-get", args, limits);
    if (code !== 0) throw new NoEngine(`\`apt-get ${args.join(" ")}\` failed: ${stderr.trim().split("\n").at(-1)}`);
  }
}

async function unpack(root: string, say: (line: string) => void): Promise<void> {
  say(`unpacking Docker from Debian ${SUITE}, once`);
  const unfinished = `${root}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await succeed(
    "mmdebstrap",
    [
      ...["--quiet", "--variant=minbase", "--mode=root", "--format=directory"],
      "--include=docker.io,docker-cli,docker-buildx,ca-certificates,runc,iptables",
      // A snapshot of a release in the making is soon past its date.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      '--aptopt=APT::Install-Recommends "false"',
      '--aptopt=Acquire::Languages "none"',
      ...["doc", "man", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      SUITE,
      unfinished,
    ],
    { seconds: 600 },
  ).catch((error: Error) => {
    throw new NoEngine(`Docker cannot be had from Debian ${SUITE}: ${error.message}`);
  });
  await rename(unfinished, root);
}

/** A configuration of the client with nobody's credentials, and the build plugin. */
async function configure(cache: string, root: string): Promise<string> {
  const config = join(cache, "docker-config");
  await mkdir(join(config, "cli-plugins"), { recursive: true });
  await writeFile(join(config, "config.json"), "{}\n");
  await cp(join(root, "usr/libexec/docker/cli-plugins/docker-buildx"), join(config, "cli-plugins/docker-buildx"));
  return config;
}

function start(root: string, cache: string, sockets: string, log: string): ChildProcess {
  const script = fileURLToPath(new URL("own-engine.sh", import.meta.url));
  const output = openSync(log, "w");
  // It ends with us, however we end; and it has mounts of its own, which end with it.
  return spawn(
    "setpriv",
    [
      ...["--pdeathsig", "TERM", "unshare", "--mount", "--propagation", "private"],
      ...["/bin/sh", script, root, join(cache, "data"), sockets],
    ],
    { stdio: ["ignore", output, output] },
  );
}

/** Containers end first, which takes the engine a moment. */
async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill("SIGTERM");
  const timer = setTimeout(() => daemon.kill("SIGKILL"), 60_000);
  await ended;
  clearTimeout(timer);
}
