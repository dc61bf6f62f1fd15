/** What is checked of a case's two images. */
import { ask, compare, FREE, findUnwritable, isHealthy, secondsToStop } from "./answers.ts";
import type { Case } from "./case.ts";
import type { Engine } from "./engine.ts";
import type { Growth } from "./estimate.ts";
import { findTraces, type Image } from "./image.ts";

export interface Built {
  readonly image: Image;
  readonly seconds: number;
  /** How much larger it is than what it starts from, in bytes; absent where it starts from nothing of ours. */
  readonly grown?: number;
  readonly estimate: Growth;
  /** How long it took once more after a change to a source file. */
  readonly secondsAgain?: number;
}

export interface Pair {
  readonly before: Built;
  readonly after: Built;
}

/** What an image may grow in a case that is not about size: a user is a few lines in a few files. */
const GROWTH = 500_000;
/** It is killed after ten. */
const SECONDS_TO_STOP = 5;

export interface Verdict {
  readonly problems: readonly string[];
  /** For the table. */
  readonly checked?: string;
}

export type Check = (one: Case, pair: Pair, engine: Engine) => Promise<Verdict>;

const NOTHING: Verdict = { problems: [] };

export const CHECKS: readonly Check[] = [checkAnswers, checkUser, checkSize, checkSecrets, checkHealth, checkStop];

async function checkAnswers(one: Case, { before, after }: Pair, engine: Engine): Promise<Verdict> {
  const asked = await ask(engine, before.image.tag, one, FREE);
  const answered = await ask(engine, after.image.tag, one, { isConfined: true, isReadOnly: one.readOnly });
  const difference = compare(asked, answered, one.expects);
  const confinement = one.readOnly ? "no capabilities, read-only" : "no capabilities";
  return { problems: difference ? [difference] : [], checked: `${describeQuestions(one)}; ${confinement}` };
}

async function checkUser(one: Case, { after: { image } }: Pair, engine: Engine): Promise<Verdict> {
  const problems = image.user.id === 0 ? ["the optimised image runs as root"] : [];
  if (one.writes.length === 0) return { problems };
  const unwritable = await findUnwritable(engine, image.tag, one);
  if (unwritable.length > 0) problems.push(`\`${image.user.name}\` cannot write ${unwritable.join(" and ")}`);
  return { problems, checked: `writes ${one.writes.map((path) => `\`${path}\``).join(", ")}` };
}

async function checkSize(one: Case, { before, after }: Pair): Promise<Verdict> {
  return { problems: compareSizes(one, before.image.bytes, after.image.bytes) };
}

async function checkSecrets(one: Case, { before, after }: Pair, engine: Engine): Promise<Verdict> {
  if (one.secrets.length === 0) return NOTHING;
  const there = await findTraces(engine, before.image.tag, one.secrets);
  const left = await findTraces(engine, after.image.tag, one.secrets);
  const problems: string[] = [];
  if (there.length < one.secrets.length) problems.push("the original does not have the secret that it should");
  if (left.length > 0) problems.push(`${left.length} of ${one.secrets.length} secrets are still in the image`);
  return { problems, checked: "no trace of the secret in configuration, history and layers" };
}

async function checkHealth(one: Case, { after }: Pair, engine: Engine): Promise<Verdict> {
  if (!one.isHealthy) return NOTHING;
  const isFine = await isHealthy(engine, after.image.tag, one);
  return { problems: isFine ? [] : ["its health check does not become healthy"], checked: "healthy" };
}

async function checkStop(one: Case, { before, after }: Pair, engine: Engine): Promise<Verdict> {
  if (!one.stops) return NOTHING;
  const earlier = await secondsToStop(engine, before.image.tag, one);
  const seconds = await secondsToStop(engine, after.image.tag, one);
  return {
    problems: seconds > SECONDS_TO_STOP ? ["it does not end when it is told to, but is killed"] : [],
    checked: `ends in ${seconds.toFixed(1)} s when told to (before: ${earlier.toFixed(1)} s)`,
  };
}

/** What is wrong with the sizes. */
export function compareSizes({ saves }: Pick<Case, "saves">, before: number, after: number): readonly string[] {
  const saved = 100 * (1 - after / before);
  if (saves === 0) return after > before + GROWTH ? [`it has grown by ${((after - before) / 1e6).toFixed(1)} MB`] : [];
  return saved < saves ? [`it is ${saved.toFixed(1)} % smaller, and should be ${saves} %`] : [];
}

function describeQuestions({ runs, requests }: Case): string {
  const starts = runs.length === 0 ? "" : runs.length === 1 ? "same output" : `same output, ${runs.length} starts`;
  const paths = requests ? `same answer to GET ${requests.paths.map((path) => `\`${path}\``).join(", ")}` : "";
  return [starts, paths].filter((part) => part !== "").join("; ");
}
