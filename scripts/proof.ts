/**
 * `npm run proof`: builds the cases of test/builds/cases as they are and as Plimsoll optimises them, runs both, compares, and writes
 * docs/proof.md. `-- CASE ...` for some of them, `-- --short` for the six that run in CI, `-- --jobs N` for more at a time, `-- --resume`
 * to go on where a run was interrupted: what has been proven and has not changed since is not built again; `-- --table` to write the page of
 * what has been proven so far.
 */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { BaseMaker } from "../test/builds/base-maker.ts";
import { type Case, readCases } from "../test/builds/case.ts";
import { type Engine, findEngine } from "../test/builds/engine.ts";
import { NoEngine } from "../test/builds/own-engine.ts";
import { type Proof, prove } from "../test/builds/prove.ts";
import { keyOf, ProofStore } from "../test/builds/store.ts";
import { formatPage, formatResult } from "../test/builds/table.ts";

const PAGE = "docs/proof.md";
const CACHE = resolve(".cache/proof");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean" },
    resume: { type: "boolean" },
    table: { type: "boolean" },
    jobs: { type: "string", default: "2" },
  },
});
const start = performance.now();
const say = (line: string): void => console.log(`proof: ${line}`);
let engine: Engine | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    process.exitCode = 130;
    void (engine?.stop() ?? Promise.resolve()).then(() => process.exit());
  });
try {
  const cases = choose(readCases());
  if (values.table) await writeTable(cases);
  else await buildAll(cases);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  // On a person's machine, no engine is no mistake; where the project is tested, it must not go unnoticed.
  const isSkipped = error instanceof NoEngine && values.short === true && !process.env["CI"];
  console.error(`proof: ${isSkipped ? "SKIPPED, nothing was built" : "FAILED"}: ${reason}`);
  if (!isSkipped) process.exitCode = 1;
} finally {
  await engine?.stop();
}

function choose(all: readonly Case[]): readonly Case[] {
  if (positionals.length === 0) return values.short ? all.filter(({ isShort }) => isShort) : all;
  return positionals.map((name) => {
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`there is no case ${name}; there are ${all.map((one) => one.name).join(", ")}`);
    return found;
  });
}

async function buildAll(chosen: readonly Case[]): Promise<void> {
  engine = await findEngine(CACHE, say);
  const proofs = await proveAll(chosen, engine);
  const failed = proofs.filter(({ problems }) => problems.length > 0);
  if (positionals.length === 0 && !values.short) await writePage(proofs, []);
  const minutes = Math.ceil((performance.now() - start) / 60_000);
  say(`${proofs.length - failed.length} of ${proofs.length} proven, ${minutes} minutes`);
  if (failed.length > 0) process.exitCode = 1;
}

async function proveAll(chosen: readonly Case[], on: Engine): Promise<readonly Proof[]> {
  const store = new ProofStore(CACHE);
  const workshop = { engine: on, bases: new BaseMaker(on, CACHE, say), cache: CACHE };
  const proofs = new Map<string, Proof>();
  const left = [...chosen];
  const work = async (): Promise<void> => {
    for (let one = left.shift(); one; one = left.shift()) {
      const key = await keyOf(one);
      const known = values.resume ? await store.find(one, key) : undefined;
      const proof = known ?? (await prove(one, workshop));
      if (!known) await store.keep(proof, key);
      proofs.set(one.name, proof);
      say(`${proofs.size}/${chosen.length} ${formatResult(proof)}`);
      // Only the cache of our own engine is thrown away, and not what another case still needs.
      if (on.isOwn) await on.docker(["builder", "prune", "--all", "--force", "--filter", "until=10m"]);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));
  if (on.isOwn) await on.docker(["builder", "prune", "--all", "--force"]);
  return chosen.map(({ name }) => proofs.get(name)!);
}

async function writeTable(chosen: readonly Case[]): Promise<void> {
  const store = new ProofStore(CACHE);
  const found = await Promise.all(chosen.map(async (one) => store.find(one, await keyOf(one))));
  await writePage(
    found.filter((proof) => proof !== undefined),
    chosen.filter((_, index) => !found[index]).map(({ name }) => name),
  );
}

async function writePage(proofs: readonly Proof[], missing: readonly string[]): Promise<void> {
  await writeFile(PAGE, formatPage(proofs, { date: new Date().toISOString().slice(0, 10), missing }));
  say(`${PAGE} is written`);
}
