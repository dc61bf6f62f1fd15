/** What has been proven, so that a run that was interrupted can go on. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Case } from "./case.ts";
import { optimise } from "./optimise.ts";
import type { Proof } from "./prove.ts";

/** Another one when anything of it is different: its declaration, its files, what the fixes make of it, what is estimated. */
export async function keyOf(one: Case): Promise<string> {
  const { after, files, growth } = await optimise(one.directory);
  const { directory, ...declaration } = one;
  const hash = createHash("sha256").update(JSON.stringify([declaration, after, files, growth]));
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) hash.update(relative(directory, path)).update(await readFile(path));
  return hash.digest("hex");
}

export class ProofStore {
  readonly #folder: string;

  constructor(cache: string) {
    this.#folder = join(cache, "proofs");
  }

  /** @param key of the case as it is. */
  async find(one: Case, key: string): Promise<Proof | undefined> {
    try {
      const stored = JSON.parse(await readFile(this.#pathOf(one), "utf8")) as Stored;
      return stored.key === key ? stored.proof : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * A proof that failed is forgotten.
   * @param key of the case as it was when it was built.
   */
  async keep(proof: Proof, key: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const stored: Partial<Stored> = proof.problems.length === 0 ? { key, proof } : {};
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
