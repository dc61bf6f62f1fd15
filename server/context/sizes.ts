/** Size estimates: fetches the tables and the sizes of files that they need, when they are first needed. */
import type { Context } from "../model/context.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import { copiedPaths, type FileSizes } from "../size/copy.ts";
import { type Estimate, estimateSizes, releasesOf, type Total } from "../size/estimate.ts";
import { type SizeRelease, SizeTable, type TableData } from "../size/table.ts";

/** Where the data comes from: the package on disk, or a server. */
export interface SizeSource {
  /** The table of a release as it is stored; `undefined`: it cannot be had. */
  loadTable(release: SizeRelease): Promise<TableData | undefined>;
  /**
   * The bytes of a file, or of all files below a folder that are not left out; `undefined`: not known, or there are too many.
   * @param path in the build context, `.` for the whole of it.
   */
  measure?(path: string, isLeftOut: LeftOut): Promise<number | undefined>;
}

/** What `.dockerignore` keeps from the build. */
export interface LeftOut {
  /** The same for the same patterns. */
  readonly key: string;
  /** @param path in the build context. */
  file(path: string): boolean;
  /** Nothing below the folder can be wanted. */
  folder(path: string): boolean;
}

export class Sizes {
  readonly #source: Pick<SizeSource, "loadTable">;
  readonly #tables = new Map<SizeRelease, Promise<SizeTable | undefined>>();

  constructor(source: Pick<SizeSource, "loadTable">) {
    this.#source = source;
  }

  /** @param measure reads the build context; absent: what is copied from it is not known. */
  async estimate(dockerfile: Dockerfile, measure?: SizeSource["measure"]): Promise<Estimate> {
    const [tables, files] = await Promise.all([
      Promise.all([...releasesOf(dockerfile)].map(async (release) => [release, await this.#table(release)] as const)),
      measure && measureCopies(dockerfile, measure),
    ]);
    const known = Object.fromEntries(tables.flatMap(([release, table]) => (table ? [[release, table]] : [])));
    return estimateSizes(dockerfile, { tables: known, ...(files ? { files } : {}) });
  }

  /** The size of the image of a plain build, and what is missing in it. */
  async sizeOf(dockerfile: Dockerfile, measure?: SizeSource["measure"]): Promise<Total> {
    return (await this.estimate(dockerfile, measure)).final;
  }

  #table(release: SizeRelease): Promise<SizeTable | undefined> {
    let table = this.#tables.get(release);
    if (!table) {
      table = this.#source.loadTable(release).then(
        (data) => data && new SizeTable(data),
        () => undefined,
      );
      this.#tables.set(release, table);
    }
    return table;
  }
}

async function measureCopies(
  dockerfile: Dockerfile,
  measure: NonNullable<SizeSource["measure"]>,
): Promise<FileSizes | undefined> {
  const leftOut = leftOutBy(dockerfile.context);
  if (!leftOut) return undefined;
  const paths = new Set(
    dockerfile.stages.flatMap((stage) => stage.instructions.flatMap((instruction) => copiedPaths(instruction, stage))),
  );
  const sizes = await Promise.all([...paths].map(async (path) => [path, await measure(path, leftOut)] as const));
  return new Map(sizes.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** What `.dockerignore` leaves out; `undefined`: not known. */
function leftOutBy({ files }: Context): LeftOut | undefined {
  const text = files?.[".dockerignore"];
  if (text === undefined) return undefined;
  const patterns = readIgnorePatterns(text ?? "");
  const file = (path: string): boolean => {
    let isLeftOut = false;
    for (const pattern of patterns) if (matchesIgnorePattern(pattern, path)) isLeftOut = !pattern.negated;
    return isLeftOut;
  };
  const bringsBack = patterns.some(({ negated }) => negated);
  return { key: text ?? "", file, folder: (path) => !bringsBack && file(path) };
}
