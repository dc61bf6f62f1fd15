import { type DebianIndex, type DebianPackage, findPackage } from "./read-index.ts";

/** Which rule says that a package is for building only. */
export type Reason =
  | "development files"
  | "tagged"
  | "built with"
  | "variant"
  | "needs a compiler"
  | "only build packages";

/**
 * Name to reason for the packages that are only good for building others. What is in doubt is left out: much in the section
 * `devel` is used at run time too (debuggers, `gettext`, `snapd`), so the section alone says nothing. The rules:
 *
 * 1. development files: the name ends in `-dev` (Debian Policy 8.4) and it is no documentation; or the section is `libdevel`
 *    and the name says it in another place (`libc6-dev-i386`, `krb5-multidev`, `opencl-headers`).
 * 2. tagged: in a section for development, with a debtag for compilers, build tools or code generators, and none for what may
 *    be wanted later: interpreters, runtimes, debuggers, tests, daemons.
 * 3. built with: most new packages have no debtags. In a section for development (in any, for a tagged compiler): at least 50
 *    source packages build with it, and for 20 of those at most one other needs it once it is installed.
 * 4. variant: it has the name and section of one found by 2 or 3, and a version or more words: `gcc-12`, `g++-mingw-w64`.
 * 5. needs a compiler: it is in such a section, no library, and needs one found by 2 to 5.
 * 6. only build packages: it needs others, all for building and not just development files: `build-essential`.
 *
 * 3, 4 and 5 do not hold against a debtag that names another purpose, 4 to 6 not against a name with the word `runtime`.
 */
export function findBuildPackages(index: DebianIndex): ReadonlyMap<string, Reason> {
  const users = countUsers(index);
  const reasons = new Map<string, Reason>();
  for (const each of index.packages.values()) {
    if (isDevelopmentFiles(each)) reasons.set(each.name, "development files");
    else if (isTagged(each)) reasons.set(each.name, "tagged");
    else if (isBuiltWith(each, index, users)) reasons.set(each.name, "built with");
  }
  const stems = [...reasons.keys()].filter((name) => isTool(reasons.get(name)));
  for (let before = -1; before !== reasons.size; ) {
    before = reasons.size;
    for (const each of index.packages.values()) {
      const reason = reasons.get(each.name) ?? reasonFromOthers(each, index, stems, reasons);
      if (reason !== undefined) reasons.set(each.name, reason);
    }
  }
  return reasons;
}

/** Whether it holds headers and the like for one who compiles, not a program. */
export function isDevelopmentFiles({ name, section }: DebianPackage): boolean {
  if (name.endsWith("-dev")) return section !== "doc";
  return section === "libdevel" && name.split("-").some((word) => ["dev", "headers", "multidev"].includes(word));
}

/** Name to how many source packages need or recommend it once they are installed, those for developers left out. */
export function countUsers(index: DebianIndex): ReadonlyMap<string, number> {
  const users = new Map<string, Set<string>>();
  for (const each of index.packages.values()) {
    if (developmentSections.has(each.section) || isDevelopmentFiles(each)) continue;
    for (const [name] of [...each.depends, ...each.recommends]) {
      if (index.packages.get(name!)?.source === each.source) continue;
      const sources = users.get(name!) ?? new Set();
      users.set(name!, sources.add(each.source));
    }
  }
  return new Map([...users].map(([name, sources]) => [name, sources.size]));
}

// Debian's sections for who develops, and for the languages whose programs run without the language.
const developmentSections = new Set(["devel", "golang", "haskell", "ocaml", "rust"]);

const buildTags = ["devel::buildtools", "devel::code-generator", "devel::compiler"];

const runtimeTags = [
  "devel::debugger",
  "devel::ide",
  "devel::interpreter",
  "devel::runtime",
  "devel::testing-qa",
  "interface::daemon",
  "network::server",
];

// Tags that say for which language or as what, not what for.
const neutralTags = /^devel::(lang:.*|library|doc|examples|ecma-cli|TODO)$/;

function isTagged({ section, tags }: DebianPackage): boolean {
  return developmentSections.has(section) && hasAny(tags, buildTags) && !hasAny(tags, runtimeTags);
}

function isBuiltWith({ name, section, tags }: DebianPackage, index: DebianIndex, users: ReadonlyMap<string, number>) {
  const builds = index.builtWith.get(name) ?? 0;
  if (builds < 50 || builds < 20 * (users.get(name) ?? 0) || hasOtherPurpose(tags)) return false;
  return developmentSections.has(section) || tags.has("devel::compiler");
}

function reasonFromOthers(
  each: DebianPackage,
  index: DebianIndex,
  stems: readonly string[],
  reasons: ReadonlyMap<string, Reason>,
): Reason | undefined {
  const { name, section, tags } = each;
  if (!developmentSections.has(section) || hasAny(tags, runtimeTags) || name.split("-").includes("runtime"))
    return undefined;
  const needs = each.depends.map((group) => reasonsOfGroup(group, index, reasons)).filter((group) => group.length > 0);
  const needsTool = needs.some((group) => group.every(isTool));
  if (needsTool && needs.flat().every((reason) => reason !== undefined)) return "only build packages";
  if (hasOtherPurpose(tags)) return undefined;
  if (isVariant(each, index, stems, reasons)) return "variant";
  return needsTool && !name.startsWith("lib") ? "needs a compiler" : undefined;
}

function reasonsOfGroup(group: readonly string[], index: DebianIndex, reasons: ReadonlyMap<string, Reason>) {
  const packages = group.map((name) => findPackage(index, name)).filter((each) => each !== undefined);
  return packages.map((each) => reasons.get(each.name));
}

function isVariant(
  { name, section }: DebianPackage,
  index: DebianIndex,
  stems: readonly string[],
  reasons: ReadonlyMap<string, Reason>,
): boolean {
  const sameSection = (other: string) => index.packages.get(other)?.section === section;
  const plain = name.replace(/-?\d+(\.\d+)*(?=-|$)/, "");
  if (plain !== name && isTool(reasons.get(plain)) && sameSection(plain)) return true;
  return stems.some((stem) => name.startsWith(`${stem}-`) && sameSection(stem));
}

function isTool(reason: Reason | undefined): boolean {
  return reason !== undefined && reason !== "development files";
}

function hasOtherPurpose(tags: ReadonlySet<string>): boolean {
  const purposes = [...tags].filter((tag) => tag.startsWith("devel::") && !neutralTags.test(tag));
  return hasAny(tags, runtimeTags) || purposes.some((tag) => !buildTags.includes(tag));
}

function hasAny(tags: ReadonlySet<string>, wanted: readonly string[]): boolean {
  return wanted.some((tag) => tags.has(tag));
}
