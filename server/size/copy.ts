/** What COPY and ADD add: the files that they name, where their sizes are known. */
import type { Stage } from "../model/stage.ts";
import { normalise } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";

/**
 * Bytes by path or pattern in the build context, as a COPY names it: of a file, of all that a folder holds after `.dockerignore`, of
 * all that a pattern matches. What is missing here is not known.
 */
export type FileSizes = ReadonlyMap<string, number>;

export interface CopySize {
  readonly bytes: number;
  readonly unknown: readonly string[];
  readonly sources: readonly {
    /** The last part of its path; `undefined`: not known, or it is the context itself. */
    readonly name: string | undefined;
    /** `undefined`: not known. */
    readonly bytes: number | undefined;
  }[];
}

export function copySize(instruction: Instruction, stage: Stage, files: FileSizes | undefined): CopySize {
  const from = instruction.flag("from");
  const texts = instruction.heredocs.map(({ body }) => ({ name: undefined, bytes: body.text.length }));
  let bytes = texts.reduce((sum, one) => sum + one.bytes, 0);
  const unknown: string[] = from ? [`what is copied from \`${from.value?.value ?? ""}\``] : [];
  const sources = sourcesOf(instruction, stage).map((source) => {
    const isRead = source.path !== undefined && !from && !instruction.flag("exclude");
    const known = isRead ? files?.get(source.path) : undefined;
    if (known !== undefined) bytes += known;
    else if (source.isRemote) unknown.push(`what \`ADD ${source.text}\` downloads`);
    else if (!from) unknown.push(`what \`${source.text}\` holds`);
    return { name: nameOf(source), bytes: known };
  });
  return { bytes, unknown, sources: [...texts, ...sources] };
}

/** The paths in the build context whose sizes are asked for. */
export function copiedPaths(instruction: Instruction, stage: Stage): readonly string[] {
  if ((instruction.keyword !== "COPY" && instruction.keyword !== "ADD") || instruction.flag("from")) return [];
  return sourcesOf(instruction, stage).flatMap(({ path }) => path ?? []);
}

interface Source {
  readonly text: string;
  /** It may be a pattern. Absent: not known, or not in the build context. */
  readonly path?: string;
  readonly isRemote?: boolean;
  /** ADD unpacks it. */
  readonly isArchive?: boolean;
}

function sourcesOf(instruction: Instruction, stage: Stage): readonly Source[] {
  const words = instruction.json ?? instruction.arguments;
  return words.slice(0, -1).flatMap((word): readonly Source[] => {
    if (word.text.startsWith("<<")) return [];
    const value = stage.resolve(word, instruction);
    const text = value ?? word.text;
    if (value === undefined || value === "") return [{ text }];
    if (/^(?:[a-z]+:\/\/|git@)/i.test(value)) return [{ text, isRemote: instruction.keyword === "ADD" }];
    const isArchive = instruction.keyword === "ADD" && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/.test(value);
    if (isArchive) return [{ text, isArchive }];
    return [{ text, path: normalise(value.replace(/^\/+/, "")) }];
  });
}

function nameOf({ path, text }: Source): string | undefined {
  const name = (path ?? text).split("/").at(-1)!;
  return /^\.?$|[*?[\]\\$]/.test(name) ? undefined : name;
}
