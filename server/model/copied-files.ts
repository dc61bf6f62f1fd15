/** Where a file of an image comes from in the build context. */
import type { Instruction } from "../syntax/parse.ts";
import { baseName } from "./command.ts";
import type { Run } from "./run.ts";
import { isAbsolute, normalise, type Stage } from "./stage.ts";

/**
 * The paths of the build context that a file of the image may be a copy of, the likeliest first; none: it is not known to be
 * copied from there. Whether a source of COPY is a file or a folder only the context can tell, so that there may be several.
 * @param path absolute; where it is when `run` begins, or at the end of the stage.
 */
export function originsOf(stage: Stage, path: string, run?: Run): readonly string[] {
  const mounted = (run?.mounts ?? []).flatMap(({ type, target, options }) => {
    if (type !== "bind" || options.has("from") || target === undefined) return [];
    return origins(options.get("source") ?? options.get("src") ?? ".", absolute(stage, target, run?.instruction), path);
  });
  const copied = stage
    .effective(run?.instruction)
    .toReversed()
    .flatMap((copy) => originsIn(stage, copy, path));
  return [...new Set([...mounted, ...copied])];
}

/** The path in the image, of a word that is relative to the working directory at that point; `undefined`: not known. */
export function pathInImage(stage: Stage, path: string, end?: Instruction): string | undefined {
  if (isAbsolute(path)) return normalise(path);
  // Without a WORKDIR, all that is relative is relative to the same place.
  const workdir = stage.workdirBefore(end) ?? (stage.last("WORKDIR", end) ? undefined : "/");
  return workdir === undefined ? undefined : normalise(`${workdir}/${path}`);
}

/** @param path relative to a folder of the build context; `undefined`: it leads out of the context. */
export function joinInContext(folder: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === ".." && parts.pop() === undefined) return undefined;
    if (part !== "" && part !== "." && part !== "..") parts.push(part);
  }
  return path.startsWith("/") || parts.length === 0 ? undefined : parts.join("/");
}

function absolute(stage: Stage, target: string, end: Instruction | undefined): string | undefined {
  return target.includes("$") ? undefined : pathInImage(stage, target, end);
}

function originsIn(stage: Stage, copy: Instruction, path: string): readonly string[] {
  if (!/^(?:COPY|ADD)$/.test(copy.keyword) || copy.flag("from")) return [];
  const words = copy.arguments.map((word) => stage.resolve(word, copy));
  const target = words.at(-1);
  const place = target === undefined ? undefined : pathInImage(stage, target, copy);
  return words.slice(0, -1).flatMap((source) => (source === undefined ? [] : origins(source, place, path)));
}

function origins(source: string, target: string | undefined, path: string): readonly string[] {
  if (target === undefined || source.startsWith("<<") || /^\w+:\/\//.test(source)) return [];
  // The builder does not go above the context, either.
  const from = normalise(`/${source}`).slice(1);
  const rest =
    path === target
      ? ""
      : path.startsWith(target === "/" ? "/" : `${target}/`)
        ? path.slice(target.length).replace(/^\//, "")
        : undefined;
  if (rest === undefined) return [];
  if (/[*?[]/.test(from))
    return matches(baseName(from), rest) ? [`${from.slice(0, from.lastIndexOf("/") + 1)}${rest}`] : [];
  if (rest === "") return from === "" ? [] : [from];
  return [...(rest === baseName(from) ? [from] : []), from === "" ? rest : `${from}/${rest}`];
}

/** One level of a glob, as Go's `filepath.Match` has it, without its ranges. */
function matches(pattern: string, name: string): boolean {
  if (pattern.includes("[") || name.includes("/") || name === "") return false;
  const source = pattern
    .replace(/[.+^${}()|\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`).test(name);
}
