/** One `apt-get install`: what it would add, and what of it cannot be known. */
import { hasFlag } from "../model/command.ts";
import type { PackageName, PackageOperation } from "../model/packages.ts";
import type { Place } from "./cost.ts";
import { resolveApart } from "./resolve.ts";
import { REFUSAL, type System } from "./system.ts";
import type { SizedPackage } from "./table.ts";

export interface InstallSize {
  readonly operation: PackageOperation;
  /** The words that name a package of the table. */
  readonly wanted: readonly { readonly name: PackageName; readonly package: SizedPackage }[];
  /** What was there before. */
  readonly before: ReadonlySet<SizedPackage>;
  readonly withRecommends: boolean;
  readonly added: readonly SizedPackage[];
  /** The part of `added` that would come without recommended packages as well. */
  readonly needed: readonly SizedPackage[];
  /** The rest, which is only recommended. */
  readonly recommended: readonly SizedPackage[];
  readonly place: Place;
}

/** @param unknown takes what is not known, in words. */
export function installOf(
  operation: PackageOperation,
  system: System,
  before: ReadonlySet<SizedPackage>,
  unknown: Set<string>,
): InstallSize | undefined {
  const { manager } = operation;
  if (operation.has("-s", "--simulate", "--just-print", "--dry-run", "--recon", "--no-act", "--print-uris") === true)
    return undefined;
  if (operation.has("-d", "--download-only") === true) {
    unknown.add(`the package files that ${manager} downloads`);
    return undefined;
  }
  const { table } = system;
  if (!table || system.isMixed) {
    unknown.add(system.isMixed ? `what ${manager} installs from several releases` : `what ${manager} installs`);
    return undefined;
  }
  const wanted: { name: PackageName; package: SizedPackage }[] = [];
  const avoided = new Set<string>();
  for (const name of operation.packages.flatMap((one) => expanded(operation, one))) {
    const found = nameIn(name, operation, system);
    if (found === "avoided") avoided.add(name.name!.slice(0, -1));
    else if (typeof found === "string") unknown.add(found);
    else wanted.push({ name, package: found });
  }
  if (isUncertain(operation)) {
    for (const one of wanted)
      if (!before.has(one.package)) unknown.add(`\`${one.name.name}\`, installed in some cases`);
    return undefined;
  }
  if (wanted.length > 0 && system.inexact !== undefined)
    unknown.add(`less what \`${system.inexact}\` already has of it`);
  if (operation.has("--reinstall") === true || operation.verb.value === "reinstall")
    for (const one of wanted) if (before.has(one.package)) unknown.add(`\`${one.name.name}\`, installed again`);
  if (operation.has("--install-suggests") === true) unknown.add("suggested packages");
  const asked = wanted.map((one) => one.package);
  const withRecommends = !system.withoutRecommends && !refusesRecommends(operation);
  const { added: all, needed: count } = resolveApart(asked, before, withRecommends);
  const left = (list: readonly SizedPackage[]): readonly SizedPackage[] =>
    avoided.size === 0 ? list : list.filter(({ name }) => !avoided.has(name));
  const [needed, recommended] = [left(all.slice(0, count)), left(all.slice(count))];
  const added = [...needed, ...recommended];
  const place: Place = {
    ...{ release: table.release, isSlim: system.isSlim },
    hasPython: hasPython(before) || hasPython(added),
  };
  return { operation, wanted, before, withRecommends, added, needed, recommended, place };
}

export function hasPython(installed: Iterable<SizedPackage>): boolean {
  for (const { name } of installed)
    if (name.startsWith("python3") && /^python3(?:\.\d+)?-minimal$/.test(name)) return true;
  return false;
}

/** Whether it runs depends on something: a branch, a function that something may call, what stands behind `||`. */
export function isUncertain({ command }: PackageOperation): boolean {
  return command.shell?.place === "conditional" || command.shell?.place === "function";
}

/** The packages that a word stands for: a variable may hold several. */
function expanded(operation: PackageOperation, name: PackageName): readonly PackageName[] {
  if (name.name !== undefined && name.word.value !== undefined) return [name];
  return operation.run.resolve(name.word).map((word) => {
    // No file is called like a version with a `*` in it, so that the shell leaves that as it is.
    const value = word.value ?? (/^[\w.+-]+=[\w.+~:*-]+$/.test(word.text) ? word.text : undefined);
    const match = value === undefined ? undefined : /^([^=/:]+)(?::[a-z0-9-]+)?(?:(=.+)|(\/.+))?$/.exec(value);
    return { word: name.word, name: match?.[1], version: match?.[2] ?? match?.[3] };
  });
}

/** The package, or in words what is not known. */
function nameIn(
  { name, word, version }: PackageName,
  operation: PackageOperation,
  { table, foreign }: System,
): SizedPackage | string | "avoided" {
  const text = (word.value ?? word.text).replace(/^(["'])(.*)\1$/, "$2");
  if (/^\.{0,2}\/|\.deb$/.test(text)) return `the package file \`${text}\``;
  if (name === undefined) return `the packages that \`${text}\` stands for`;
  if (/[*?^]/.test(name)) return `the packages that \`${text}\` stands for`;
  const release = releaseOf(operation) ?? (version?.startsWith("/") ? version.slice(1) : undefined);
  if (release !== undefined && !new RegExp(`^${table!.release}(?:-security|-updates)?$`).test(release))
    return `\`${name}\` of \`${release}\``;
  if (foreign.some((one) => one.test(name))) return `\`${name}\` from another archive than Debian's`;
  // Another architecture's package is another one.
  if (/:(?!amd64|any|native|all)[a-z0-9-]+(?:=|$)/.test(word.value ?? "")) return `the package \`${text}\``;
  const found = table!.find(name);
  if (found) return found;
  return name.endsWith("-") && table!.find(name.slice(0, -1)) ? "avoided" : `the package \`${name}\``;
}

/** The release that the packages are wanted of. */
function releaseOf({ command }: PackageOperation): string | undefined {
  const values = command.args.map(({ value, text }) => value ?? text);
  for (const [index, value] of values.entries()) {
    const [, given] = /^(?:--target-release|--default-release|-t)=?(.*)$/.exec(value) ?? [];
    if (given !== undefined) return given === "" ? values[index + 1] : given;
  }
  return undefined;
}

function refusesRecommends(operation: PackageOperation): boolean {
  if (operation.manager === "aptitude" && operation.has("-R", "--without-recommends") === true) return true;
  if (operation.has("--no-install-recommends") === true) return true;
  return operation.args.some(({ text }) => REFUSAL.test(text));
}

export function removesAutomatically({ verb, command }: PackageOperation): boolean {
  return (
    /^auto-?(?:remove|purge)$/.test(verb.value ?? "") || hasFlag(command.args, "--auto-remove", "--autoremove") === true
  );
}
