/** On which Debian release an image is, where there is a table of it. */
import RELEASES from "../model/data/image-releases.json" with { type: "json" };
import type { Image } from "../model/image.ts";
import type { SizeRelease } from "./table.ts";

/** Only what is known: `node:22` is on bookworm, `python:3.11.4` was built on it; `debian:bullseye` and `debian:sid` have no table. */
export function releaseOf({ facts, registry, repository, tag = "latest" }: Image): SizeRelease | undefined {
  if (facts.distribution !== "debian") return undefined;
  if (facts.release !== undefined) return known(facts.release);
  if (registry !== "docker.io") return undefined;
  if (repository === "debian" || repository === "buildpack-deps")
    return known(SUITES[tag.replace(/-(?:slim|backports|curl|scm)$|^(?:slim|curl|scm)$/, "") || "latest"]);
  const image = Object.hasOwn(IMAGES, repository) ? IMAGES[repository] : undefined;
  if (!image) return undefined;
  const [first = "", ...rest] = tag.split("-");
  const variant = rest.join("-");
  if (variant !== "" && !VARIANT.test(variant)) return undefined;
  if (/^\d+(?:\.\d+)*$/.test(first)) return known(floor(image.versions, first));
  const names = new Map(image.names.split(" ").map((pair) => pair.split("=") as [string, string]));
  return known(names.get(VARIANT.test(tag) ? "latest" : first));
}

/** https://www.debian.org/releases/, since 2025-08-09. */
const SUITES: Readonly<Record<string, string>> = { latest: "trixie", stable: "trixie", oldstable: "bookworm" };

const IMAGES: Readonly<Record<string, { readonly versions: string; readonly names: string }>> = RELEASES.images;

/** What stands behind a version and says nothing of the release. */
const VARIANT = /^(?:slim|cli|apache|fpm|zts|perl|otel|threaded|slim-threaded)$/;

function known(release: string | undefined): SizeRelease | undefined {
  return release === "bookworm" || release === "trixie" ? release : undefined;
}

/** The release of the last change at or before a version. Those that came since are on what the newest is on. */
function floor(changes: string, version: string): string | undefined {
  let release: string | undefined;
  for (const change of changes.split(" ")) {
    const [from, to] = change.split("=");
    if (compare(from!, version) > 0) break;
    release = to;
  }
  return release;
}

/** `3` stands before `3.0`. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split(".").map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
