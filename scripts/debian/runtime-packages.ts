import { countUsers, isDevelopmentFiles, type Reason } from "./build-packages.ts";
import { closureOf, type DebianIndex, type DebianPackage, findPackage } from "./read-index.ts";

/**
 * What a program keeps needing when the build package that it was made with is gone: a function from the name of a build
 * package to the sorted names of packages. `undefined` is "the metadata does not tell".
 *
 * - For development files (`libpq-dev`): the shared libraries (`libpq5`) and interpreters (`python3`) of the same source
 *   package that it needs, directly or by way of other development files of that source.
 * - A package that only stands for others (`default-libmysqlclient-dev`) is followed into other source packages.
 * - For a tool (`g++`): what the development files that it needs stand for (`libstdc++6`), as far as that is in wide use and
 *   the tool does not need it for itself. Most tools stand for nothing.
 * - Development files without a library are headers, and stand for nothing. But when they need the headers of others, or a
 *   program of their own source (`apache2-dev`), the metadata does not tell what is needed later.
 */
export function findRuntimePackages(
  index: DebianIndex,
  reasons: ReadonlyMap<string, Reason>,
): (name: string) => readonly string[] | undefined {
  const users = countUsers(index);
  const toolchain = closureOf(index, "build-essential");
  const answers = new Map<string, readonly string[] | undefined>();
  return runtimePackages;

  function runtimePackages(name: string): readonly string[] | undefined {
    const start = findPackage(index, name);
    if (start === undefined || !reasons.has(start.name)) return undefined;
    // While it is looked for it is unknown, to those that it needs and that need it.
    if (!answers.has(start.name)) answers.set(start.name, undefined).set(start.name, answer(start));
    return answers.get(start.name);
  }

  function answer(start: DebianPackage): readonly string[] | undefined {
    const needs = collectNeeds(start, index, reasons);
    const tools = needs.filter(({ from }) => !isDevelopmentFiles(from));
    const neededByTools = new Set(tools.map(({ to }) => to.name).filter((name) => !index.base.has(name)));
    const others = needs.filter(({ from, to }) => isDevelopmentFiles(from) && !reasons.has(to.name));
    const found = others
      .filter(({ from, to, ofTool }) => {
        if (ofTool) return isLibrary(to) && (users.get(to.name) ?? 0) >= 20 && !neededByTools.has(to.name);
        return from.source === to.source && (isLibrary(to) || isInterpreter(to));
      })
      .map(({ to }) => to);
    return found.length === 0 && needs.some(isUnclear) ? undefined : withoutImplied(found);
  }

  function isUnclear({ from, to, ofTool }: Need): boolean {
    if (ofTool || toolchain.has(to.name)) return false;
    if (!reasons.has(to.name)) return from.source === to.source && !isAccessory(to);
    if (from.source === to.source || standsForOthers(from)) return false;
    return runtimePackages(to.name)?.every((name) => index.base.has(name)) !== true;
  }
}

// `ofTool` when the way from the start to the package that needs it leads over a tool, or is one.
type Need = { readonly from: DebianPackage; readonly to: DebianPackage; readonly ofTool: boolean };

function collectNeeds(start: DebianPackage, index: DebianIndex, reasons: ReadonlyMap<string, Reason>): Need[] {
  const needs: Need[] = [];
  const seen = new Set([start.name]);
  follow(start, false);
  return needs;

  function follow(from: DebianPackage, overTool: boolean): void {
    const ofTool = overTool || !isDevelopmentFiles(from);
    for (const group of from.depends) {
      const candidates = group.map((name) => findPackage(index, name)).filter((each) => each !== undefined);
      const to = candidates.find(({ source }) => source === from.source) ?? candidates[0];
      if (to === undefined || seen.has(to.name)) continue;
      needs.push({ from, to, ofTool });
      if (!reasons.has(to.name) || !(to.source === from.source || standsForOthers(from))) continue;
      seen.add(to.name);
      follow(to, ofTool);
    }
  }
}

// A meta, default or transitional package: it has hardly any files of its own.
function standsForOthers({ source, installedSize, summary, tags }: DebianPackage): boolean {
  if (source.endsWith("-defaults") || installedSize <= 20) return true;
  const says =
    tags.has("role::metapackage") || tags.has("role::dummy") || /\bmeta-? ?package|transitional|dummy/i.test(summary);
  return says && installedSize <= 100;
}

const accessoryName = /-(bin|common|data|dbg|dbgsym|doc|examples|tools|utils)$/;

// Debian Policy 8.1: the name of a shared library ends in its version. Some are in the section of what uses them.
function isLibrary(each: DebianPackage): boolean {
  if (isAccessory(each)) return false;
  return (
    ["libs", "oldlibs"].includes(each.section) || each.tags.has("role::shared-lib") || /^lib.*\d\w*$/.test(each.name)
  );
}

const interpreterSections = new Set(["gnu-r", "interpreters", "lisp", "perl", "php", "python", "ruby"]);

function isInterpreter(each: DebianPackage): boolean {
  return !isAccessory(each) && interpreterSections.has(each.section);
}

// What comes along with development files and that no program made with them needs.
function isAccessory({ name, section, architecture }: DebianPackage): boolean {
  return architecture === "all" || accessoryName.test(name) || ["debug", "doc", "introspection"].includes(section);
}

// `python3` brings `python3.11`: an interpreter's parts need not be named. Libraries are, since they are what is looked for.
function withoutImplied(packages: readonly DebianPackage[]): string[] {
  const kept = new Map(packages.map((each) => [each.name, each]));
  for (const { name } of packages.filter((each) => isInterpreter(each))) {
    const implied = [...kept.values()].some(
      (other) => other.name !== name && other.depends.some((group) => group[0] === name),
    );
    if (implied) kept.delete(name);
  }
  return [...kept.keys()].sort();
}
