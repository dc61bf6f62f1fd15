import { readFileSync } from "node:fs";
import { type DebianIndex, type DebianPackage, findPackage } from "./read-index.ts";

/** Packages with headers that at least this many source packages of Debian build with are wanted, listed or not. */
const BUILT_WITH = 60;

/** The names of `installed-packages.txt` and of what is most built with, as far as the release has them. */
export function wantedPackages(index: DebianIndex): readonly string[] {
  const listed = readFileSync(new URL("installed-packages.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => line.split(/\s+/));
  const built = [...index.builtWith]
    .filter(
      ([name, count]) => count >= BUILT_WITH && name.endsWith("-dev") && !/^(?:golang|librust|libghc)-/.test(name),
    )
    .map(([name]) => name);
  return [...new Set([...listed, ...built])].filter((name) => name !== "" && findPackage(index, name)).sort();
}

/**
 * These packages and all that they need or recommend: of each group the first alternative that there is, and every other one
 * that is there anyway. What is found first stands first.
 */
export function closeOver(index: DebianIndex, names: readonly string[]): ReadonlyMap<string, DebianPackage> {
  const found = new Map<string, DebianPackage>();
  const waiting = [...index.base, ...names];
  for (const name of waiting) {
    const each = findPackage(index, name) ?? providersOf(index, name)[0];
    if (each === undefined || found.has(each.name)) continue;
    found.set(each.name, each);
    for (const group of [...each.depends, ...each.recommends]) {
      const first = group.find((other) => index.packages.has(other) || index.providers.has(other));
      if (first !== undefined) waiting.push(first);
    }
  }
  return found;
}

/** The packages that provide a name, in the order in which apt would take one: by priority, then by name. */
export function providersOf(index: DebianIndex, name: string): readonly DebianPackage[] {
  const rank = ({ priority }: DebianPackage) => ["required", "important", "standard", "optional"].indexOf(priority);
  const worst = (each: DebianPackage) => (rank(each) === -1 ? 9 : rank(each));
  return (index.providers.get(name) ?? []).toSorted((a, b) => worst(a) - worst(b) || (a.name < b.name ? -1 : 1));
}
