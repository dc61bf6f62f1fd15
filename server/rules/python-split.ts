/**
 * What Python's package managers leave for the final stage.
 *
 * https://docs.astral.sh/uv/guides/integration/docker/, https://python-poetry.org/docs/configuration/,
 * https://pipenv.pypa.io/en/latest/docker.html, https://pdm-project.org/en/latest/usage/venv/
 */
import { normalise, type Stage } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import type { Build, Step } from "./build-steps.ts";
import { withoutDevelopment } from "./development-groups.ts";
import { keyword, removeWord, replace } from "./edit.ts";
import { isOnPath, projectRunner, withoutRunner } from "./project-runner.ts";
import type { Edit } from "./rule.ts";
import { plainPython } from "./slim-image.ts";
import { type Building, NO_DEVELOPMENT, type SplitPart } from "./split-part.ts";
import { keywordOf } from "./start-program.ts";
import { downloadedPython } from "./uv-python.ts";

const VENV = "/opt/venv";

type StepBuild = Build & { readonly step: Step };

/** What is installed by pip, uv, Poetry, PDM and Pipenv; or why it is not known where that is. */
export function pythonPart(building: Building): SplitPart | string {
  const environments = building.builds("environment").map(environmentPath);
  if (environments.some((path) => path === undefined)) return "where a virtual environment is made is not known";
  const made = [...(environments as readonly string[]), ...building.builds("conda").flatMap(({ names }) => names)];
  const parts = [pipPart(building, made), uvPipPart(building, made), projectPart(building)];
  const problem = parts.find((part) => typeof part === "string");
  if (problem !== undefined) return problem;
  const all = parts as readonly SplitPart[];
  const shared = all.flatMap((part) => part.shared ?? []);
  if (shared.length > 0 && all.flatMap((part) => part.settings ?? []).length > 0)
    return "pip and a project's own tool install into different environments";
  return {
    outputs: [...new Set([...made, ...all.flatMap((part) => part.outputs ?? [])])],
    shared,
    opening: all.flatMap((part) => part.opening ?? []),
    settings: all.flatMap((part) => part.settings ?? []),
    edits: all.flatMap((part) => part.edits ?? []),
    changes: all.flatMap((part) => part.changes ?? []),
    assumptions: all.flatMap((part) => part.assumptions ?? []),
  };
}

function pipPart(building: Building, made: readonly string[]): SplitPart | string {
  const { stage } = building;
  const inSystem = building.builds("pip").filter(({ command, step }) => !isInEnvironment(command, step, made));
  if (inSystem.length === 0) return {};
  const foreign = inSystem.some(({ command }) => command.words[0]?.value?.includes("/"));
  if (foreign) return "pip belongs to an environment that the instructions do not show";
  const problem = systemProblem(stage, inSystem);
  return (
    problem ?? {
      outputs: [VENV],
      shared: [`${keyword(stage, "ENV")} PATH="${VENV}/bin:$PATH"`],
      opening: [`${keyword(stage, "RUN")} python -m venv ${VENV}`],
    }
  );
}

/** `uv pip install`: `--system` and `UV_SYSTEM_PYTHON` mean the system's Python, which is why they go. */
function uvPipPart(building: Building, made: readonly string[]): SplitPart | string {
  const { stage } = building;
  const builds = building.builds("uv pip");
  if (builds.length === 0) return {};
  const system = builds.map(({ command }) => command.args.find(({ value }) => value === "--system"));
  const setting = stage.instructions
    .flatMap(({ keyword: name, pairs }) => (name === "ENV" ? pairs : []))
    .filter(({ key }) => key.value === "UV_SYSTEM_PYTHON");
  if (system.every((word) => word === undefined) && setting.length === 0) {
    if (stage.environmentBefore().get("UV_SYSTEM_PYTHON")) return "`UV_SYSTEM_PYTHON` is set for all that follows";
    return made.length > 0 ? {} : "which environment `uv pip` installs into is not known";
  }
  if (setting.length > 1 || setting.some(({ value }) => !value)) return "`UV_SYSTEM_PYTHON` is set more than once";
  const problem = systemProblem(stage, builds);
  if (problem) return problem;
  const { syntax } = stage.dockerfile;
  return {
    outputs: [VENV],
    opening: [
      ...(setting.length > 0 ? [] : [`${keyword(stage, "ENV")} VIRTUAL_ENV=${VENV}`]),
      `${keyword(stage, "RUN")} python -m venv ${VENV}`,
    ],
    settings: [`${keyword(stage, "ENV")} PATH="${VENV}/bin:$PATH"`],
    edits: [
      ...system.flatMap((word) => (word ? [removeWord(syntax, word)] : [])),
      ...setting.flatMap(({ key, value }) => [replace(key, "VIRTUAL_ENV"), replace(value!, VENV)]),
    ],
  };
}

/** uv, Poetry, PDM and Pipenv keep the packages in `.venv`, or are made to. */
function projectPart(building: Building): SplitPart | string {
  const { stage, start } = building;
  const builds = building.builds("project");
  const runner = start && projectRunner(start);
  if (builds.length === 0) return runner ? `\`${runner.name} run\` starts the program` : {};
  const [{ names, step }] = builds as readonly [StepBuild];
  const tool = names[0]!;
  if (builds.some((other) => other.names[0] !== tool || other.step.directory !== step.directory))
    return "several projects are installed";
  if (step.directory === undefined) return "where the project is installed is not known";
  const own = tool === "uv" ? stage.environmentBefore(step.run.instruction).get("UV_PROJECT_ENVIRONMENT") : undefined;
  if (own === null || /^\/(?:usr(?:\/local)?)?\/*$/.test(own ?? "")) return "uv installs into the system's own Python";
  const environment =
    own === undefined ? `${step.directory}/.venv` : normalise(own.startsWith("/") ? own : `${step.directory}/${own}`);
  const python = pythonProblem(stage, tool);
  if (python) return python;
  const placed =
    tool === "poetry" ? poetryPlacement(building) : tool === "pipenv" ? pipenvPlacement(building, builds) : {};
  if (typeof placed === "string") return placed;

  const unwrapped = start && runner ? withoutRunner(start, runner) : undefined;
  if (typeof unwrapped === "string") return `\`${runner!.name} run\` starts the program, and ${unwrapped}`;
  if (runner && runner.name !== tool) return `\`${runner.name} run\` starts the program`;
  if (unwrapped && start!.instructions.some(({ range }) => range.start < step.run.instruction.range.start))
    return "the command stands above the build";
  if (!runner && building.starts(tool)) return `\`${tool}\` itself is what the container starts`;
  const needless = building.needless("project");
  const needsPath = (unwrapped !== undefined || placed.wasInSystem === true) && !isOnPath(stage, environment);
  return {
    outputs: [environment],
    opening: placed.opening ?? [],
    settings: needsPath ? [`${keyword(stage, "ENV")} PATH="${environment}/bin:$PATH"`] : [],
    edits: [...(placed.edits ?? []), ...(unwrapped ? [unwrapped.edit] : []), ...needless.map(withoutDevelopment)],
    changes: unwrapped ? [keywordOf(start!, start!.word!)] : [],
    assumptions: [
      ...(needless.length > 0 ? [NO_DEVELOPMENT] : []),
      ...(tool === "uv"
        ? ["The Python of the image is the one that the project wants, so that uv downloads none."]
        : []),
      ...(unwrapped
        ? ["The environment is complete when the image is built: nothing is left for the start to install."]
        : []),
    ],
  };
}

interface Placement {
  readonly opening?: readonly string[];
  readonly edits?: readonly Edit[];
  /** The packages were among the system's. */
  readonly wasInSystem?: boolean;
}

function poetryPlacement({ stage, steps }: Building): Placement | string {
  const settings = steps
    .flatMap(({ run }) => run.packageOperations)
    .filter(({ manager, verb }) => manager === "poetry" && verb.value === "config");
  const edits: Edit[] = [];
  let isInProject = false;
  for (const { command } of settings) {
    const at = command.args.findIndex(({ value }) => /^virtualenvs\.(?:create|in-project|path)$/.test(value ?? ""));
    const [name, value] = [command.args[at], command.args[at + 1]];
    if (!name) continue;
    if (name.value === "virtualenvs.in-project" && value?.value === "true") isInProject = true;
    else if (name.value === "virtualenvs.create" && value?.value === "false")
      edits.push(replace(name, "virtualenvs.in-project"), replace(value, "true"));
    else if (name.value !== "virtualenvs.create") return "where Poetry keeps the packages is not known";
  }
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "ENV") continue;
    for (const { key, value } of instruction.pairs) {
      if (key.value === "POETRY_VIRTUALENVS_IN_PROJECT" && /^(?:1|true)$/i.test(value?.value ?? "")) isInProject = true;
      if (key.value === "POETRY_VIRTUALENVS_PATH") return "where Poetry keeps the packages is not known";
      if (key.value === "POETRY_VIRTUALENVS_CREATE" && value && /^(?:0|false)$/i.test(value.value))
        edits.push(replace(key, "POETRY_VIRTUALENVS_IN_PROJECT"), replace(value, value.value === "0" ? "1" : "true"));
    }
  }
  if (edits.length > 0 || isInProject) {
    const problem = edits.length > 0 ? pathProblem(stage) : undefined;
    return problem ?? { edits, wasInSystem: edits.length > 0 };
  }
  return { opening: [`${keyword(stage, "ENV")} POETRY_VIRTUALENVS_IN_PROJECT=1`] };
}

function pipenvPlacement({ stage }: Building, builds: readonly StepBuild[]): Placement | string {
  const system = builds.flatMap(({ command }) => command.args.filter(({ value }) => value === "--system"));
  const isSet = stage.environmentBefore().get("PIPENV_VENV_IN_PROJECT");
  const problem = system.length > 0 ? pathProblem(stage) : undefined;
  return (
    problem ?? {
      opening: isSet ? [] : [`${keyword(stage, "ENV")} PIPENV_VENV_IN_PROJECT=1`],
      edits: system.map((word) => removeWord(stage.dockerfile.syntax, word)),
      wasInSystem: system.length > 0,
    }
  );
}

/** The interpreter of the environment is a link that has to lead to the same program in the final stage. */
function pythonProblem(stage: Stage, tool: string): string | undefined {
  const isInstalled = stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      run.stage === stage &&
      action === "install" &&
      packages.some(({ name }) => /^python3(?:\.\d+)?$/.test(name ?? "")),
  );
  if (!isPython(stage) && !isInstalled) return `which Python \`${tool}\` uses in this base image is not known`;
  if (tool !== "uv") return undefined;
  const set = stage.environmentBefore();
  const isManaged =
    set.has("UV_PYTHON_INSTALL_DIR") ||
    set.has("UV_MANAGED_PYTHON") ||
    /managed/.test(set.get("UV_PYTHON_PREFERENCE") ?? "") ||
    /^(?:cpython|\d)/.test(set.get("UV_PYTHON") ?? "");
  return isManaged ? "uv is told to take a Python of its own" : downloadedPython(stage);
}

/** The official image, or one of uv's that is built on it. */
function isPython({ image }: Stage): boolean {
  if (!image) return false;
  return (image.repository === "python" && image.registry === "docker.io") || plainPython(image) !== undefined;
}

function systemProblem(stage: Stage, builds: readonly StepBuild[]): string | undefined {
  if (!isPython(stage)) return "where pip puts the packages in this base image is not known";
  const plain = builds.find(({ step }) => stage.userBefore(step.run.instruction)?.isRoot !== true);
  if (plain) return "pip installs as another user than root, for that one alone";
  return pathProblem(stage);
}

function pathProblem(stage: Stage): string | undefined {
  return startWords(stage).some((word) => word.startsWith("/usr/local/bin/") || word.startsWith("/usr/bin/python"))
    ? "the command names a program of the system's Python by its path"
    : undefined;
}

function environmentPath({ names, step }: StepBuild): string | undefined {
  const name = names[0] ?? ".venv";
  if (/[$`*?]/.test(name)) return undefined;
  if (name.startsWith("/")) return normalise(name);
  return step.directory === undefined ? undefined : normalise(`${step.directory}/${name}`);
}

/** It installs into an environment that was made above: by its own path, by `activate`, or as the first one on PATH. */
function isInEnvironment(command: Build["command"], step: Step, made: readonly string[]): boolean {
  const path = command.words[0]?.value;
  if (path?.includes("/")) {
    const full = normalise(path.startsWith("/") ? path : `${step.directory ?? ""}/${path}`);
    return made.some((one) => full.startsWith(`${one}/bin/`));
  }
  const activated = step.run.commands.some(
    ({ program, args, range }) =>
      (program === "." || program === "source" || (program === "conda" && args[0]?.value === "activate")) &&
      range.start < command.range.start,
  );
  const { stage, instruction } = step.run;
  return made.some(
    (one) =>
      activated ||
      stage.effective(instruction).some(
        (other) =>
          other.keyword === "ENV" &&
          other.pairs.some(({ key, value }) => {
            const first = value?.text.replace(/^["']/, "").split(":")[0];
            return key.value === "PATH" && first !== undefined && stage.expand(first, other) === `${one}/bin`;
          }),
      ),
  );
}
