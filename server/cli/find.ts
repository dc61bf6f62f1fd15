/** Paths -> the Dockerfiles in them. */
import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { GitIgnore } from "./git-ignore.ts";
import { Problem } from "./host.ts";
import { problemWith, quote, STDIN } from "./read.ts";

export interface Found {
  /** As they are shown: as they were given, below a folder as it was given, with `/`; sorted, each file once. */
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * The files that the operands name, and those in the folders among them. Symbolic links to files are followed, those to
 * folders are not. A file that is named is there whatever its name, and whether it can be read or not.
 */
export async function findDockerfiles(operands: readonly string[], directory: string): Promise<Found> {
  const found = new Map<string, string>();
  const problems: Problem[] = [];
  for (const operand of operands) {
    try {
      const absolute = resolve(directory, operand);
      if (operand === STDIN) found.set(STDIN, STDIN);
      else if (!(await stat(absolute)).isDirectory()) add(found, absolute, operand);
      else await findIn(absolute, operand, found, problems);
    } catch (error) {
      problems.push(problemWith(operand, error, "read"));
    }
  }
  return { paths: [...found.values()].sort(compare), problems };
}

/** The names that are Dockerfiles' to Docker, Podman and VS Code. */
export function isDockerfileName(name: string): boolean {
  if (/\.dockerignore$/i.test(name)) return false;
  return /^(?:Dockerfile|Containerfile)(?:\.|$)|^(?:dockerfile|containerfile)$|.\.(?:[Dd]ockerfile|[Cc]ontainerfile)$/.test(
    name,
  );
}

/** Never entered. */
const SKIPPED: ReadonlySet<string> = new Set([".git", "node_modules"]);

async function findIn(folder: string, operand: string, found: Map<string, string>, problems: Problem[]): Promise<void> {
  const before = found.size;
  const failures = problems.length;
  await walk(folder, operand, await GitIgnore.above(folder), found, problems);
  if (found.size === before && problems.length === failures && !holdsOne(found, folder)) {
    const where = operand === "." ? "the current folder" : quote(operand);
    problems.push(
      new Problem(
        `there is no Dockerfile in ${where}; name the file itself if it has another name or is in .gitignore`,
      ),
    );
  }
}

async function walk(
  folder: string,
  shown: string,
  inherited: GitIgnore,
  found: Map<string, string>,
  problems: Problem[],
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const ignored = entries.some((entry) => entry.name === ".gitignore") ? await inherited.with(folder) : inherited;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (SKIPPED.has(entry.name) || ignored.covers(path, true)) continue;
      try {
        await walk(path, join(shown, entry.name), ignored, found, problems);
      } catch (error) {
        problems.push(problemWith(join(shown, entry.name), error, "read"));
      }
    } else if (isDockerfileName(entry.name) && !ignored.covers(path, false)) {
      if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path))))
        add(found, path, join(shown, entry.name));
    }
  }
}

/** A link that leads nowhere was not asked for, so it is no problem. */
async function leadsToFile(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isFile();
  } catch {
    return false;
  }
}

function add(found: Map<string, string>, absolute: string, shown: string): void {
  if (!found.has(absolute)) found.set(absolute, join(shown).split(sep).join("/"));
}

function holdsOne(found: ReadonlyMap<string, string>, folder: string): boolean {
  return [...found.keys()].some((path) => path.startsWith(folder + sep));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
