/** Which files of the build context an image has, and where: what COPY brings, through the stages. */
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { stepOf } from "./build-steps.ts";
import { isInside } from "./stage-split.ts";

export interface ImageFiles {
  /** Paths of the build context, by their places in the image. */
  readonly files: ReadonlyMap<string, string>;
  /** Directories of which it is not known what else they hold. */
  readonly unknown: readonly string[];
}

/** What the stage has in the end; `undefined`: the build context, the base image or what an instruction does is not known. */
export function imageFiles(stage: Stage): ImageFiles | undefined {
  const { tree, files } = stage.dockerfile.context;
  const root = stage.lineage[0]!;
  if (!tree || files?.[".dockerignore"] === undefined || !isBare(root)) return undefined;
  const patterns = readIgnorePatterns(files[".dockerignore"] ?? "");
  const context = tree.filter((path) => {
    const last = patterns.findLast((pattern) => matchesIgnorePattern(pattern, path));
    return !last || last.negated;
  });
  const found = new Map<string, string>();
  const unknown: string[] = [];
  const directories = new Set<string>();
  for (const instruction of stage.effective()) {
    const own = stage.lineage.find(({ instructions }) => instructions.includes(instruction)) ?? stage;
    const run = own.runs.find((one) => one.instruction === instruction);
    if (instruction.onbuild || (run && !keepsFiles(run))) return undefined;
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
    const words = instruction.arguments.map((word) => own.resolve(word, instruction));
    const target = words.at(-1);
    const workdir = own.workdirBefore(instruction) ?? (movesTo(own, instruction) ? undefined : "/");
    if (target === undefined || workdir === undefined) return undefined;
    const place = normalise(target.startsWith("/") ? target : `${workdir}/${target}`);
    const sources = words.slice(0, -1);
    if (instruction.flag("parents") || instruction.flag("exclude") || instruction.heredocs.length > 0) return undefined;
    const isFolder = /(?:^|\/)\.?$/.test(target) || sources.length > 1 || place === workdir || directories.has(place);
    const from = instruction.flag("from")?.value?.value;
    const origin = from === undefined ? undefined : stage.dockerfile.findStage(from, stage);
    const given = from === undefined ? undefined : origin && imageFiles(origin);
    if (from !== undefined && !given) unknown.push(place);
    if (from !== undefined && !given) continue;
    if (given) unknown.push(...given.unknown.flatMap((path) => moved(path, sources, place)));
    const available = given ? given.files : new Map(context.map((path) => [`/${path}`, path]));
    for (const source of sources) {
      if (source === undefined || isArchive(instruction, source)) return undefined;
      for (const [path, original] of available)
        for (const goal of goals(path, normalise(`/${source}`), place, isFolder)) found.set(goal, original);
    }
    directories.add(place);
  }
  return { files: found, unknown };
}

/** The official images of Python and of bare systems: nothing of an application is in them. */
export function isBare(stage: Stage): boolean {
  const { registry, repository = "" } = stage.image ?? {};
  return (
    stage.base.role === "system" ||
    (registry === "docker.io" && /^(?:python|pypy)$/.test(repository)) ||
    /^astral-sh\/uv$/.test(repository)
  );
}

/** A WORKDIR above it that is not known. Without one, bare images work in `/`. */
function movesTo(stage: Stage, end?: Instruction): boolean {
  return stage.last("WORKDIR", end) !== undefined;
}

/** Where a container of the stage starts; `undefined`: not known. */
export function startDirectory(stage: Stage): string | undefined {
  return stage.workdirBefore() ?? (isBare(stage.lineage[0]!) && !movesTo(stage) ? "/" : undefined);
}

/** It neither makes, moves nor deletes files that COPY brings, as far as Python modules go. */
function keepsFiles(run: Run): boolean {
  const isManaged = run.commands.every(
    ({ program = "", args }) =>
      /^python[\d.]*$/.test(program) &&
      args[0]?.value === "manage.py" &&
      /^(?:collectstatic|compilemessages|migrate|check)$/.test(args[1]?.value ?? ""),
  );
  if (run.commands.length > 0 && isManaged) return true;
  const step = stepOf(run);
  if (step.unknown !== undefined) return false;
  return (
    step.builds.every(({ kind }) =>
      /^(?:aside|tool|node tool|pip tool|pip|uv pip|environment|project|node)$/.test(kind),
    ) &&
    run.commands.every(
      ({ program = "", args }) =>
        !/^(?:ln|touch|mv|cp|tee|sed)$/.test(program) &&
        !(program === "rm" && args.some(({ text }) => !/^(?:-|\/(?:var|tmp|root)\/)/.test(text))),
    )
  );
}

function isArchive({ keyword }: Instruction, source: string): boolean {
  return /[*?[]/.test(source)
    ? source.includes("[")
    : keyword === "ADD" && /^\w+:\/\/|\.(?:tar|t?gz|bz2|xz|zst|zip)$/.test(source);
}

/** Where a file goes, that is the source of a COPY or in it. */
function goals(path: string, source: string, place: string, isFolder: boolean): readonly string[] {
  if (/[*?]/.test(source)) {
    const pattern = source
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("*", "[^/]*")
      .replaceAll("?", "[^/]");
    const match = new RegExp(`^${pattern}(?=/|$)`).exec(path)?.[0];
    // What is a file comes by its name; of a folder, what is in it.
    return match === undefined ? [] : goals(path, match, place, true);
  }
  if (path === source) return [isFolder ? join(place, path.slice(path.lastIndexOf("/") + 1)) : place];
  return isInside(path, source) ? [join(place, source === "/" ? path : path.slice(source.length))] : [];
}

function moved(path: string, sources: readonly (string | undefined)[], place: string): readonly string[] {
  return sources.flatMap((source) => {
    const from = normalise(`/${source ?? ""}`);
    if (isInside(from, path)) return [place];
    return isInside(path, from) ? [join(place, from === "/" ? path : path.slice(from.length))] : [];
  });
}

function join(place: string, path: string): string {
  return normalise(`${place}/${path}`);
}
