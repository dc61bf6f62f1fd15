/** What COPY and ADD add: the files that they name, where their sizes are known. */
import type { Stage } from "../model/stage.ts";
import { normalise } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";

/**
 * Bytes by path in the build context, as a COPY names it: of a file, or of all that a folder holds after `.dockerignore`. A path
 * that is missing here: not known.
 */
export type FileSizes = ReadonlyMap<string, number>;

export function copySize(
  instruction: Instruction,
  stage: Stage,
  files: FileSizes | undefined,
): { readonly bytes: number; readonly unknown: readonly string[] } {
  const from = instruction.flag("from");
  if (from) return { bytes: 0, unknown: [`what is copied from \`${from.value?.value ?? ""}\``] };
  let bytes = instruction.heredocs.reduce((sum, { body }) => sum + body.text.length, 0);
  const unknown: string[] = [];
  for (const source of sourcesOf(instruction, stage)) {
    const known = source.path === undefined ? undefined : files?.get(source.path);
    if (source.isRemote) unknown.push(`what \`ADD ${source.text}\` downloads`);
    else if (source.isArchive) unknown.push(`what \`${source.text}\` holds`);
    else if (known === undefined || instruction.flag("exclude")) unknown.push(`what \`${source.text}\` holds`);
    else bytes += known;
  }
  return { bytes, unknown };
}

/** The paths in the build context whose sizes are asked for. */
export function copiedPaths(instruction: Instruction, stage: Stage): readonly string[] {
  if ((instruction.keyword !== "COPY" && instruction.keyword !== "ADD") || instruction.flag("from")) return [];
  return sourcesOf(instruction, stage).flatMap(({ path }) => path ?? []);
}

interface Source {
  readonly text: string;
  /** Absent: not known, or not in the build context. */
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
    return /[*?[\]\\]/.test(value) ? [{ text }] : [{ text, path: normalise(value.replace(/^\/+/, "")) }];
  });
}
