/**
 * What packages make when they are installed, beside their files: caches, indexes, clusters. Measured: the files of a layer that
 * belong to no package, in installations that were made for this (the fitted sets of `test/size/package-sets.json`), 2026-11-21; TeX on
 * trixie alone.
 */
import type { SizeRelease } from "./table.ts";

/** In bytes. */
export function madeBy(name: string, release: SizeRelease): number {
  const facts = MADE.get(name);
  return facts === undefined ? 0 : facts[release] * 1000;
}

/** In kB. */
const MADE: ReadonlyMap<string, Readonly<Record<SizeRelease, number>>> = new Map(
  Object.entries({
    // One file of all certificates, and links to each.
    "ca-certificates": both(230),
    "ca-certificates-java": both(167),
    // The descriptions of all hardware, compiled.
    udev: { bookworm: 13_017, trixie: 13_520 },
    // The messages of the journal, compiled.
    systemd: { bookworm: 214, trixie: 236 },
    // Every kind of file, by name and content.
    "shared-mime-info": { bookworm: 2_500, trixie: 2_600 },
    // The index of the icons.
    "adwaita-icon-theme": { bookworm: 124, trixie: 40 },
    // A database cluster.
    "postgresql-15": both(40_013),
    "postgresql-17": both(40_239),
    "mariadb-server": { bookworm: 118_200, trixie: 150_200 },
    // Formats of TeX.
    "texlive-latex-base": both(20_600),
  }),
);

function both(kilobytes: number): Readonly<Record<SizeRelease, number>> {
  return { bookworm: kilobytes, trixie: kilobytes };
}
