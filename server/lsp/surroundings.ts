/** The surroundings of the server on Node: files from disk, pages and version from the package. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findConfiguration } from "../context/configuration.ts";
import { diskFiles } from "../context/disk.ts";
import { type Files, gatherContext } from "../context/gather.ts";
import { findPackageRoot, readPage, readVersion } from "../context/pages.ts";
import { findShellCheck, ShellCheck } from "../context/shellcheck.ts";
import { diskMeasure, diskTables } from "../context/size-data.ts";
import type { SizeSource } from "../context/sizes.ts";
import { MeasureProblem, measure } from "../measure/measure.ts";
import { HiddenSecrets } from "../model/hidden-secrets.ts";
import type { Surroundings } from "./server.ts";

/** @param entry the folder of the running file, inside the package. */
export function nodeSurroundings(entry: string): Surroundings {
  const root = findPackageRoot(entry);
  const files = new RememberedFiles(diskFiles(root));
  const checkers = new RememberedCheckers();
  const measures = new RememberedMeasures();
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
    shellCheck: (uri, setting) => {
      const directory = uri.startsWith("file:") ? dirname(fileURLToPath(uri)) : undefined;
      return directory === undefined || !existsSync(directory) ? undefined : checkers.of(directory, setting);
    },
    forgetFiles: () => {
      files.forget();
      checkers.forget();
    },
    readPage: (ruleId) => readPage(root, ruleId),
    sizes: diskTables(root),
    measureImages: (uri, context, dockerfiles, signal, tell) => {
      if (!uri.startsWith("file:")) throw new MeasureProblem("Only a Dockerfile on disk can be built. Save it first.");
      const secrets = dockerfiles.map((one) => new HiddenSecrets(one));
      return measure({
        directory: context === undefined ? dirname(fileURLToPath(uri)) : fileURLToPath(context),
        images: dockerfiles.map(({ text, context: { files: known } }, index) => ({
          name: index === 0 ? "as it is" : "optimized",
          ...{ text, ignored: known?.[".dockerignore"] },
        })),
        searchPath: process.env["PATH"] ?? "",
        signal,
        onProgress: ({ image, step }) => tell(`${image}: ${step}`),
        hide: (text) => secrets.reduce((shown, one) => one.hide(shown), text),
      });
    },
    measureFor: (uri) => (uri.startsWith("file:") ? measures.of(dirname(fileURLToPath(uri))) : undefined),
  };
}

/** For how long what a folder holds is taken to be as it was, in milliseconds: it costs more to look, and is only shown. */
const MEASURE_MEMORY = 20_000;

/** Folders that are not measured again at every key. */
class RememberedMeasures {
  readonly #answers = new Map<string, { readonly answer: Promise<number | undefined>; readonly time: number }>();

  of(directory: string): NonNullable<SizeSource["measure"]> {
    const measure = diskMeasure(directory);
    return (path, leftOut) => {
      const key = `${directory}\n${path}\n${leftOut.key}`;
      const now = performance.now();
      const known = this.#answers.get(key);
      if (known && now - known.time < MEASURE_MEMORY) return known.answer;
      const answer = measure(path, leftOut);
      this.#answers.set(key, { answer, time: now });
      return answer;
    };
  }
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

  async list(path: string, limit: number, skipped: readonly string[]): Promise<readonly string[] | undefined> {
    return this.#remember(`list ${path}`, async () => this.#files.list?.(path, limit, skipped));
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

/** One ShellCheck for each folder, with what it has said. */
class RememberedCheckers {
  readonly #found = new Map<string, ReturnType<typeof findShellCheck>>();
  readonly #checkers = new Map<string, ShellCheck>();

  of(directory: string, setting: string): ShellCheck | { readonly problem: string } | undefined {
    if (!this.#found.has(setting)) this.#found.set(setting, findShellCheck(setting, process.env["PATH"] ?? ""));
    const found = this.#found.get(setting);
    if (!found || "problem" in found) return found;
    const key = `${found.program} ${directory}`;
    const checker = this.#checkers.get(key) ?? new ShellCheck(found.program, directory);
    this.#checkers.set(key, checker);
    return checker;
  }

  forget(): void {
    this.#found.clear();
    this.#checkers.clear();
  }
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
