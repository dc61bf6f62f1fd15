/** What a RUN adds: packages, what package managers leave behind, and what cannot be known. */
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { type Content, rewritten } from "./content.ts";
import { costOf, LISTS, type Place, recordsOf } from "./cost.ts";
import { hasPython, type InstallSize, installOf, isUncertain, removesAutomatically } from "./install.ts";
import { unknownOf } from "./programs.ts";
import { resolve } from "./resolve.ts";
import { configured, type System } from "./system.ts";
import type { SizedPackage } from "./table.ts";

export interface RunSize {
  readonly bytes: number;
  readonly withoutRecommends: number;
  readonly listsLeft: number;
  readonly unknown: readonly string[];
  readonly installs: readonly InstallSize[];
  /** Nothing in it writes what is not known, packages aside. */
  readonly isKnown: boolean;
  readonly after: System;
}

/** @param content what earlier instructions have put into the image. */
export function runSize(run: Run, before: System, content: Content): RunSize {
  const text = run.instruction.rest.text;
  const system = configured(before, text);
  const unknown = new Set<string>();
  const installs: InstallSize[] = [];
  // Those that the same RUN removes again are never in the image.
  const full = new Packages(before);
  const lean = new Packages(before);
  let hasLists = before.hasLists;
  /** What commands beside apt write. */
  const writes = new Set<string>();
  let again = 0;
  const operations = new Map(run.packageOperations.map((one) => [one.command, one]));
  for (const command of run.commands) {
    const operation = operations.get(command);
    if (operation && isApt(operation)) {
      if (operation.action === "update") hasLists = true;
      else if (/^dist-?clean$/.test(operation.verb.value ?? "")) hasLists = false;
      else if (operation.action === "install") {
        const install = installOf(operation, system, full.now, unknown);
        if (!install) continue;
        installs.push(install);
        const wanted = install.wanted.map((one) => one.package);
        const areSame = lean.now.size === full.now.size;
        full.add(install.added, wanted);
        lean.add(areSame ? install.needed : resolve(wanted, lean.now, false), wanted);
      } else if (operation.action === "remove" && !isUncertain(operation)) {
        full.remove(operation, !system.withoutRecommends);
        lean.remove(operation, false);
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
      const written = rewritten(command, run, content, writes.size > 0 || installs.length > 0);
      if (typeof written === "number") again += written;
      const missing = typeof written === "number" ? undefined : (written ?? unknownOf(command, operation));
      if (missing !== undefined) writes.add(missing);
    }
  }
  if (run.commands.length === 0 && text.trim() !== "") writes.add("what a shell that is not known runs");
  if (keepsArchives(text) && installs.some(({ added }) => added.length > 0) && !isMounted(run, "/var/cache/apt"))
    unknown.add("the package files that apt keeps in `/var/cache/apt`");
  const isCovered = isMounted(run, "/var/lib/apt/lists");
  const staysBehind = hasLists && !before.hasLists && !isCovered;
  const { table } = system;
  if (staysBehind && !table) unknown.add("the package lists that `apt-get update` leaves");
  const listsLeft = staysBehind && table ? LISTS[table.release] : 0;
  return {
    bytes: full.growth() + listsLeft + again,
    withoutRecommends: lean.growth() + listsLeft + again,
    listsLeft,
    unknown: [...unknown, ...writes],
    installs,
    isKnown: writes.size === 0,
    after: {
      ...system,
      installed: full.after,
      hasLists: isCovered ? before.hasLists : hasLists,
      hasRemoved: before.hasRemoved || full.hasRemoved,
    },
  };
}

/** The packages while a RUN goes on. Sets are shared as long as nothing changes: most instructions change nothing. */
class Packages {
  readonly #before: System;
  readonly #manual: SizedPackage[] = [];
  readonly #ever = new Set<SizedPackage>();
  readonly #gone = new Set<string | undefined>();
  #now: ReadonlySet<SizedPackage>;
  #hasChanged = false;

  constructor(before: System) {
    this.#before = before;
    this.#now = before.installed;
  }

  get now(): ReadonlySet<SizedPackage> {
    return this.#now;
  }

  get hasRemoved(): boolean {
    return this.#gone.size > 0;
  }

  /** What a later RUN finds. */
  get after(): ReadonlySet<SizedPackage> {
    if (this.#gone.size === 0) return this.#now;
    return new Set([...this.#now].filter((one) => !this.#gone.has(one.name)));
  }

  add(added: readonly SizedPackage[], wanted: readonly SizedPackage[]): void {
    this.#manual.push(...wanted);
    if (added.length === 0) return;
    this.#hasChanged = true;
    const now = new Set(this.#now);
    for (const one of added) {
      now.add(one);
      this.#ever.add(one);
      this.#gone.delete(one.name);
    }
    this.#now = now;
  }

  remove(operation: PackageOperation, withRecommends: boolean): void {
    const names = new Set(operation.packages.map(({ name }) => name));
    for (const one of [...this.#manual]) if (names.has(one.name)) this.#manual.splice(this.#manual.indexOf(one), 1);
    const isAutomatic = removesAutomatically(operation);
    const now = [...this.#now];
    if (now.some((one) => names.has(one.name)) || (isAutomatic && this.#before.hasRemoved)) this.#hasChanged = true;
    for (const name of names) this.#gone.add(name);
    this.#now = new Set(without(now, names, isAutomatic, this.#before.installed, this.#manual, withRecommends));
  }

  /** What those take that are new now, and the records of all that was done. */
  growth(): number {
    const { table, installed, isSlim } = this.#before;
    if (!table || !this.#hasChanged) return 0;
    const now = [...this.#now];
    const place: Place = { release: table.release, isSlim, hasPython: hasPython(now) };
    const records = recordsOf([...this.#ever], now, table.baseSet, place);
    return now.reduce((sum, one) => (installed.has(one) ? sum : sum + costOf(one, place)), records);
  }
}

function isApt({ manager }: PackageOperation): boolean {
  return manager === "apt-get" || manager === "apt" || manager === "aptitude";
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

function isMounted(run: Run, path: string): boolean {
  return run.hasMount(path, "cache", "tmpfs");
}
