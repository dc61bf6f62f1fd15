import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { DebianRelease } from "../server/model/debian.ts";
import { countUsers, findBuildPackages, type Reason } from "./debian/build-packages.ts";
import { type DebianIndex, findPackage, readIndex } from "./debian/read-index.ts";
import { findRuntimePackages } from "./debian/runtime-packages.ts";

// Writes server/model/data/debian-packages.json from the package indexes of Debian, which the apt of this machine fetches, and
// prints what it decided. The same indexes give the same file.

// In the order in which the file lists their answers. The newest that has a package decides what the package is for.
const releases: readonly DebianRelease[] = ["bullseye", "bookworm", "trixie"];

const output = new URL("../server/model/data/debian-packages.json", import.meta.url);

type Source = {
  readonly index: DebianIndex;
  readonly reasons: ReadonlyMap<string, Reason>;
  readonly users: ReadonlyMap<string, number>;
  readonly runtimePackages: (name: string) => readonly string[] | undefined;
};

const sources = releases.map(readSource);
const names = [
  ...new Set(sources.flatMap(({ index }) => [...index.packages.keys(), ...index.providers.keys()])),
].sort();
const build = new Map(names.filter(isWorthKeeping).map((name) => [name, describeRuntime(name)]));
const other = names.filter((name) => reasonOf(name) === undefined && isWellKnown(name));
const text = formatData();

writeFileSync(output, text);
printStatistics();

function readSource(release: DebianRelease): Source {
  console.error(`fetching ${release}`);
  const index = readIndex(release);
  const reasons = findBuildPackages(index);
  return { index, reasons, users: countUsers(index), runtimePackages: findRuntimePackages(index, reasons) };
}

function reasonOf(name: string): Reason | undefined {
  const newest = sources.toReversed();
  const named = newest.find(({ index }) => index.packages.has(name));
  const found = named ?? newest.find(({ index }) => findPackage(index, name) !== undefined);
  return found?.reasons.get(findPackage(found.index, name)!.name);
}

// The rest is too rare to be worth its bytes. That a name ends in `-dev` says enough where nothing else is to be said.
function isWorthKeeping(name: string): boolean {
  const reason = reasonOf(name);
  if (reason === undefined) return false;
  const real = sources.some(({ index }) => index.packages.has(name));
  const builtWith = Math.max(...sources.map(({ index }) => index.builtWith.get(name) ?? 0));
  if (name.endsWith("-dev")) return builtWith >= (real ? 5 : 1) && !isOfLanguage(name) && describeRuntime(name) !== "?";
  if (!real || (name.startsWith("lib") && isOfLanguage(name))) return false;
  if (reason === "tagged" || reason === "built with" || builtWith >= 2) return true;
  return reason === "only build packages" ? !/-\d/.test(name) : /^[a-z+]+-[\d.]+$/.test(name);
}

// Libraries of languages with a package manager of their own, thousands.
function isOfLanguage(name: string): boolean {
  const sections = sources.map(({ index }) => findPackage(index, name)?.section ?? "");
  return sections.some((section) => ["golang", "haskell", "ocaml", "rust"].includes(section));
}

// Libraries are no candidates for being taken for build packages, unless by their names.
function isWellKnown(name: string): boolean {
  return sources.some(({ index, users }) => {
    const found = index.packages.get(name);
    if (found === undefined || name.endsWith("-dev")) return found !== undefined;
    return !name.startsWith("lib") && (users.get(name) ?? 0) >= (found.tags.has("role::program") ? 3 : 50);
  });
}

// The packages for each release, `|` between releases: `=` for those of the release before, `?` for what is not known; or once
// when it is the same for all.
function describeRuntime(name: string): string {
  const answers = sources.map(({ runtimePackages }) => runtimePackages(name));
  const longest = Math.max(...answers.map((answer) => answer?.length ?? 0));
  const texts = answers.map((answer) => (answer === undefined || longest > 40 ? "?" : answer.join(" ")));
  if (new Set(texts).size === 1) return texts[0]!;
  return texts.map((text, position) => (text === texts[position - 1] ? "=" : text)).join("|");
}

function formatData(): string {
  const entries = [...build].map(([name, runtime]) => `    ${JSON.stringify(name)}: ${JSON.stringify(runtime)}`);
  const bases = sources.map(({ index }) => `    ${JSON.stringify(index.release)}: ${formatNames(index.base)}`);
  const versions = sources.map(({ index: { release, version, dates } }) => {
    return `    ${JSON.stringify(release)}: ${JSON.stringify({ version, dates })}`;
  });
  return `{
  "source": "Debian package indexes (main, amd64), read by scripts/generate-debian-packages.ts",
  "releases": {\n${versions.join(",\n")}\n  },
  "base": {\n${bases.join(",\n")}\n  },
  "build": {\n${entries.join(",\n")}\n  },
  "other": ${formatNames(other)}
}
`;
}

function formatNames(list: Iterable<string>): string {
  return JSON.stringify([...list].sort().join(" "));
}

function printStatistics(): void {
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const { index, reasons } of sources) {
    console.log(
      `${index.release} ${index.version}: ${index.packages.size} packages, ${index.base.size} in the base image`,
    );
    console.log(`  for building: ${formatCounts(reasons.values())}`);
    const sections = [...reasons.keys()].map((name) => index.packages.get(name)!.section);
    console.log(`  their sections: ${formatCounts(sections)}`);
  }
  const described = [...build.values()];
  console.log(`in the file: ${build.size} for building, ${other.length} others`);
  console.log(`  without a runtime package: ${described.filter((runtime) => runtime === "").length}`);
  console.log(`  not known in some release: ${described.filter((runtime) => runtime.includes("?")).length}`);
  console.log(`  size: ${kilobytes(text.length)}, ${kilobytes(gzipSync(text).length)} gzip`);
  console.log(`in doubt, so not for building: ${findDoubtful().join(" ")}`);
}

function formatCounts(words: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort((left, right) => right[1] - left[1]);
  return sorted.map(([word, count]) => `${word} ${count}`).join(", ");
}

// Much built with, little used otherwise, and yet no rule says that they are for building.
function findDoubtful(): string[] {
  const { index, users } = sources.at(-1)!;
  return [...index.packages.values()]
    .filter(({ name, section }) => !section.startsWith("lib") && reasonOf(name) === undefined && !index.base.has(name))
    .filter(({ name }) => (index.builtWith.get(name) ?? 0) >= Math.max(30, 3 * (users.get(name) ?? 0)))
    .filter(({ architecture, tags }) => architecture !== "all" || tags.has("role::program"))
    .map(({ name, section }) => `${name} (${section})`);
}
