/** The pages of the rules, and what else is read from the installed package. Node only. */
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The folder of this package.
 * @param from a folder inside it, that of the running file: the entry of each bundle knows its own.
 */
export function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "server", "rules"))) return folder;
    if (dirname(folder) === folder) throw new Error(`${from} is not inside the package of Plimsoll; install it again`);
  }
}

/** The page of a rule as Markdown; `undefined`: there is none. */
export async function readPage(packageRoot: string, ruleId: string): Promise<string | undefined> {
  if (!/^[a-z0-9-]+$/.test(ruleId)) return undefined;
  try {
    return await readFile(join(packageRoot, "server", "rules", `${ruleId}.md`), "utf8");
  } catch {
    return undefined;
  }
}

/** The heading of a page. */
export function titleOf(page: string): string | undefined {
  return /^# (.+)$/m.exec(page)?.[1]?.trim();
}

/** Of the package. */
export function readVersion(packageRoot: string): string {
  return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}
