/** One case: both images are built, run and compared. */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileText } from "../../server/rules/rule.ts";
import { ASKER, ask, compare, FREE, findUnwritable, isHealthy, secondsToStop } from "./answers.ts";
import type { BaseMaker } from "./base-maker.ts";
import { baseOf, basesOf, buildContexts, tagOf as tagOfBase } from "./bases.ts";
import type { Case } from "./case.ts";
import { type Engine, LABEL } from "./engine.ts";
import type { Growth } from "./estimate.ts";
import { findTraces, type Image, inspect } from "./image.ts";
import { optimise } from "./optimise.ts";
import { NoEngine } from "./own-engine.ts";
import { lastLines } from "./process.ts";

export interface Proof {
  readonly case: Case;
  /** What was wrong, a sentence each; none: it is proven. */
  readonly problems: readonly string[];
  readonly fixes: readonly string[];
  /** The names of the images that it starts from. */
  readonly bases: readonly string[];
  readonly before?: Built;
  readonly after?: Built;
  /** What was checked, in words. */
  readonly checks: readonly string[];
}

export interface Built {
  readonly image: Image;
  readonly seconds: number;
  /** How much larger it is than what it starts from, in bytes; absent where it starts from nothing of ours. */
  readonly grown?: number;
  readonly estimate: Growth;
  /** How long it took once more after a change to a source file. */
  readonly secondsAgain?: number;
}

/** Where a proof works, besides the engine. */
export interface Workshop {
  readonly engine: Engine;
  readonly bases: BaseMaker;
  /** A folder for copies and logs. */
  readonly cache: string;
}

/** What an image may grow in a case that is not about size: a user is a few lines in a few files. */
const GROWTH = 500_000;
/** It is killed after ten. */
const SECONDS_TO_STOP = 5;

/** What goes wrong is a problem of the case. @throws NoEngine when nothing can be built at all. */
export async function prove(one: Case, workshop: Workshop): Promise<Proof> {
  const proof: Draft = { case: one, problems: [], fixes: [], bases: [], checks: [] };
  try {
    await proveInto(proof, one, workshop);
  } catch (error) {
    if (error instanceof NoEngine) throw error;
    proof.problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    for (const variant of ["before", "after"] as const)
      await workshop.engine.docker(["image", "rm", "--force", tagOf(one, variant)]);
  }
  return proof;
}

interface Draft extends Proof {
  problems: string[];
  fixes: readonly string[];
  bases: readonly string[];
  before?: Built;
  after?: Built;
  checks: string[];
}

async function proveInto(proof: Draft, one: Case, workshop: Workshop): Promise<void> {
  const { engine, bases, cache } = workshop;
  const { problems, checks } = proof;
  const texts = await optimise(one.directory);
  proof.fixes = texts.fixes;
  for (const rule of one.fixes) if (!texts.fixes.includes(rule)) problems.push(`\`${rule}\` has changed nothing`);
  if (texts.isUnstable) problems.push("a second run of the fixes changes the Dockerfile again");
  if (texts.score.after < texts.score.before) problems.push("the score has fallen");

  const folder = join(cache, "work", one.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const used = [...basesOf(texts.before), ...basesOf(texts.after)];
  proof.bases = [...new Set(used.map(({ name }) => name))];
  await bases.make([...used, ...(one.requests ? [ASKER] : [])]);

  const place = (variant: Variant): Place => ({
    file: join(folder, `${variant}.Dockerfile`),
    context: join(folder, variant),
  });
  const build = async (
    variant: Variant,
    text: string,
    files: readonly FileText[],
    estimate: Growth,
  ): Promise<Built> => {
    const { file, context } = place(variant);
    await cp(one.directory, context, { recursive: true, verbatimSymlinks: true });
    await writeFile(file, withoutFrontend(text));
    for (const { path, text } of files) await writeFile(join(context, path), text);
    const seconds = await buildImage(engine, one, variant, place(variant), true);
    const image = await inspect(engine, tagOf(one, variant));
    const base = estimate.base === undefined ? undefined : baseOf(estimate.base);
    const grown = base && image.bytes - (await inspect(engine, tagOfBase(base))).bytes;
    return { image, seconds, estimate, ...(grown === undefined ? {} : { grown }) };
  };
  const before = await build("before", texts.before, [], texts.growth.before);
  proof.before = before;
  const after = await build("after", texts.after, texts.files, texts.growth.after);
  proof.after = after;

  const asked = await ask(engine, before.image.tag, one, FREE);
  const answered = await ask(engine, after.image.tag, one, { isConfined: true, isReadOnly: one.readOnly });
  const difference = compare(asked, answered, one.expects);
  if (difference) problems.push(difference);
  checks.push(describeQuestions(one), one.readOnly ? "no capabilities, read-only" : "no capabilities");

  if (after.image.user.id === 0) problems.push("the optimised image runs as root");
  const unwritable = await findUnwritable(engine, after.image.tag, one);
  if (unwritable.length > 0) problems.push(`\`${after.image.user.name}\` cannot write ${unwritable.join(" and ")}`);
  if (one.writes.length > 0) checks.push(`writes ${one.writes.map((path) => `\`${path}\``).join(", ")}`);

  problems.push(...compareSizes(one, before.image.bytes, after.image.bytes));
  if (one.secrets.length > 0) {
    const [there, left] = [
      await findTraces(engine, before.image.tag, one.secrets),
      await findTraces(engine, after.image.tag, one.secrets),
    ];
    if (there.length < one.secrets.length) problems.push("the original does not have the secret that it should");
    if (left.length > 0) problems.push(`${left.length} of ${one.secrets.length} secrets are still in the image`);
    checks.push("no trace of the secret in configuration, history and layers");
  }
  if (one.isHealthy) {
    if (!(await isHealthy(engine, after.image.tag, one))) problems.push("its health check does not become healthy");
    checks.push("healthy");
  }
  if (one.stops) {
    const seconds = await secondsToStop(engine, after.image.tag, one);
    const earlier = await secondsToStop(engine, before.image.tag, one);
    if (seconds > SECONDS_TO_STOP) problems.push(`it does not end when it is told to, but is killed`);
    checks.push(`ends in ${seconds.toFixed(1)} s when told to (before: ${earlier.toFixed(1)} s)`);
  }
  if (one.edits !== undefined) {
    const edits = one.edits;
    const again = async (variant: Variant): Promise<number> => {
      const path = join(place(variant).context, edits);
      await writeFile(path, `${await readFile(path, "utf8")}\n`);
      return buildImage(engine, one, variant, place(variant), false);
    };
    const seconds = { before: await again("before"), after: await again("after") };
    proof.before = { ...before, secondsAgain: seconds.before };
    proof.after = { ...after, secondsAgain: seconds.after };
    checks.push(
      `built again after a change in \`${one.edits}\`: ${seconds.before.toFixed(1)} → ${seconds.after.toFixed(1)} s`,
    );
    if (seconds.after > seconds.before) problems.push("it takes longer to build again after a change");
  }
  if (problems.length === 0) await rm(folder, { recursive: true, force: true });
}

/** What is wrong with the sizes. */
export function compareSizes({ saves }: Pick<Case, "saves">, before: number, after: number): readonly string[] {
  const saved = 100 * (1 - after / before);
  if (saves === 0) return after > before + GROWTH ? [`it has grown by ${((after - before) / 1e6).toFixed(1)} MB`] : [];
  return saved < saves ? [`it is ${saved.toFixed(1)} % smaller, and should be ${saves} %`] : [];
}

/** BuildKit would fetch the frontend that is named there; its own is newer. */
export function withoutFrontend(text: string): string {
  return text.replace(/^#[ \t]*syntax[ \t]*=.*\r?\n/i, "");
}

type Variant = "before" | "after";

/** Where a variant is built. */
interface Place {
  readonly file: string;
  readonly context: string;
}

function tagOf({ name }: Case, variant: Variant): string {
  return `${LABEL}/case:${name}-${variant}`;
}

/** @returns how long it took, in seconds. @throws with the end of the log. */
async function buildImage(
  engine: Engine,
  one: Case,
  variant: Variant,
  { file, context }: Place,
  isFresh: boolean,
): Promise<number> {
  const contexts = buildContexts(await readFile(file, "utf8"));
  const secrets = variant === "after" ? one.buildSecrets : {};
  const args = [
    ...[
      "build",
      "--network",
      "host",
      "--progress",
      "plain",
      "--label",
      `${LABEL}=case`,
      ...(isFresh ? ["--no-cache"] : []),
    ],
    ...["--tag", tagOf(one, variant), "--file", file, ...contexts],
    ...Object.keys(secrets).flatMap((id) => ["--secret", `id=${id}`]),
    context,
  ];
  const outcome = await engine.docker(args, { seconds: 900, environment: secrets });
  await writeFile(`${file}.log`, outcome.stderr);
  if (outcome.code !== 0)
    throw new Error(
      `the ${variant === "before" ? "original" : "optimised"} one does not build:\n${lastLines(outcome)}`,
    );
  return outcome.seconds;
}

function describeQuestions({ runs, requests }: Case): string {
  const starts = runs.length === 0 ? "" : runs.length === 1 ? "same output" : `same output, ${runs.length} starts`;
  const paths = requests ? `same answer to GET ${requests.paths.map((path) => `\`${path}\``).join(", ")}` : "";
  return [starts, paths].filter((part) => part !== "").join("; ");
}
