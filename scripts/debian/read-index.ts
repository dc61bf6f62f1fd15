import { type Apt, withApt } from "./apt.ts";

/** A binary package as the `Packages` file of a release has it; versions of relations are left out. */
export type DebianPackage = {
  readonly name: string;
  readonly source: string;
  readonly version: string;
  readonly section: string;
  readonly priority: string;
  readonly architecture: string;
  /** KiB, as Debian counts them. */
  readonly installedSize: number;
  /** Pre-Depends and Depends: every group is needed, any name of a group will do. */
  readonly depends: readonly (readonly string[])[];
  readonly recommends: readonly (readonly string[])[];
  readonly provides: readonly string[];
  /** Debtags, such as `devel::compiler`. Many packages have none. */
  readonly tags: ReadonlySet<string>;
  readonly summary: string;
};

/** The packages of one Debian release (`main`, amd64), updates and security included. */
export type DebianIndex = {
  readonly release: string;
  /** As the release file says it: `12.11`. */
  readonly version: string;
  /** Suite to the day (`2025-05-17`) on which its release file was made. */
  readonly dates: Readonly<Record<string, string>>;
  /** In the order of their names. */
  readonly packages: ReadonlyMap<string, DebianPackage>;
  /** Name to the packages that provide it; the name itself is often no package. */
  readonly providers: ReadonlyMap<string, readonly DebianPackage[]>;
  /** Name to how many source packages name it, first of its group, in their Build-Depends. */
  readonly builtWith: ReadonlyMap<string, number>;
  /** What the `debian:<release>-slim` image holds: the packages of priority `required`, apt, and what they need. */
  readonly base: ReadonlySet<string>;
};

/** Reads a release with the apt of this machine. Throws when it cannot be fetched. */
export function readIndex(release: string): DebianIndex {
  return withApt(release, (apt) => indexOf(release, apt));
}

/** What apt says of a release, read. */
export function indexOf(release: string, apt: Apt): DebianIndex {
  const packages = readPackages(apt.newestPackages, apt.packages);
  const required = [...packages.values()].filter((each) => each.priority === "required").map((each) => each.name);
  return {
    release,
    version: field(apt.releaseFiles.find((file) => field(file, "Codename") === release)!, "Version")!,
    dates: Object.fromEntries(apt.releaseFiles.map(dateOfSuite).sort()),
    packages,
    providers: readProviders(packages),
    builtWith: countBuildDependencies(apt.sources),
    // The image's file system is merged when it is made, so the package that would merge it is refused.
    base: new Set(apt.simulateInstall(["apt", ...required, "usrmerge-"])),
  };
}

/** The package of this name, or the one package that provides it; `undefined` when there is none or a choice. */
export function findPackage(index: DebianIndex, name: string): DebianPackage | undefined {
  const providers = index.providers.get(name) ?? [];
  return index.packages.get(name) ?? (providers.length === 1 ? providers[0] : undefined);
}

/** The names of this package and of all that it needs, the first that there is of every group; without recommendations. */
export function closureOf(index: DebianIndex, name: string): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = [findPackage(index, name)];
  for (const each of waiting) {
    if (each === undefined || names.has(each.name)) continue;
    names.add(each.name);
    for (const group of each.depends) {
      waiting.push(group.map((other) => findPackage(index, other)).find((other) => other !== undefined));
    }
  }
  return names;
}

// The index of security updates has no debtags: they are read from any version that has them.
function readPackages(newest: string, all: string): Map<string, DebianPackage> {
  const tagged = paragraphs(all)
    .map(readPackage)
    .filter(({ tags }) => tags.size > 0);
  const tags = new Map(tagged.map((each) => [each.name, each.tags]));
  const packages = paragraphs(newest).map(readPackage);
  packages.sort((left, right) => compare(left.name, right.name));
  return new Map(packages.map((each) => [each.name, { ...each, tags: tags.get(each.name) ?? each.tags }]));
}

function readPackage(paragraph: string): DebianPackage {
  const fields = new Map<string, string>();
  for (const match of paragraph.matchAll(/^([^\s:]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)) fields.set(match[1]!, match[2]!);
  const value = (name: string) => fields.get(name) ?? "";
  return {
    name: value("Package"),
    source: value("Source").split(" ")[0] || value("Package"),
    version: value("Version"),
    section: value("Section"),
    priority: value("Priority"),
    architecture: value("Architecture"),
    installedSize: Number(value("Installed-Size")),
    depends: [...readRelations(value("Pre-Depends")), ...readRelations(value("Depends"))],
    recommends: readRelations(value("Recommends")),
    provides: readRelations(value("Provides")).flat(),
    tags: new Set(readList(value("Tag"))),
    summary: value("Description").split("\n")[0]!,
  };
}

// `a (>= 1) | b:any, c [amd64] <!nocheck>`
function readRelations(text: string): string[][] {
  return readList(text).map((group) => group.split("|").map((relation) => /^[^\s:([<]*/.exec(relation.trim())![0]));
}

function readList(text: string): string[] {
  return text.split(/\s*,\s*/).filter((item) => item !== "");
}

function readProviders(packages: ReadonlyMap<string, DebianPackage>): Map<string, DebianPackage[]> {
  const providers = new Map<string, DebianPackage[]>();
  for (const each of packages.values()) {
    for (const name of new Set(each.provides)) {
      const others = providers.get(name);
      if (others === undefined) providers.set(name, [each]);
      else others.push(each);
    }
  }
  return providers;
}

function countBuildDependencies(text: string): Map<string, number> {
  const namesBySource = new Map<string, Set<string>>();
  for (const paragraph of paragraphs(text)) {
    const names = namesBySource.get(field(paragraph, "Package")!) ?? new Set();
    namesBySource.set(field(paragraph, "Package")!, names);
    for (const suffix of ["", "-Arch", "-Indep"]) {
      for (const group of readRelations(field(paragraph, `Build-Depends${suffix}`) ?? "")) names.add(group[0]!);
    }
  }
  const counts = new Map<string, number>();
  for (const names of namesBySource.values()) {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function dateOfSuite(releaseFile: string): [string, string] {
  return [field(releaseFile, "Codename")!, new Date(field(releaseFile, "Date")!).toISOString().slice(0, 10)];
}

function paragraphs(text: string): string[] {
  return text.split(/\n(?:[ \t]*\n)+/).filter((paragraph) => paragraph.trim() !== "");
}

function field(paragraph: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t].*)*)`, "m").exec(paragraph)?.[1];
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
