/** What packages take in an image, in bytes. */
import { madeBy } from "./made.ts";
import type { SizedPackage, SizeRelease } from "./table.ts";

/** Where they are installed. */
export interface Place {
  readonly release: SizeRelease;
  readonly isSlim: boolean;
  /** There is an interpreter that compiles Python modules when they are installed. */
  readonly hasPython: boolean;
}

/** The lists that `apt-get update` fetches, as Debian's images keep them (compressed); measured on 2026-11-21. */
export const LISTS: Readonly<Record<SizeRelease, number>> = { bookworm: 19_900_000, trixie: 21_700_000 };

/** A compiled Python module in bytes for each of its source; measured by installing python3 on 2026-11-21. */
const COMPILED: Readonly<Record<SizeRelease, number>> = { bookworm: 1.18, trixie: 1.09 };

/** One package and what installing it makes. */
export function costOf(one: SizedPackage, { release, isSlim, hasPython }: Place): number {
  const files = one.files - (isSlim ? one.dropped : 0);
  return files + (hasPython ? one.python * COMPILED[release] : 0) + madeBy(one.name, release);
}

/**
 * What any installation writes anew, however little it installs: apt's and dpkg's databases, logs, the linker's cache. Measured
 * file by file in the layers of installations on 2026-11-21.
 */
export function recordsOf(
  added: readonly SizedPackage[],
  installed: readonly SizedPackage[],
  base: ReadonlySet<SizedPackage>,
  { release }: Place,
): number {
  const templates = installed.reduce((sum, one) => sum + (base.has(one) ? 0 : one.templates), TEMPLATES[release]);
  // The state before is kept beside it, where there was something to change.
  const databases = templates * (added.some((one) => one.templates > 0) ? 2 : 1);
  return databases + 2 * STATUS * installed.length + CACHES + LOGS * added.length;
}

/** debconf's database in the base image. */
const TEMPLATES: Readonly<Record<SizeRelease, number>> = { bookworm: 753_000, trixie: 782_000 };

/** Of a package in `/var/lib/dpkg/status`, of which there are two. */
const STATUS = 880;

/** The linker's caches, the rest of debconf's and apt's. */
const CACHES = 30_000;

/** Of a package in `/var/log`. */
const LOGS = 650;
