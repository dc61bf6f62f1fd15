/** The requirements files that pip and uv install from: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
import type { Command } from "./command.ts";
import { joinInContext, originsOf, pathInImage } from "./copied-files.ts";
import type { Dockerfile } from "./dockerfile.ts";
import type { Run } from "./run.ts";

export interface RequirementsFile {
  /** As the command writes it. */
  readonly name: string;
  /** Where it may be in the build context, the likeliest place first. */
  readonly paths: readonly string[];
}

/** Those that the commands of all stages name. */
export function requirementsFiles(dockerfile: Dockerfile): readonly RequirementsFile[] {
  // Most know nothing of Python, and their shell need not be read for it.
  if (!/pip|python|uv/.test(dockerfile.text)) return [];
  return dockerfile.runs.flatMap((run) => run.commands.flatMap((command) => filesOf(run, command)));
}

/** The files that describe the environments which conda, mamba and micromamba make. */
export function environmentFiles(run: Run, { program = "", args }: Command): readonly RequirementsFile[] {
  if (!/^(?:conda|mamba|micromamba)$/.test(program)) return [];
  const words = args.flatMap((word) => run.resolve(word));
  return words.flatMap(({ value, text }, index) => {
    const attached = /^(?:-f|--file)=(.+)$/.exec(value ?? "")?.[1];
    const name = /^(?:-f|--file)$/.test(words[index - 1]?.value ?? "") ? (value ?? text) : attached;
    return name === undefined ? [] : [fileOf(run, name)];
  });
}

/** The files that a requirements file includes, by `-r` and `-c`, as paths of the build context. */
export function includedRequirements(path: string, text: string): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return [...text.matchAll(INCLUSION)].flatMap(([, name]) => {
    const found = /^\w+:\/\//.test(name!) ? undefined : joinInContext(folder, name!);
    return found === undefined ? [] : [found];
  });
}

const INCLUSION = /^[ \t]*(?:-[rc]|--(?:requirement|constraint))[ \t=]*([^\s#$]+)/gm;
const NAMING = /^(?:-[rc]|--(?:requirements?|constraints?))$/;

function filesOf(run: Run, { program = "", args }: Command): readonly RequirementsFile[] {
  const words = args.flatMap((word) => run.resolve(word));
  const isInstall =
    /^(?:pip[\d.]*|python[\d.]*|uv)$/.test(program) &&
    words.some(({ value }) => /^(?:install|sync|wheel|download)$/.test(value ?? ""));
  if (!isInstall) return [];
  const isSync = program === "uv" && words[1]?.value === "sync";
  return words.flatMap(({ value, text }, index) => {
    const attached = /^(?:-[rc]|--(?:requirements?|constraints?)=)([^=].*)$/.exec(value ?? "")?.[1];
    const isNamed =
      NAMING.test(words[index - 1]?.value ?? "") || (isSync && index > 1 && /\.(?:txt|in)$/.test(value ?? ""));
    const name = isNamed ? (value ?? text) : attached;
    if (name === undefined || /^\w+:\/\//.test(name)) return [];
    return [fileOf(run, name)];
  });
}

function fileOf(run: Run, name: string): RequirementsFile {
  const path = /[$`*]/.test(name) || movesIn(run) ? undefined : pathInImage(run.stage, name, run.instruction);
  return { name, paths: path === undefined ? [] : originsOf(run.stage, path, run) };
}

/** A `cd` in the RUN: what is relative is not known to be. */
function movesIn(run: Run): boolean {
  return run.commands.some(({ program }) => /^(?:cd|pushd)$/.test(program ?? ""));
}
