/** What Plimsoll estimates an image to grow beyond the one that it starts from. */
import { diskMeasure, diskTables } from "../../server/context/size-data.ts";
import { Sizes } from "../../server/context/sizes.ts";
import type { Dockerfile } from "../../server/model/dockerfile.ts";

export interface Growth {
  /** Of what is known. */
  readonly bytes: number;
  /** What is not: noun phrases. */
  readonly unknown: readonly string[];
  /** What the image starts from, as FROM names it; absent: nothing, or it is not known. */
  readonly base?: string;
}

const SIZES = new Sizes(diskTables("."));

/** @param directory the build context. */
export async function estimateGrowth(dockerfile: Dockerfile, directory: string): Promise<Growth> {
  const { stages, instructions } = await SIZES.estimate(dockerfile, diskMeasure(directory));
  const lineage = dockerfile.finalStage?.lineage ?? [];
  const own = instructions.filter(({ stage }) => lineage.includes(stage));
  const base = lineage[0]?.image?.reference;
  return {
    bytes: stages.filter(({ stage }) => lineage.includes(stage)).reduce((sum, { added }) => sum + added, 0),
    unknown: [...new Set(own.flatMap(({ unknown }) => unknown))],
    ...(base === undefined ? {} : { base }),
  };
}
