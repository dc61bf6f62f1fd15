/** What a RUN adds: packages, what package managers leave behind, and what cannot be known. */
import { hasFlag } from "../model/command.ts";
import type { PackageName, PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import type { BaseSize } from "./base.ts";
import { costOf, LISTS, type Place, recordsOf } from "./cost.ts";
import { unknownOf } from "./programs.ts";
import { resolve } from "./resolve.ts";
import type { SizedPackage, SizeRelease, SizeTable } from "./table.ts";

/** What the image holds at a point, as far as apt is concerned. */
export interface System {
  /** `undefined`: its packages are in no table. */
  readonly table: SizeTable | undefined;
  readonly isSlim: boolean;
  readonly installed: ReadonlySet<SizedPackage>;
  /** The image that may have more packages than `installed`; `undefined`: none, the list is whole. */
  readonly inexact: string | undefined;
  readonly hasLists: boolean;
  /** apt's configuration says so. */
  readonly withoutRecommends: boolean;
  /** Names of packages that come from elsewhere than Debian. */
  readonly foreign: readonly RegExp[];
  /** The packages do not come from the release's own archive. */
  readonly isMixed: boolean;
}

/** One `apt-get install`. */
export interface InstallSize {
  readonly operation: PackageOperation;
  /** The words that name a package of the table. */
  readonly wanted: readonly { readonly name: PackageName; readonly package: SizedPackage }[];
  /** What was there before. */
  readonly before: ReadonlySet<SizedPackage>;
  readonly withRecommends: boolean;
  readonly added: readonly SizedPackage[];
  /** The part of `added` that is only recommended. */
  readonly recommended: readonly SizedPackage[];
  readonly place: Place;
}

export interface RunSize {
  readonly bytes: number;
  readonly withoutRecommends: number;
  readonly listsLeft: number;
  readonly unknown: readonly string[];
  readonly installs: readonly InstallSize[];
  readonly after: System;
}

/** What holds at the beginning of a stage that starts from an image. */
export function startOf(
  base: BaseSize,
  tables: Readonly<Partial<Record<SizeRelease, SizeTable>>>,
  name: string,
): System {
  const table = base.release && tables[base.release];
  const wanted = table ? (base.packages ?? []).flatMap((one) => table.find(one) ?? []) : [];
  const own = new Set(table?.base);
  return {
    table,
    isSlim: base.isSlim,
    installed: new Set([...own, ...resolve(wanted, own, false)]),
    inexact: base.packages ? undefined : name,
    hasLists: false,
    withoutRecommends: false,
    foreign: [],
    isMixed: false,
  };
}

export function runSize(run: Run, before: System): RunSize {
  const text = run.instruction.rest.text;
  const system = configured(before, text);
  const unknown = new Set<string>();
  const installs: InstallSize[] = [];
  // Those that the same RUN removes again are never in the image.
  let full = [...before.installed];
  let lean = full;
  let hasLists = before.hasLists;
  const manual: SizedPackage[] = [];
  const operations = new Map(run.packageOperations.map((one) => [one.command, one]));
  for (const command of run.commands) {
    const operation = operations.get(command);
    if (operation && isApt(operation)) {
      if (operation.action === "update") hasLists = true;
      else if (/^dist-?clean$/.test(operation.verb.value ?? "")) hasLists = false;
      else if (operation.action === "install") {
        const install = installOf(operation, system, new Set(full), unknown);
        if (!install) continue;
        installs.push(install);
        full = [...full, ...install.added];
        const wanted = install.wanted.map((one) => one.package);
        manual.push(...wanted);
        lean = [...lean, ...resolve(wanted, new Set(lean), false)];
      } else if (operation.action === "remove") {
        const names = new Set(operation.packages.map(({ name }) => name));
        for (const one of [...manual]) if (names.has(one.name)) manual.splice(manual.indexOf(one), 1);
        const isAutomatic = removesAutomatically(operation);
        full = without(full, names, isAutomatic, before.installed, manual, !system.withoutRecommends);
        lean = without(lean, names, isAutomatic, before.installed, manual, false);
      } else if (operation.action === "upgrade" && system.table)
        unknown.add(`what \`${operation.manager} ${operation.verb.value}\` replaces`);
      else if (operation.action === "other") unknown.add(`what \`${operation.manager} ${operation.verb.value}\` adds`);
    } else if (
      removesLists(
        command.program,
        command.words.map(({ text: word }) => word),
      )
    )
      hasLists = false;
    else {
      const missing = unknownOf(command, operation);
      if (missing !== undefined) unknown.add(missing);
    }
  }
  if (run.commands.length === 0 && text.trim() !== "") unknown.add("what a shell that is not known runs");
  if (keepsArchives(text) && installs.some(({ added }) => added.length > 0) && !isMounted(run, "/var/cache/apt"))
    unknown.add("the package files that apt keeps in `/var/cache/apt`");
  const isCovered = isMounted(run, "/var/lib/apt/lists");
  const listsLeft = hasLists && !before.hasLists && !isCovered ? listsOf(run, before.table) : 0;
  const bytes = growth(system, full) + listsLeft;
  return {
    bytes,
    withoutRecommends: growth(system, lean) + listsLeft,
    listsLeft,
    unknown: [...unknown],
    installs,
    after: { ...system, installed: new Set(full), hasLists: isCovered ? before.hasLists : hasLists },
  };
}

/** What the packages that are new at the end of a RUN take. */
function growth({ table, installed, isSlim }: System, now: readonly SizedPackage[]): number {
  const added = now.filter((one) => !installed.has(one));
  if (!table || added.length === 0) return 0;
  const place: Place = { release: table.release, isSlim, hasPython: hasPython(now) };
  return added.reduce((sum, one) => sum + costOf(one, place), recordsOf(added, now, new Set(table.base), place));
}

function hasPython(installed: Iterable<SizedPackage>): boolean {
  for (const { name } of installed) if (/^python3(?:\.\d+)?-minimal$/.test(name)) return true;
  return false;
}

function installOf(
  operation: PackageOperation,
  system: System,
  before: ReadonlySet<SizedPackage>,
  unknown: Set<string>,
): InstallSize | undefined {
  const { table } = system;
  if (!table || system.isMixed) {
    unknown.add(`what ${operation.manager} installs`);
    return undefined;
  }
  const wanted: { name: PackageName; package: SizedPackage }[] = [];
  const isElsewhere = operation.has("-t", "--target-release", "--default-release") === true;
  for (const name of operation.packages.flatMap((one) => expanded(operation, one))) {
    const found = isElsewhere || name.version?.startsWith("/") ? undefined : find(name, system);
    if (found) wanted.push({ name, package: found });
    else unknown.add(`the package ${name.name === undefined ? name.word.text : `\`${name.name}\``}`);
  }
  if (wanted.length > 0 && system.inexact !== undefined) unknown.add(`what of it \`${system.inexact}\` already has`);
  const asked = wanted.map((one) => one.package);
  const withRecommends = !system.withoutRecommends && !refusesRecommends(operation);
  const needed = new Set(resolve(asked, before, false));
  const added = withRecommends ? resolve(asked, before, true) : [...needed];
  const place: Place = { release: table.release, isSlim: system.isSlim, hasPython: hasPython([...before, ...added]) };
  const recommended = added.filter((one) => !needed.has(one));
  return { operation, wanted, before, withRecommends, added, recommended, place };
}

/** The packages that a word stands for: a variable may hold several. */
function expanded(operation: PackageOperation, name: PackageName): readonly PackageName[] {
  if (name.name !== undefined) return [name];
  return operation.run.resolve(name.word).map((word) => {
    const match =
      word.value === undefined ? undefined : /^([^=/:]+)(?::[a-z0-9-]+)?(?:(=.+)|(\/.+))?$/.exec(word.value);
    return { word: name.word, name: match?.[1], version: match?.[2] ?? match?.[3] };
  });
}

function find({ name, word }: PackageName, { table, foreign }: System): SizedPackage | undefined {
  if (name === undefined || foreign.some((one) => one.test(name))) return undefined;
  // Another architecture's package is another one.
  return /:(?!amd64|any|native|all)[a-z0-9-]+(?:=|$)/.test(word.value ?? "") ? undefined : table!.find(name);
}

function isApt({ manager }: PackageOperation): boolean {
  return manager === "apt-get" || manager === "apt" || manager === "aptitude";
}

function refusesRecommends(operation: PackageOperation): boolean {
  if (operation.manager === "aptitude" && operation.has("-R", "--without-recommends") === true) return true;
  if (operation.has("--no-install-recommends") === true) return true;
  return operation.command.args.some(({ text }) => REFUSAL.test(text));
}

const REFUSAL = /APT::Install-Recommends["']?\s*=?\s*\\?["']?(?:false|0|no|off)/i;

function removesAutomatically({ verb, command }: PackageOperation): boolean {
  return (
    /^auto-?(?:remove|purge)$/.test(verb.value ?? "") || hasFlag(command.args, "--auto-remove", "--autoremove") === true
  );
}

/** What is left of the packages that a RUN installs when some are removed, and with them what needs them or is not needed. */
function without(
  installed: readonly SizedPackage[],
  names: ReadonlySet<string | undefined>,
  isAutomatic: boolean,
  before: ReadonlySet<SizedPackage>,
  manual: readonly SizedPackage[],
  withRecommends: boolean,
): SizedPackage[] {
  const kept = installed.filter((one) => before.has(one) || !names.has(one.name));
  if (!isAutomatic) return kept;
  const needed = new Set(resolve(manual, before, withRecommends));
  return kept.filter((one) => before.has(one) || needed.has(one));
}

/** Where other archives than Debian's are written of in a RUN, and the packages that then come from them. */
const ARCHIVES: readonly (readonly [RegExp, RegExp])[] = [
  [/nodesource/, /^(?:nodejs|npm)$/],
  [/apt\.postgresql\.org|pgdg/, /^(?:postgresql|libpq)/],
  [/packages\.sury\.org|ppa:ondrej/, /^(?:php|libapache2-mod-php)/],
  [/apt\.llvm\.org|llvm\.sh/, /^(?:clang|llvm|lld|libclang|lldb)/],
  [/download\.docker\.com|get\.docker\.com/, /^(?:docker|containerd)/],
  [/mariadb\.org|mariadb_repo/, /^(?:mariadb|libmariadb)/],
  [/nginx\.org/, /^nginx/],
  [/cli\.github\.com/, /^gh$/],
];

/** What a RUN does to apt's configuration, before it installs. */
function configured(system: System, text: string): System {
  if (!text.includes("apt") && !text.includes("nodesource") && !text.includes("llvm.sh")) return system;
  const foreign = ARCHIVES.filter(([archive]) => archive.test(text)).map(([, names]) => names);
  const writes = /\/etc\/apt\/apt\.conf/.test(text);
  return {
    ...system,
    withoutRecommends: system.withoutRecommends || (writes && REFUSAL.test(text)),
    foreign: foreign.length > 0 ? [...system.foreign, ...foreign] : system.foreign,
    isMixed:
      system.isMixed || (/\/etc\/apt\/[^;&|]*sources/.test(text) && /\b(?:sid|unstable|testing|forky)\b/.test(text)),
  };
}

/** apt keeps what it fetches when the file that Debian's images have against it is removed. */
function keepsArchives(text: string): boolean {
  return (
    /\brm\b[^;&|]*docker-clean|Keep-Downloaded-Packages["']?\s*"?(?:true|1)/.test(text) &&
    !/apt(?:-get)? clean/.test(text)
  );
}

function removesLists(program: string | undefined, words: readonly string[]): boolean {
  if (program !== "rm" && program !== "find") return false;
  return words.some((word) =>
    /^["']?\/var\/(?:lib\/(?:apt(?:\/(?:lists(?:\/\*)?)?|\/\*)?|\{.*apt.*\}.*)|\{.*lib\/apt\/lists.*\})["']?\/?$/.test(
      word,
    ),
  );
}

function listsOf(run: Run, table: SizeTable | undefined): number {
  if (table) return LISTS[table.release];
  return run.stage.base.distribution === "debian" ? LISTS.bookworm : 0;
}

function isMounted(run: Run, path: string): boolean {
  return run.mounts.some(
    ({ type, target }) =>
      (type === "cache" || type === "tmpfs") &&
      target !== undefined &&
      (path === target || path.startsWith(`${target}/`)),
  );
}
