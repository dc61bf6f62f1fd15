/** One case: both images are built, run and compared. */
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileText } from "../../server/rules/rule.ts";
import { ASKER } from "./answers.ts";
import type { BaseMaker } from "./base-maker.ts";
import { baseOf, basesOf, buildContexts, tagOf as tagOfBase } from "./bases.ts";
import type { Case } from "./case.ts";
import { type Built, CHECKS, type Pair } from "./checks.ts";
import { build, type Engine, LABEL } from "./engine.ts";
import { inspect } from "./image.ts";
import { type Optimised, optimise } from "./optimise.ts";
import { NoEngine } from "./own-engine.ts";
import { lastLines } from "./process.ts";

export interface Proof {
  readonly case: Case;
  /** What was wrong, a sentence each; none: it is proven. */
  readonly problems: readonly string[];
  readonly fixes: readonly string[];
  /** Its version. */
  readonly engine: string;
  /** The names of the images that it starts from. */
  readonly bases: readonly string[];
  readonly before?: Built;
  readonly after?: Built;
  /** What was checked, in words. */
  readonly checks: readonly string[];
}

/** Where a proof works, besides the engine. */
export interface Workshop {
  readonly engine: Engine;
  readonly bases: BaseMaker;
  /** A folder for copies and logs. */
  readonly cache: string;
}

/** What goes wrong is a problem of the case. @throws NoEngine when nothing can be built at all. */
export async function prove(one: Case, workshop: Workshop): Promise<Proof> {
  const proof: Draft = { case: one, engine: workshop.engine.version, problems: [], fixes: [], bases: [], checks: [] };
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
  const texts = await optimise(one.directory);
  proof.fixes = texts.fixes;
  proof.problems.push(...problemsOf(texts, one));
  const folder = join(workshop.cache, "work", one.name);
  const pair = await buildBoth(proof, texts, folder, workshop);
  for (const check of CHECKS) {
    const verdict = await check(one, pair, workshop.engine);
    proof.problems.push(...verdict.problems);
    if (verdict.checked) proof.checks.push(verdict.checked);
  }
  if (one.edits !== undefined) await buildAgain(proof, one.edits, pair, folder, workshop.engine);
  if (proof.problems.length === 0) await rm(folder, { recursive: true, force: true });
}

/** What is wrong without building anything. */
function problemsOf({ fixes, isUnstable, score }: Optimised, one: Case): readonly string[] {
  return [
    ...one.fixes.filter((rule) => !fixes.includes(rule)).map((rule) => `\`${rule}\` has changed nothing`),
    ...(isUnstable ? ["a second run of the fixes changes the Dockerfile again"] : []),
    ...(score.after < score.before ? ["the score has fallen"] : []),
  ];
}

async function buildBoth(proof: Draft, texts: Optimised, folder: string, { engine, bases }: Workshop): Promise<Pair> {
  const one = proof.case;
  const used = [...basesOf(texts.before), ...basesOf(texts.after)];
  proof.bases = [...new Set(used.map(({ name }) => name))];
  await bases.make([...used, ...(one.requests ? [ASKER] : [])]);
  await rm(folder, { recursive: true, force: true });
  const make = async (variant: Variant, files: readonly FileText[]): Promise<Built> => {
    const { file, context } = placeOf(folder, variant);
    await cp(one.directory, context, { recursive: true, verbatimSymlinks: true });
    await writeFile(file, withoutFrontend(texts[variant]));
    for (const { path, text } of files) await writeFile(join(context, path), text);
    const seconds = await buildImage(engine, one, variant, { file, context }, true);
    const image = await inspect(engine, tagOf(one, variant));
    const estimate = texts.growth[variant];
    const base = estimate.base === undefined ? undefined : baseOf(estimate.base);
    const grown = base && image.bytes - (await inspect(engine, tagOfBase(base))).bytes;
    return { image, seconds, estimate, ...(grown === undefined ? {} : { grown }) };
  };
  const before = await make("before", []);
  proof.before = before;
  const after = await make("after", texts.files);
  proof.after = after;
  return { before, after };
}

/** Builds both again after a change to a source file, with what the builder remembers. */
async function buildAgain(proof: Draft, edits: string, pair: Pair, folder: string, engine: Engine): Promise<void> {
  const again = async (variant: Variant): Promise<number> => {
    const place = placeOf(folder, variant);
    const path = join(place.context, edits);
    await writeFile(path, `${await readFile(path, "utf8")}\n`);
    return buildImage(engine, proof.case, variant, place, false);
  };
  const [before, after] = [await again("before"), await again("after")];
  proof.before = { ...pair.before, secondsAgain: before };
  proof.after = { ...pair.after, secondsAgain: after };
  proof.checks.push(`built again after a change in \`${edits}\`: ${before.toFixed(1)} → ${after.toFixed(1)} s`);
  if (after > before) proof.problems.push("it takes longer to build again after a change");
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

function placeOf(folder: string, variant: Variant): Place {
  return { file: join(folder, `${variant}.Dockerfile`), context: join(folder, variant) };
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
    ...["--label", `${LABEL}=case`, ...(isFresh ? ["--no-cache"] : [])],
    ...["--tag", tagOf(one, variant), "--file", file, ...contexts],
    ...Object.keys(secrets).flatMap((id) => ["--secret", `id=${id}`]),
    context,
  ];
  const outcome = await build(engine, args, secrets);
  await writeFile(`${file}.log`, outcome.stderr);
  if (outcome.code !== 0)
    throw new Error(
      `the ${variant === "before" ? "original" : "optimised"} one does not build:\n${lastLines(outcome)}`,
    );
  return outcome.seconds;
}
