/**
 * Splits the final stage of a Dockerfile into base, builder and final: everything up to the last build step becomes the
 * builder as it stands; the new final stage gets what the instructions say that the program needs, and nothing is guessed.
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
import { insertAfter, insertInstructionsAfter, insertInstructionsBefore, keyword, replace } from "./edit.ts";
import { assuming, changing, type Edit, type Fix, unsafe } from "./rule.ts";

/** What a package of the final stage is replaced by when it moves to the builder; `undefined`: it stays. */
export type RuntimeOf = (name: string) => readonly string[] | undefined;

export type Split = { readonly fix: Fix } | { readonly refusal: string };

const VENV = "/opt/venv";
/** Says something of the image or of what follows, and may stand in the base stage. */
const SETTINGS = new Set(["ENV", "WORKDIR", "SHELL", "LABEL", "STOPSIGNAL"]);
const CARRIED = new Set([...SETTINGS, "ARG", "USER", "EXPOSE", "VOLUME", "HEALTHCHECK", "CMD", "ENTRYPOINT"]);
/** Programs that only prepare the file system, and can do it again in the final stage. */
const PREPARING = /^(?:mkdir|touch|chown|chmod|useradd|groupadd|adduser|addgroup|usermod|ln|true|:)$/;
/** Tools that install an application's packages and are not needed to run it. */
const INSTALLERS = /^(?:uv|poetry|pdm|pipenv|pip|setuptools|wheel|build|hatch|virtualenv)$/i;

/** The final stage in two, with a base for both. */
export function splitStage(stage: Stage, runtimeOf: RuntimeOf): Split {
  const plan = planSplit(stage);
  if (typeof plan === "string") return { refusal: plan };
  const { syntax, stages } = stage.dockerfile;
  const taken = new Set(stages.flatMap(({ name }) => (name ? [name.value.toLowerCase()] : [])));
  const unique = (name: string): string => (taken.has(name) ? unique(`${name}-1`) : name);
  const [base, builder] = [unique("base"), unique("builder")];
  const finalName = stage.name?.value ?? unique("final");
  const from = keyword(stage, "FROM");
  const as = keyword(stage, "AS");

  const lines = [`${from} ${base} ${as} ${finalName}`, ...plan.carried(runtimeOf)];
  for (const path of plan.outputs) lines.push(`${keyword(stage, "COPY")} --from=${builder} ${path} ${path}`);
  const edits: Edit[] = [
    stage.name ? replace(stage.name, base) : insertAfter(stage.imageWord ?? stage.from, ` ${as} ${base}`),
  ];
  const opening = [`${from} ${base} ${as} ${builder}`];
  if (plan.needsVenv) {
    opening.unshift(`${keyword(stage, "ENV")} PATH="${VENV}/bin:$PATH"`, "");
    opening.push(`${keyword(stage, "RUN")} python -m venv ${VENV}`);
  }
  edits.push(insertInstructionsBefore(syntax, plan.firstOfBuilder, ...(plan.needsVenv ? [] : [""]), ...opening));
  edits.push(insertInstructionsAfter(syntax, plan.lastOfBuilder, "", ...lines));
  const fix = changing(
    unsafe("Build in a stage of its own, and keep the build packages there", edits),
    "stages",
    "images",
    "ENV",
  );
  return { fix: assuming(fix, ...plan.assumptions) };
}

interface Plan {
  readonly firstOfBuilder: Instruction;
  readonly lastOfBuilder: Instruction;
  /** Directories that the final stage gets from the builder. */
  readonly outputs: readonly string[];
  readonly needsVenv: boolean;
  readonly assumptions: readonly string[];
  /** The instructions that the final stage has again. */
  carried(runtimeOf: RuntimeOf): readonly string[];
}

/** How the stage can be split, or why it cannot. */
function planSplit(stage: Stage): Plan | string {
  if (stage.parent) return "the final stage is built on another one, so that its packages may be meant for both";
  const own = stage.instructions;
  if (own.some((instruction) => instruction.onbuild)) return "ONBUILD instructions belong to both halves";
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

  // Settings before the first step are the same for both halves.
  const firstStep = own.findIndex(({ keyword: name }) => !SETTINGS.has(name));
  const usesUv = steps.some((step) => step?.kind === "build" && step.usesUv);
  return {
    firstOfBuilder: own[firstStep]!,
    lastOfBuilder: own[lastBuild]!,
    outputs: [...(needsVenv ? [VENV] : []), ...new Set(venvs), workdir],
    needsVenv,
    assumptions: [
      `What the build leaves outside of ${[...(needsVenv ? [VENV] : []), workdir].map((path) => `\`${path}\``).join(" and ")} is not needed at run time.`,
      ...(usesUv ? ["The Python of the image is the one that the project wants, so that uv downloads none."] : []),
    ],
    carried: (runtimeOf) =>
      own.slice(firstStep, lastBuild + 1).flatMap((instruction) => {
        const step = steps[own.indexOf(instruction)];
        if (step?.kind === "packages") return packageLine(stage, step.operations, runtimeOf);
        if (step?.kind === "prepare") return sourceOf(stage, instruction);
        if (step) return [];
        if (CARRIED.has(instruction.keyword)) return sourceOf(stage, instruction);
        if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return [];
        return isCarriedCopy(stage, instruction, workdir, starts) ? sourceOf(stage, instruction) : [];
      }),
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

/** The packages that the final stage still needs, as a RUN; none when there are none. */
function packageLine(stage: Stage, operations: readonly PackageOperation[], runtimeOf: RuntimeOf): readonly string[] {
  const packages = new Set<string>();
  for (const { word, name } of operations.flatMap((operation) => operation.packages)) {
    const runtime = name === undefined ? undefined : runtimeOf(name);
    for (const one of runtime ?? [word.text]) packages.add(one);
  }
  if (packages.size === 0) return [];
  const names = [...packages].join(" ");
  if (operations[0]?.manager === "apk") return [`${keyword(stage, "RUN")} apk add --no-cache ${names}`];
  const { escape } = stage.dockerfile.syntax;
  return [
    [
      `${keyword(stage, "RUN")} apt-get update`,
      `apt-get install -y --no-install-recommends ${names}`,
      "rm -rf /var/lib/apt/lists/*",
    ].join(` ${escape}\n    && `),
  ];
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

function sourceOf(stage: Stage, { range }: Instruction): string {
  return stage.dockerfile.text.slice(range.start, range.end);
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

function lineNumber(stage: Stage, { range }: Instruction): number {
  return stage.dockerfile.text.slice(0, range.start).split("\n").length;
}
