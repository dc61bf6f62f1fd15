/** The builder: the Docker engine that is there, or one of our own. */

import { NoEngine, startEngine } from "./own-engine.ts";
import type { Limits, Outcome } from "./process.ts";
import { run, succeed } from "./process.ts";

export interface Engine {
  readonly version: string;
  /** It is ours: what it holds may be thrown away. */
  readonly isOwn: boolean;
  /** Runs the client. */
  docker(args: readonly string[], limits?: Partial<Limits>): Promise<Outcome>;
  /** @throws when the client fails. */
  succeed(args: readonly string[], limits?: Partial<Limits>): Promise<Outcome>;
  stop(): Promise<void>;
}

/** Every image and container of ours has it. */
export const LABEL = "plimsoll-proof";

/** @throws NoEngine when there is none and none can be made. */
export async function findEngine(cache: string, say: (line: string) => void): Promise<Engine> {
  const version = await serverVersion("docker", {});
  if (version !== undefined && isNewEnough(version)) {
    say(`engine: Docker ${version}, which runs already`);
    return clientOf({ program: "docker", environment: {}, version, isOwn: false, stop: async () => {} });
  }
  if (version !== undefined) say(`engine: Docker ${version} is too old; BuildKit as of Docker 23 is needed`);
  const own = await startEngine(cache, say);
  const started = await waitForServer(own.program, own.environment);
  if (started === undefined) {
    await own.stop();
    throw new NoEngine(`the engine of our own does not start; ${own.log} says why`);
  }
  say(`engine: Docker ${started} of our own`);
  return clientOf({ ...own, version: started, isOwn: true });
}

/** Builds, and once more when the network is to blame. Containers have the network of the machine: our engine has no other. */
export async function build(
  engine: Engine,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const limits = { seconds: 1200, environment };
  const all = ["build", "--network", "host", "--progress", "plain", ...args];
  const outcome = await engine.docker(all, limits);
  return outcome.code !== 0 && NETWORK_FAILURE.test(outcome.stderr) ? engine.docker(all, limits) : outcome;
}

const NETWORK_FAILURE =
  /Failed to fetch|Temporary failure (?:in name resolution|resolving)|Could not (?:resolve|connect)|\b(?:ECONNRESET|ETIMEDOUT|EAI_AGAIN)\b/;

interface Client {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly version: string;
  readonly isOwn: boolean;
  stop(): Promise<void>;
}

function clientOf({ program, environment, version, isOwn, stop }: Client): Engine {
  const limits = (given: Partial<Limits> = {}): Limits => ({
    seconds: 120,
    ...given,
    environment: { ...environment, BUILDX_NO_DEFAULT_ATTESTATIONS: "1", ...given.environment },
  });
  return {
    version,
    isOwn,
    docker: (args, given) => run(program, args, limits(given)),
    succeed: (args, given) => succeed(program, args, limits(given)),
    stop,
  };
}

async function serverVersion(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { code, stdout } = await run(program, ["version", "--format", "{{.Server.Version}}"], {
    seconds: 20,
    environment,
  });
  return code === 0 ? stdout.trim() : undefined;
}

async function waitForServer(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < 120; attempt++) {
    const version = await serverVersion(program, environment);
    if (version !== undefined) return version;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return undefined;
}

function isNewEnough(version: string): boolean {
  return Number.parseInt(version, 10) >= 23;
}
