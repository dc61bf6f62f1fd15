/** Sizes of images, estimated from the package's own tables and the files of the build context on disk. */
import { resolve } from "node:path";
import { findPackageRoot } from "../context/pages.ts";
import { diskMeasure, diskTables } from "../context/size-data.ts";
import { Sizes } from "../context/sizes.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Estimate, Total } from "../size/estimate.ts";
import { totalText } from "../size/text.ts";
import type { Host } from "./host.ts";

/** @param directory the build context; `undefined`: what is copied from it is not known. */
export type Estimator = (dockerfile: Dockerfile, directory: string | undefined) => Promise<Estimate>;

/** Each table is read once, when it is first needed. */
export function estimatorOf(host: Host): Estimator {
  const sizes = new Sizes(diskTables(findPackageRoot(host.entry)));
  return (dockerfile, directory) =>
    sizes.estimate(dockerfile, directory === undefined ? undefined : diskMeasure(resolve(host.directory, directory)));
}

/** `≈ 608 MB -> ≈ 128 MB`, or `≈ 608 MB` where nothing of it changes; `undefined`: one of them is not known. */
export function sizeChange(before: Total, after: Total): string | undefined {
  if (before.bytes === undefined || after.bytes === undefined) return undefined;
  return [...new Set([totalText(before, 1), totalText(after, 1)])].join(" -> ");
}
