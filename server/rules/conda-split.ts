/** What conda leaves for the final stage: an environment, at the place where it was made, and the variables that make it found. */
import type { Stage } from "../model/stage.ts";
import { CONDA, condaPackages, condaRun, isCondaImage, isCondaShell } from "./conda-environment.ts";
import { keyword, removeInstruction, replace } from "./edit.ts";
import { isOnPath } from "./project-runner.ts";
import type { Building, SplitPart } from "./split-part.ts";
import { keywordOf, type Start } from "./start-program.ts";

/** What is installed by conda and mamba; or why it is not known where that is, or how it is started. */
export function condaPart(building: Building): SplitPart | string {
  const { stage, start, steps } = building;
  const builds = building.builds("conda");
  if (builds.length === 0) return {};
  if (!isCondaImage(stage)) return "where conda keeps its environments in this base image is not known";
  const prefixes = new Set(builds.map(({ names }) => names[0]));
  if (prefixes.has(undefined)) return "which environment conda installs into is not known";
  if (prefixes.has(CONDA)) return "the packages go into conda's own environment, which is not to be had without conda";
  if (prefixes.size > 1) return "conda makes several environments";
  if (steps.some(({ packages }) => packages.length > 0))
    return "it also installs packages of the system, and which release the image has is not known";
  const [prefix] = [...prefixes] as [string];
  const started = startIn(building, start, prefix);
  if (typeof started === "string") return started;
  const shells = stage.instructions.filter(
    ({ keyword: name, json }) => name === "SHELL" && isCondaShell((json ?? []).map(({ value }) => value)),
  );
  const last = steps.at(-1)!.run.instruction;
  const left = shells.filter(({ range }) => range.start > last.range.start);
  if (stage.runs.some(({ instruction }) => left.some(({ range }) => range.start < instruction.range.start)))
    return "a `RUN` below the install runs by `conda run`";
  const isReached = isOnPath(stage, prefix) || started.isNamed;
  return {
    outputs: [prefix],
    settings: [
      `${keyword(stage, "ENV")} LANG=C.UTF-8 LC_ALL=C.UTF-8`,
      ...(isReached ? [] : [`${keyword(stage, "ENV")} PATH="${prefix}/bin:$PATH"`]),
    ],
    edits: [...started.edits, ...left.map((shell) => removeInstruction(stage.dockerfile.syntax, shell))],
    changes: started.edits.length > 0 ? [keywordOf(start!, start!.words[0]!)] : [],
    assumptions: [
      "The program does not call conda.",
      ...(started.edits.length > 0 ? ["No package needs the variables that `conda run` sets beside `PATH`."] : []),
    ],
  };
}

interface Started {
  readonly edits: NonNullable<SplitPart["edits"]>;
  /** The command names the program by its path. */
  readonly isNamed: boolean;
}

function startIn({ stage, builds: _ }: Building, start: Start | undefined, prefix: string): Started | string {
  if (!start) return "what the container starts is not known";
  const { words } = start;
  const run = condaRun(words);
  if (run) {
    const next = words[run.words.length];
    if (run.prefix !== prefix) return "the container starts in another environment";
    if (!next) return "what the container starts is not known";
    const first = words[0]!;
    if (keywordOf(start, first) !== keywordOf(start, next))
      return "the rest of the command stands in another instruction";
    const activated = activatedPackage(stage);
    if (activated) return `\`${activated}\` sets variables when its environment is activated, which takes conda`;
    return { edits: [replace({ start: first.range.start, end: next.range.start }, "")], isNamed: false };
  }
  const texts = words.map(({ value, text }) => value ?? text);
  if (texts.some((text) => /\bactivate\b|^(?:.*\/)?(?:conda|mamba|micromamba)$/.test(text)))
    return "the command itself activates an environment";
  if (start.behindScript || /\.sh$|entrypoint|^(?:ba|da)?sh$/.test(start.name ?? ""))
    return "the script that the container starts may activate the environment";
  const isNamed = texts[0]?.startsWith(`${prefix}/bin/`) === true;
  if (!isNamed && !isOnPath(stage, prefix)) return "the environment is not the one that the container starts in";
  return { edits: [], isNamed };
}

/** Packages that bring scripts for `activate.d`, of which their programs need the variables: the recipes of conda-forge. */
const ACTIVATED =
  /^(?:gdal|libgdal(?:-core)?|proj|openjdk|r-base|geotiff|cuda-nvcc|compilers|(?:gcc|gxx|gfortran)_linux-64|rust|go|pyspark|root|gxx|ffmpeg-python)$/;

function activatedPackage({ dockerfile }: Stage): string | undefined {
  const operations = dockerfile.packageOperations.filter(({ manager }) => manager === "conda");
  return condaPackages(operations).find((name) => ACTIVATED.test(name));
}
