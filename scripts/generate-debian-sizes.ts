import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Download, withApt } from "./debian/apt.ts";
import type { Payload } from "./debian/measure-package.ts";
import { measurePackages } from "./debian/measure-packages.ts";
import { type DebianIndex, type DebianPackage, indexOf } from "./debian/read-index.ts";
import { closeOver, providersOf, wantedPackages } from "./debian/select-packages.ts";

// Writes server/size/data/debian-<release>.json: of the packages that Dockerfiles install, and of all that those need or
// recommend, what they add to an image. From the package indexes and the package files of Debian, which come from this machine's
// mirror: some gigabytes once, nothing the next time. The format is that of server/size/table.ts.
// Which releases: those named on the command line, or all.

const named = process.argv.slice(2);
const releases = named.length > 0 ? named : ["bookworm", "trixie"];

for (const release of releases) {
  const source = await read(release);
  const text = formatTable(source);
  writeFileSync(new URL(`../server/size/data/debian-${release}.json`, import.meta.url), text);
  printStatistics(source, text);
}

type Source = {
  readonly index: DebianIndex;
  readonly wanted: ReadonlySet<string>;
  readonly packages: readonly DebianPackage[];
  readonly payloads: ReadonlyMap<string, Payload>;
};

async function read(release: string): Promise<Source> {
  console.error(`fetching the indexes of ${release}`);
  const { index, wanted, packages, downloads } = withApt(release, (apt) => {
    const index = indexOf(release, apt);
    const wanted = wantedPackages(index);
    const packages = [...closeOver(index, wanted).values()];
    const downloads: ReadonlyMap<string, Download> = apt.downloads(packages.map(({ name }) => name));
    return { index, wanted: new Set(wanted), packages, downloads };
  });
  const payloads = await measurePackages(downloads);
  return { index, wanted, packages: mostNeededFirst(packages), payloads };
}

// So that the numbers that stand for them are short.
function mostNeededFirst(packages: readonly DebianPackage[]): DebianPackage[] {
  const users = new Map<string, number>();
  for (const { depends, recommends } of packages)
    for (const name of [...depends, ...recommends].flat()) users.set(name, (users.get(name) ?? 0) + 1);
  const count = ({ name }: DebianPackage) => users.get(name) ?? 0;
  return packages.toSorted((a, b) => count(b) - count(a) || (a.name < b.name ? -1 : 1));
}

function formatTable({ index, wanted, packages, payloads }: Source): string {
  const numbers = new Map<string, string>(packages.map(({ name }, position) => [name, position.toString(36)]));
  const virtual = new Map<string, string>();
  const references = new Map<string, string>();
  // A name stands for the package of that name, and behind it for what provides it.
  const numberOf = (name: string): string | undefined => {
    const known = references.get(name);
    if (known !== undefined) return known;
    const own = numbers.get(name);
    if (own === undefined && index.packages.has(name)) return undefined;
    const providers = providersOf(index, name).flatMap((each) => numbers.get(each.name) ?? []);
    const all = [...new Set([...(own === undefined ? [] : [own]), ...providers])];
    if (all.length === 0) return undefined;
    const reference = all.length === 1 && own !== undefined ? own : (packages.length + virtual.size).toString(36);
    if (reference !== own) virtual.set(name, all.join(" "));
    references.set(name, reference);
    return reference;
  };
  // A group that the first name of which is out of reach is left out: apt would take a package that is not in the table.
  const formatGroups = (groups: readonly (readonly string[])[]): string =>
    groups
      .map((group) => group.flatMap((name) => numberOf(name) ?? []).join("|"))
      .filter((group) => group !== "")
      .join(" ");
  const sections = [...new Set(packages.map(({ section }) => section))].sort();
  const lines = packages.map((each) => {
    const { files, dropped, python, templates } = payloads.get(each.name)!;
    const numbers = [files, dropped, python].map((bytes) => String(Math.round(bytes / 1000) || ""));
    return [
      each.name,
      sections.indexOf(each.section).toString(36),
      ...numbers,
      templates === 0 ? "" : String(Math.max(1, Math.round(templates / 1000))),
      formatGroups(each.depends),
      formatGroups(each.recommends),
      wanted.has(each.name) ? each.summary : "",
    ]
      .join(";")
      .replace(/;+$/, "");
  });
  const provided = [...wanted].filter((name) => !index.packages.has(name));
  for (const name of provided) numberOf(name);
  const { release, version, dates } = index;
  return `${JSON.stringify(
    {
      release,
      version,
      dates,
      sections: sections.join(" "),
      base: [...index.base].map((name) => numbers.get(name)!).join(" "),
      packages: lines.join("\n"),
      virtual: [...virtual].map(([name, providers]) => `${name};${providers}`).join("\n"),
    },
    null,
    2,
  )}\n`;
}

function printStatistics({ index, wanted, packages }: Source, text: string): void {
  const kilobytes = (length: number): string => `${Math.round(length / 1000)} kB`;
  const listed = readFileSync(new URL("debian/installed-packages.txt", import.meta.url), "utf8").split(/\s+/).length;
  console.log(`${index.release} ${index.version}: ${wanted.size} wanted (${listed} words in the list)`);
  console.log(`  ${packages.length} with what they need or recommend`);
  console.log(`  ${kilobytes(text.length)}, ${kilobytes(gzipSync(text).length)} gzip`);
}
