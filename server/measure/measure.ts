/** Builds images with the engine that the user has, and measures them. Runs what the Dockerfile says: only when asked, and trusted. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINE, ENGINES, type Engine, type EngineName, type Layer } from "./engine.ts";
import { findProgram, type Outcome, runProgram } from "./program.ts";

export interface Request {
  /** What is built, in this order. */
  readonly images: readonly Source[];
  /** The build context; absolute. */
  readonly directory: string;
  /** Absent: the first that is there and answers. */
  readonly engine?: EngineName | undefined;
  readonly buildArgs?: readonly string[];
  readonly secrets?: readonly string[];
  /** The stage that is built; absent: the last. */
  readonly target?: string | undefined;
  readonly network?: string | undefined;
  /** Where programs are looked for, as in PATH. */
  readonly searchPath: string;
  /** For one build, in milliseconds. */
  readonly time?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** Takes secrets out of what is told. */
  hide(text: string): string;
}

export interface Source {
  /** How it is called in messages: "as it is" of the first, "optimized" of another. */
  readonly name: string;
  readonly text: string;
  /** The text of the `.dockerignore` that counts; `null`: there is none; absent: the engine looks for it. */
  readonly ignored?: string | null | undefined;
}

export interface Progress {
  readonly image: string;
  /** What the engine says that it does: "[2/5] RUN make". */
  readonly step: string;
}

export interface Measured {
  readonly engine: EngineName;
  readonly images: readonly MeasuredImage[];
}

export interface MeasuredImage {
  readonly name: string;
  readonly bytes: number;
  readonly seconds: number;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

/** Why it could not be measured and what to do: sentences for people, without secrets. */
export class MeasureProblem extends Error {
  override readonly name = "MeasureProblem";
}

/** @throws MeasureProblem. Nothing is left behind: neither files nor images, but what the engine keeps in its build cache. */
export async function measure(given: Request): Promise<Measured> {
  const request = { ...given, hide: hidingArguments(given) };
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-"));
  try {
    const { name, program } = await findEngine(request, folder);
    return { engine: name, images: await measureImages(request, ENGINE[name], name, program, folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const BUILD_TIME = 30 * 60_000;
const QUESTION_TIME = 60_000;

/** Of those that are there, the first that answers. */
async function findEngine(
  { engine, searchPath, signal }: Request,
  directory: string,
): Promise<{ readonly name: EngineName; readonly program: string }> {
  const names = engine ? [engine] : ENGINES;
  const silent: EngineName[] = [];
  for (const name of names) {
    const program = findProgram(name, searchPath);
    if (program === undefined) continue;
    const { probe } = ENGINE[name];
    const { code } = await runProgram({ program, args: probe, directory, time: QUESTION_TIME, signal });
    if (signal?.aborted) throw cancelled();
    if (code === 0) return { name, program };
    silent.push(name);
  }
  const [first] = silent;
  if (first) throw new MeasureProblem(`${first} is installed but does not answer; ${ENGINE[first].remedy}`);
  throw new MeasureProblem(
    engine
      ? `${engine} is not in PATH; install it, or choose another engine`
      : "none of docker, podman and buildah is in PATH; install one of them to measure images",
  );
}

async function measureImages(
  request: Request,
  engine: Engine,
  engineName: EngineName,
  program: string,
  folder: string,
): Promise<readonly MeasuredImage[]> {
  const repository = `localhost/plimsoll-measure-${randomBytes(8).toString("hex")}`;
  const { signal, directory, buildArgs = [], secrets = [], target, network, hide } = request;
  const ask = (args: readonly string[]): Promise<Outcome> =>
    runProgram({ program, args, directory: folder, time: QUESTION_TIME, signal });
  const tags: string[] = [];
  try {
    const measured: MeasuredImage[] = [];
    for (const [index, source] of request.images.entries()) {
      const tag = `${repository}:${index + 1}`;
      tags.push(tag);
      const files = await writeSource(folder, index, source);
      const start = performance.now();
      const outcome = await runProgram({
        ...{ program, signal, directory: folder, time: request.time ?? BUILD_TIME },
        args: engine.build({ ...files, tag, directory, buildArgs, secrets, target, network }),
        onLine: (line) => {
          const step = stepOf(line);
          if (step !== undefined) request.onProgress?.({ image: source.name, step: hide(step) });
        },
      });
      if (signal?.aborted) throw cancelled();
      if (outcome.code !== 0) throw failed(engineName, source, outcome, request);
      const seconds = (performance.now() - start) / 1000;
      const answers: string[] = [];
      for (const args of engine.ask(tag)) answers.push((await ask(args)).output);
      if (signal?.aborted) throw cancelled();
      measured.push({ name: source.name, seconds, ...readFacts(engine, engineName, answers, hide) });
    }
    return measured;
  } finally {
    // Also what a cancelled or failed build may have named, so one by one.
    for (const tag of tags)
      await runProgram({ program, args: engine.remove([tag]), directory: folder, time: QUESTION_TIME });
  }
}

/** Outside of the build context, for nobody else to read. */
async function writeSource(
  folder: string,
  index: number,
  { text, ignored }: Source,
): Promise<{ readonly dockerfile: string; readonly ignoreFile: string | undefined }> {
  const dockerfile = join(folder, `${index + 1}.Dockerfile`);
  await writeFile(dockerfile, text, { mode: 0o600 });
  if (ignored === undefined || ignored === null) return { dockerfile, ignoreFile: undefined };
  const ignoreFile = `${dockerfile}.dockerignore`;
  await writeFile(ignoreFile, ignored, { mode: 0o600 });
  return { dockerfile, ignoreFile };
}

function readFacts(
  engine: Engine,
  name: EngineName,
  answers: readonly string[],
  hide: (text: string) => string,
): { readonly bytes: number; readonly layers: readonly Layer[] } {
  try {
    const { bytes, layers } = engine.read(answers);
    return {
      bytes,
      layers: layers.map((layer) => ({ bytes: layer.bytes, instruction: hide(plainInstruction(layer.instruction)) })),
    };
  } catch (error) {
    throw new MeasureProblem(`what ${name} says of the image is not understood (${(error as Error).message})`);
  }
}

/** As it stood in the Dockerfile, as far as can be told. */
function plainInstruction(createdBy: string): string {
  return (
    createdBy
      .replace(/\s*# buildkit$/, "")
      .replace(/^\/bin\/sh -c #\(nop\)\s*/, "")
      // Build arguments stand before the shell; Podman and Buildah tell no names of files.
      .replace(/^(?:RUN )?(?:\|\d+ .*? )?\/bin\/sh -c /s, "RUN ")
      .replace(/^(COPY|ADD) (?:file|dir|multi):[0-9a-f]+ in /, "$1 … ")
      .replace(/\s+/g, " ")
      .trim()
  );
}

/** `#8 [2/5] RUN make`, `Step 2/5 : RUN make`, `STEP 2/5: RUN make`; of BuildKit without its number. */
function stepOf(line: string): string | undefined {
  const buildKit = /^#\d+ (\[(?:[^\]]* )?\d+\/\d+\] .*)$/.exec(line)?.[1];
  return buildKit ?? /^(?:\[\d+\/\d+\] )?step \d+\/\d+ ?:.*$/i.exec(line)?.[0];
}

function failed(engine: EngineName, source: Source, outcome: Outcome, request: Request): MeasureProblem {
  const [first] = request.images;
  const name = source === first ? `the Dockerfile ${source.name}` : `the ${source.name} Dockerfile`;
  const advice =
    source === first ? "" : ` Only the Dockerfile ${first!.name} can be built: leave fixes out to see which one it is.`;
  if (outcome.isLate) {
    const minutes = Math.round((request.time ?? BUILD_TIME) / 60_000);
    return new MeasureProblem(`the build of ${name} took longer than ${minutes} minutes and was ended`);
  }
  const lines = outcome.tail.map((line) => request.hide(withoutColors(line)));
  return new MeasureProblem(`${engine} cannot build ${name}.${advice}\nThe end of what it says:\n${lines.join("\n")}`);
}

/** Hides the values of build arguments, too, of which nobody knows what they are. */
function hidingArguments({ buildArgs = [], hide }: Request): Request["hide"] {
  const values = buildArgs.map((one) => one.slice(one.indexOf("=") + 1)).filter((value) => value.length > 5);
  return (text) => values.reduce((shown, value) => shown.replaceAll(value, "***"), hide(text));
}

function withoutColors(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
  return line.replace(/\u001b\[[0-9;]*m/g, "");
}

function cancelled(): MeasureProblem {
  return new MeasureProblem("measuring was cancelled");
}
