/** What size estimates need of the disk. Node only. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIgnorePatterns } from "../model/ignored-files.ts";
import type { SizeRelease, TableData } from "../size/table.ts";
import type { LeftOut, SizeSource } from "./sizes.ts";

/** How many files and folders of a build context are looked at for one path. */
const LIMIT = 4000;

/** @param packageRoot the folder of this package, where the tables lie. */
export function diskTables(packageRoot: string): Pick<SizeSource, "loadTable"> {
  return {
    async loadTable(release: SizeRelease): Promise<TableData | undefined> {
      const file = join(packageRoot, "server", "size", "data", `debian-${release}.json`);
      try {
        return JSON.parse(await readFile(file, "utf8")) as TableData;
      } catch {
        return undefined;
      }
    },
  };
}

/** Measures the files of a build context. */
export function diskMeasure(directory: string): NonNullable<SizeSource["measure"]> {
  return async (path, isLeftOut) => {
    if (path.split("/").includes("..")) return undefined;
    const budget = { left: LIMIT };
    try {
      const found = await matching(directory, path === "." ? "" : path);
      if (found.length === 0) return undefined;
      let sum = 0;
      for (const one of found) sum += await sumOf(directory, one, isLeftOut, budget);
      return sum;
    } catch {
      return undefined;
    }
  };
}

/** The paths that a path with `*`, `?` or `[]` stands for, as Go's `filepath.Match` understands it. */
async function matching(directory: string, pattern: string): Promise<readonly string[]> {
  if (!/[*?[\\]/.test(pattern)) return [pattern];
  let found = [""];
  for (const part of pattern.split("/")) {
    const [glob] = readIgnorePatterns(part.replace(/\*+/g, "*"));
    const names = await Promise.all(
      found.map(async (folder) => {
        if (!/[*?[\\]/.test(part)) return [part];
        const entries = await readdir(join(directory, folder)).catch(() => []);
        return entries.filter((name) => glob?.regex?.test(name)).sort();
      }),
    );
    found = found.flatMap((folder, index) => names[index]!.map((name) => (folder === "" ? name : `${folder}/${name}`)));
  }
  return found;
}

/** Fails when there are too many. */
async function sumOf(directory: string, path: string, leftOut: LeftOut, budget: { left: number }): Promise<number> {
  if (--budget.left < 0) throw new Error("too many files");
  const found = await lstat(join(directory, path));
  if (!found.isDirectory()) return path !== "" && leftOut.file(path) ? 0 : found.size;
  if (path !== "" && leftOut.folder(path)) return 0;
  let sum = 0;
  for (const name of await readdir(join(directory, path)))
    sum += await sumOf(directory, path === "" ? name : `${path}/${name}`, leftOut, budget);
  return sum;
}
