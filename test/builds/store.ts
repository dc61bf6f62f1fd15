/** What has been proven, so that a run that was interrupted can go on. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Case } from "./case.ts";
import { optimise } from "./optimise.ts";
import type { Proof } from "./prove.ts";

export class ProofStore {
  readonly #folder: string;

  constructor(cache: string) {
    this.#folder = join(cache, "proofs");
  }

  /** The proof of this very case: its declaration, its files, what the fixes make of its Dockerfile and what is estimated. */
  async find(one: Case): Promise<Proof | undefined> {
    try {
      const { key, proof } = JSON.parse(await readFile(this.#pathOf(one), "utf8")) as Stored;
      return key === (await keyOf(one)) ? proof : undefined;
    } catch {
      return undefined;
    }
  }

  /** A proof that failed is forgotten. */
  async keep(proof: Proof): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const stored: Partial<Stored> = proof.problems.length === 0 ? { key: await keyOf(proof.case), proof } : {};
    await writeFile(this.#pathOf(proof.case), JSON.stringify(stored));
  }

  #pathOf({ name }: Case): string {
    return join(this.#folder, `${name}.json`);
  }
}

interface Stored {
  readonly key: string;
  readonly proof: Proof;
}

async function keyOf(one: Case): Promise<string> {
  const { after, files, growth } = await optimise(one.directory);
  const { directory, ...declaration } = one;
  const hash = createHash("sha256").update(JSON.stringify([declaration, after, files, growth]));
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) hash.update(relative(directory, path)).update(await readFile(path));
  return hash.digest("hex");
}
