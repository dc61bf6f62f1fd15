/**
 * What the build steps of the final stage write, where every instruction tells, for splitting it into base, builder and final.
 *
 * The recipes follow https://docs.docker.com/build/building/multi-stage/ and
 * https://docs.astral.sh/uv/guides/integration/docker/.
 */
import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import type { Instruction } from "../syntax/parse.ts";
import { keyword } from "./edit.ts";
import type { Fix } from "./rule.ts";
import { runtimePackages } from "./runtime-packages.ts";
import { isInside, lineNumber, type StageSplit, splitFix, splitObstacle, usualFate } from "./stage-split.ts";

export type Split = { readonly fix: Fix } | { readonly refusal: string };

const VENV = "/opt/venv";
/** Programs that only prepare the file system, and can do it again in the final stage. */
const PREPARING = /^(?:mkdir|touch|chown|chmod|useradd|groupadd|adduser|addgroup|usermod|ln|true|:)$/;
/** Tools that install an application's packages and are not needed to run it. */
const INSTALLERS = /^(?:uv|poetry|pdm|pipenv|pip|setuptools|wheel|build|hatch|virtualenv)$/i;

/** The final stage in two, with a base for both. */
export function splitStage(stage: Stage): Split {
  const plan = planSplit(stage);
  return typeof plan === "string" ? { refusal: plan } : { fix: splitFix(stage, plan) };
}

/** How the stage can be split, or why it cannot. */
function planSplit(stage: Stage): StageSplit | string {
  const obstacle = splitObstacle(stage);
  if (obstacle) return obstacle;
  const own = stage.instructions;
  const runs = new Map(stage.runs.map((run) => [run.instruction, run]));
  const steps = own.map((instruction) => (runs.has(instruction) ? stepOf(runs.get(instruction)!) : undefined));
  const lastBuild = steps.findLastIndex((step) => step?.kind === "build");
  if (lastBuild === -1) return "nothing in this stage is known to build with them";

  const workdir = stage.workdirBefore(own[lastBuild]);
  if (workdir === undefined || workdir === "/")
    return "the build has no working directory of its own, so that what it writes is not known";
  for (const [index, step] of steps.slice(0, lastBuild + 1).entries()) {
    const line = lineNumber(stage, own[index]!);
    if (step?.kind === "unknown") return `what \`${step.program}\` in line ${line} writes is not known`;
    if (step?.kind === "build" && stage.workdirBefore(own[index]) !== workdir)
      return `line ${line} builds in another directory`;
    if (step?.kind === "prepare" && step.touches.some((path) => isInside(path, workdir)))
      return `the owner that line ${line} sets would be lost on the way`;
  }
  const pip = steps.flatMap((step) => (step?.kind === "build" ? step.pip : []));
  const problem = pip.length > 0 ? pipProblem(stage, pip) : undefined;
  if (problem) return problem;

  const words = startWords(stage);
  const starts = (name: string): boolean => words.some((word) => word === name || word.endsWith(`/${name}`));
  const isOnlyInstallers = pip.every(
    ({ packages, command }) =>
      packages.length > 0 &&
      !command.args.some(({ value }) => value === "-r" || value === "-e") &&
      packages.every(({ name }) => name !== undefined && INSTALLERS.test(name) && !starts(name)),
  );
  const needsVenv = pip.length > 0 && !isOnlyInstallers;
  const venvs = steps
    .flatMap((step) => (step?.kind === "build" ? step.venvs : []))
    .filter((path) => !isInside(path, workdir));

  const usesUv = steps.some((step) => step?.kind === "build" && step.usesUv);
  const operations = steps
    .slice(0, lastBuild + 1)
    .flatMap((step) => (step?.kind === "packages" ? step.operations : []));
  const outputs = [...(needsVenv ? [VENV] : []), ...new Set(venvs), workdir];
  return {
    title: "Build in a stage of its own, and keep the build packages there",
    lastOfBuilder: own[lastBuild]!,
    shared: needsVenv ? [`${keyword(stage, "ENV")} PATH="${VENV}/bin:$PATH"`] : [],
    opening: needsVenv ? [`${keyword(stage, "RUN")} python -m venv ${VENV}`] : [],
    copies: outputs.map((from) => ({ from })),
    packages: runtimePackages(operations),
    manager: operations[0]?.manager === "apk" ? "apk" : "apt-get",
    assumptions: [
      `What the build leaves outside of ${[...(needsVenv ? [VENV] : []), workdir].map((path) => `\`${path}\``).join(" and ")} is not needed at run time.`,
      ...(usesUv ? ["The Python of the image is the one that the project wants, so that uv downloads none."] : []),
    ],
    fateOf: (instruction) => {
      const step = steps[own.indexOf(instruction)];
      if (step) return step.kind === "prepare" ? "both" : "builder";
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return usualFate(instruction);
      return isCarriedCopy(stage, instruction, workdir, starts) ? "both" : "builder";
    },
  };
}

type Step =
  | { readonly kind: "packages"; readonly operations: readonly PackageOperation[] }
  | {
      readonly kind: "build";
      readonly pip: readonly PackageOperation[];
      readonly venvs: readonly string[];
      readonly usesUv: boolean;
    }
  | { readonly kind: "prepare"; readonly touches: readonly string[] }
  | { readonly kind: "unknown"; readonly program: string };

/** What a RUN does, by its programs. */
function stepOf(run: Run): Step {
  const operations = run.stage.dockerfile.packageOperations.filter((operation) => operation.run === run);
  const { commands } = run;
  const isPackages = (command: Command): boolean => {
    const operation = operations.find((one) => one.command === command);
    return operation?.manager === "apt-get" || operation?.manager === "apt" || operation?.manager === "apk";
  };
  const isCleaning = (command: Command): boolean =>
    command.program === "rm" || command.program === "set" || command.program === "echo" || command.program === "export";
  if (commands.length === 0) return { kind: "unknown", program: run.instruction.rest.text.slice(0, 20) };
  if (commands.some(isPackages)) {
    const other = commands.find((command) => !isPackages(command) && !isCleaning(command));
    if (other) return { kind: "unknown", program: other.program ?? other.words[0]?.text ?? "" };
    return { kind: "packages", operations: operations.filter(({ action }) => action === "install") };
  }
  if (commands.every(({ program }) => program !== undefined && PREPARING.test(program))) {
    const moded = commands.filter(({ program }) => program === "chown" || program === "chmod");
    const directory = run.stage.workdirBefore(run.instruction) ?? "/";
    return {
      kind: "prepare",
      touches: moded
        .flatMap(({ args }) => args.slice(1))
        .map(({ value }) => (value?.startsWith("/") ? normalise(value) : normalise(`${directory}/${value ?? ""}`))),
    };
  }
  const foreign = commands.find((command) => !isCleaning(command) && !isBuild(command, operations));
  if (foreign) return { kind: "unknown", program: foreign.program ?? foreign.words[0]?.text ?? "" };
  return {
    kind: "build",
    pip: operations.filter(({ manager, action }) => manager === "pip" && action === "install"),
    venvs: commands.flatMap((command) => venvOf(command) ?? []),
    usesUv: commands.some(({ program }) => program === "uv"),
  };
}

/** A program that writes into its working directory, or into a Python environment that is known. */
function isBuild(command: Command, operations: readonly PackageOperation[]): boolean {
  const operation = operations.find((one) => one.command === command);
  switch (operation?.manager) {
    case "pip":
      return !command.args.some(({ value }) =>
        /^(?:--user|--target|-t|--prefix|--root|--system)(?:=|$)/.test(value ?? ""),
      );
    case "uv":
      return (
        operation.verb.value === "sync" ||
        operation.verb.value === "venv" ||
        operation.verb.value === "lock" ||
        operation.action === "clean"
      );
    case "npm":
    case "yarn":
    case "pnpm":
      return operation.has("-g", "--global") === false && operation.verb.value !== "global";
    case "cargo":
      return operation.verb.value === "build" || operation.verb.value === "fetch";
    default:
      break;
  }
  if (venvOf(command) !== undefined) return true;
  return command.program === "make"
    ? !command.args.some(({ value }) => value?.includes("install"))
    : /^(?:cd|tsc|cmake|\.\/configure|configure)$/.test(command.program ?? "");
}

/** The directory that `python -m venv` or `virtualenv` makes, if it is one outside of the working directory or in it. */
function venvOf(command: Command): string | undefined {
  const values = command.args.map(({ value }) => value);
  const isVenv =
    command.program === "virtualenv" ||
    (/^python[\d.]*$/.test(command.program ?? "") &&
      values[0] === "-m" &&
      (values[1] === "venv" || values[1] === "virtualenv"));
  const path = isVenv ? values.findLast((value) => value !== undefined && !value.startsWith("-")) : undefined;
  return path?.startsWith("/") ? normalise(path) : undefined;
}

function pipProblem(stage: Stage, operations: readonly PackageOperation[]): string | undefined {
  if (stage.image?.repository !== "python" || stage.image.registry !== "docker.io")
    return "where pip puts the packages in this base image is not known";
  if (startWords(stage).some((word) => word.startsWith("/usr/local/bin/") || word.startsWith("/usr/bin/python"))) {
    return "the command names a program of the system's Python by its path";
  }
  const isEnvironment = operations.some(({ command }) => command.words[0]?.value?.includes("/"));
  return isEnvironment ? "pip belongs to an environment that the instructions do not show" : undefined;
}

/** What is copied into the working directory comes with it; a tool that only installs is left behind. */
function isCarriedCopy(
  stage: Stage,
  instruction: Instruction,
  workdir: string,
  starts: (name: string) => boolean,
): boolean {
  const target = instruction.arguments.at(-1);
  const path = target && stage.resolve(target, instruction);
  if (path === undefined) return true;
  const full = path.startsWith("/") ? normalise(path) : normalise(`${stage.workdirBefore(instruction) ?? ""}/${path}`);
  if (isInside(full, workdir)) return false;
  const source = instruction.flag("from")?.value?.value ?? "";
  return !(source.startsWith("ghcr.io/astral-sh/uv") && !starts("uv") && !starts("uvx"));
}
