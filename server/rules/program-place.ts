/** Where the programs that a container starts stand in the builder, and where the final stage wants them. */
import { baseName } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { inDirectory, type Tracked } from "./build-command.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { isInside, type StageCopy } from "./stage-split.ts";

export interface ProgramPlace {
  /** Of those that are started, and of further programs that the build makes. */
  readonly copies: readonly StageCopy[];
  /** Paths in the builder. */
  readonly started: readonly string[];
  /** A program that is started and is not made by the build. */
  readonly unknown: string | undefined;
}

/** In the PATH of every image. */
const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * @param searched directories that the base image has in its PATH besides.
 * @returns `undefined`: nothing that is started is known to be made by the build.
 */
export function programCopies(
  stage: Stage,
  start: ContainerStart,
  { has: isOutput, programs }: Tracked,
  searched: readonly string[],
): ProgramPlace | undefined {
  const copies: StageCopy[] = [];
  let unknown: string | undefined;
  for (const { programWord, program } of foreignPrograms(start.commands)) {
    const copy = programWord?.value === undefined ? undefined : copyOf(stage, programWord.value, isOutput, searched);
    if (copy) copies.push(copy);
    else unknown ??= program ?? programWord?.text ?? "";
  }
  if (copies.length === 0) return undefined;
  // Of a directory full of programs, none is left behind.
  const wholes = copies.map((copy) => {
    const whole = programs.find((path) => path !== copy.from && isInside(copy.from, path));
    return whole === undefined || copy.to ? copy : { from: whole };
  });
  const others = programs.filter((path) => !wholes.some(({ from }) => isInside(path, from)) && !isInside(path, "/tmp"));
  return {
    copies: [...wholes, ...others.map((from) => ({ from }))],
    started: copies.map(({ from }) => from),
    unknown,
  };
}

export function namesOfPrograms(start: ContainerStart): readonly string[] {
  return start.commands.flatMap(({ program, words }) => [program ?? "", baseName(words[0]?.value ?? "")]);
}

function copyOf(
  stage: Stage,
  name: string,
  isOutput: (path: string) => boolean,
  searched: readonly string[],
): StageCopy | undefined {
  if (name.includes("/")) {
    const path = inDirectory(name, stage.workdirBefore());
    return path !== undefined && isOutput(path) ? { from: path } : undefined;
  }
  const added = pathOfEnvironment(stage);
  const found = [...added, ...searched, ...SYSTEM_PATH].find((directory) => isOutput(`${directory}/${name}`));
  if (found === undefined) return undefined;
  const from = `${found}/${name}`;
  return added.includes(found) || SYSTEM_PATH.includes(found) ? { from } : { from, to: `/usr/local/bin/${name}` };
}

/** What ENV puts into PATH. */
function pathOfEnvironment(stage: Stage): readonly string[] {
  return stage
    .effective()
    .filter(({ keyword }) => keyword === "ENV")
    .flatMap(({ pairs }) => pairs.filter(({ key }) => key.value === "PATH"))
    .flatMap(({ value }) => value?.value.split(":") ?? [])
    .filter((path) => path.startsWith("/") && !SYSTEM_PATH.includes(path));
}
