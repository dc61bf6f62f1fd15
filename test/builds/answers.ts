/** What an image answers: what its program prints, or what its server says. */
import { BASES, tagOf } from "./bases.ts";
import type { Case, Start } from "./case.ts";
import type { Engine } from "./engine.ts";
import { lastLines } from "./process.ts";

export interface Answer {
  readonly question: string;
  readonly answer: string;
}

/** How free a container is. */
export interface Confinement {
  /** No capabilities, no way to more privileges. */
  readonly isConfined: boolean;
  readonly isReadOnly: boolean;
}

export const FREE: Confinement = { isConfined: false, isReadOnly: false };

/** The image that asks servers. */
export const ASKER = BASES.find(({ name }) => name === "node-slim")!;

/** @throws when a server does not come up. */
export async function ask(
  engine: Engine,
  tag: string,
  one: Case,
  confinement: Confinement,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const start of one.runs) answers.push(await runOnce(engine, tag, one, start, confinement));
  if (one.requests) {
    const { port, paths } = one.requests;
    await withServer(engine, tag, one, confinement, async (container) => {
      for (const path of paths)
        answers.push({
          question: `GET ${path}`,
          answer: await request(engine, container, `http://127.0.0.1:${port}${path}`),
        });
    });
  }
  return answers;
}

/** Why the answers are not what they must be; `undefined`: they are. */
export function compare(before: readonly Answer[], after: readonly Answer[], expected: string): string | undefined {
  if (!before.some(({ answer }) => answer.includes(expected)))
    return `the original does not answer \`${expected}\` but ${JSON.stringify(before.map(({ answer }) => answer))}`;
  const different = before.findIndex(({ answer }, index) => answer !== after[index]?.answer);
  if (different === -1) return undefined;
  return `to \`${before[different]!.question}\`, the original answers ${JSON.stringify(before[different]!.answer)}, the optimised image ${JSON.stringify(after[different]?.answer)}`;
}

/** The directories in which the image's user cannot write. */
export async function findUnwritable(engine: Engine, tag: string, one: Case): Promise<readonly string[]> {
  const unwritable: string[] = [];
  for (const directory of one.writes) {
    const args = [...containerArguments(one, { isConfined: true, isReadOnly: false }), "--entrypoint", "touch"];
    const { code } = await engine.docker(["run", "--rm", ...args, tag, `${directory}/.written-by-plimsoll`]);
    if (code !== 0) unwritable.push(directory);
  }
  return unwritable;
}

/** Whether the health check of the image says so within a while; it is asked every second. */
export async function isHealthy(engine: Engine, tag: string, one: Case): Promise<boolean> {
  const quick = ["--health-interval", "1s", "--health-start-period", "0s", "--health-retries", "20"];
  const confinement = { isConfined: true, isReadOnly: one.readOnly };
  const check = async (container: string): Promise<boolean> => {
    for (let attempt = 0; attempt < 30; attempt++) {
      const { stdout } = await engine.docker([
        "inspect",
        "--format",
        "{{if .State.Health}}{{.State.Health.Status}}{{end}}",
        container,
      ]);
      if (stdout.trim() === "healthy") return true;
      if (stdout.trim() !== "starting") return false;
      await pause(500);
    }
    return false;
  };
  return withServer(engine, tag, one, confinement, check, quick);
}

/** How long it takes to end when it is told to, in seconds. It is killed after ten. */
export async function secondsToStop(engine: Engine, tag: string, one: Case): Promise<number> {
  return withServer(engine, tag, one, FREE, async (container) => {
    if (one.requests) await request(engine, container, `http://127.0.0.1:${one.requests.port}${one.requests.paths[0]}`);
    else await pause(1500);
    return (await engine.succeed(["stop", "--time", "10", container])).seconds;
  });
}

async function runOnce(
  engine: Engine,
  tag: string,
  one: Case,
  start: Start,
  confinement: Confinement,
): Promise<Answer> {
  const entrypoint = start.entrypoint === undefined ? [] : ["--entrypoint", start.entrypoint];
  const args = [...containerArguments(one, confinement), ...entrypoint, tag, ...start.arguments];
  const { code, stdout, stderr } = await engine.docker(["run", "--rm", ...args], { seconds: 60 });
  const failure = code === 0 ? "" : `\nexit code ${code}: ${stderr.trim()}`;
  const words = [start.entrypoint, ...start.arguments].filter((word) => word !== undefined);
  return { question: words.join(" ") || "start", answer: stdout.trim() + failure };
}

async function withServer<T>(
  engine: Engine,
  tag: string,
  one: Case,
  confinement: Confinement,
  use: (container: string) => Promise<T>,
  options: readonly string[] = [],
): Promise<T> {
  const args = ["run", "--detach", ...containerArguments(one, confinement), ...options, tag];
  const container = (await engine.succeed(args)).stdout.trim();
  try {
    return await use(container);
  } finally {
    await engine.docker(["rm", "--force", "--volumes", container]);
  }
}

/** No network but its own loopback, where `request` meets it. */
function containerArguments(one: Case, { isConfined, isReadOnly }: Confinement): readonly string[] {
  return [
    ...["--network", "none"],
    ...Object.entries(one.environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...(isConfined ? ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"] : []),
    // A volume without a name takes content and owner from the image.
    ...(isReadOnly ? ["--read-only", "--tmpfs", "/tmp", ...one.writes.flatMap((path) => ["--volume", path])] : []),
  ];
}

/** Asks until it is answered: a server takes a moment to come up. */
const SCRIPT = `
const [url] = process.argv.slice(1);
const ask = (left) => fetch(url).then(
  async (response) => console.log(response.status + " " + (await response.text())),
  (error) => (left > 0 ? setTimeout(ask, 250, left - 1) : (console.error(String(error.cause ?? error)), process.exit(1))),
);
ask(80);`;

async function request(engine: Engine, container: string, url: string): Promise<string> {
  const args = ["--network", `container:${container}`, "--entrypoint", "node", tagOf(ASKER), "-e", SCRIPT, url];
  const { code, stdout, stderr } = await engine.docker(["run", "--rm", ...args], { seconds: 60 });
  if (code === 0) return stdout.trim();
  const logs = await engine.docker(["logs", container]);
  throw new Error(`the server does not answer at ${url}: ${stderr.trim()}\n${lastLines(logs)}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
