/** The surroundings of the server on Node: files from disk, pages and version from the package. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findConfiguration } from "../context/configuration.ts";
import { diskFiles } from "../context/disk.ts";
import { type Files, gatherContext } from "../context/gather.ts";
import { findPackageRoot, readPage, readVersion } from "../context/pages.ts";
import type { Surroundings } from "./server.ts";

/** @param entry the folder of the running file, inside the package. */
export function nodeSurroundings(entry: string): Surroundings {
  const root = findPackageRoot(entry);
  const files = new RememberedFiles(diskFiles(root));
  return {
    version: readVersion(root),
    gatherContext: (uri, text, mayReadFiles) => {
      // Of what is not on disk, only the text is known.
      if (!mayReadFiles || !uri.startsWith("file:")) return gatherContext({ text }, files);
      const path = fileURLToPath(uri);
      return gatherContext({ text, path: slashed(path), directory: slashed(dirname(path)) }, files);
    },
    findConfiguration: async (uri, folders) => {
      if (!uri.startsWith("file:")) return [];
      const folder = slashed(dirname(fileURLToPath(uri)));
      const above = folders
        .filter((one) => one.startsWith("file:"))
        .map((one) => slashed(fileURLToPath(one)))
        .find((one) => `${folder}/`.startsWith(`${one}/`));
      return findConfiguration(folder, above, files);
    },
    forgetFiles: () => files.forget(),
    readPage: (ruleId) => readPage(root, ruleId),
  };
}

/** For how long a file is taken to be as it was, in milliseconds, where the editor does not tell of changes. */
const MEMORY = 2000;

/** Files that are not asked for again at every key. */
class RememberedFiles implements Files {
  readonly #files: Files;
  readonly #answers = new Map<string, { readonly answer: Promise<unknown>; readonly time: number }>();

  constructor(files: Files) {
    this.#files = files;
  }

  read(path: string, limit: number): Promise<string | null | undefined> {
    return this.#remember(`read ${path}`, () => this.#files.read(path, limit));
  }

  exists(path: string): Promise<boolean | undefined> {
    return this.#remember(`exists ${path}`, () => this.#files.exists(path));
  }

  forget(): void {
    this.#answers.clear();
  }

  #remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = performance.now();
    const known = this.#answers.get(key);
    if (known && now - known.time < MEMORY) return known.answer as Promise<T>;
    const answer = ask();
    this.#answers.set(key, { answer, time: now });
    return answer;
  }
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
