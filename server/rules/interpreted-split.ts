/**
 * How the final stage of an application in Python, Node.js, Ruby or PHP, or of a `make` in its working directory, is split:
 * by what every instruction of it does. Nothing is guessed; what is not known is the reason why it is not split.
 */
import { packageFacts } from "../model/debian.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { type Build, type Step, stepOf } from "./build-steps.ts";
import { isCondaShell } from "./conda-environment.ts";
import { condaPart } from "./conda-split.ts";
import { nodePart } from "./node-split.ts";
import { phpPart } from "./php-split.ts";
import { pythonPart } from "./python-split.ts";
import { rubyPart } from "./ruby-split.ts";
import type { Fix } from "./rule.ts";
import { runtimeOf, runtimePackages } from "./runtime-packages.ts";
import { isLatest, plainPython, slimSibling, versionOf } from "./slim-image.ts";
import { slimNeeds } from "./slim-needs.ts";
import { bringsSources, isCarried, targetOf, wholeCopyTarget } from "./split-copies.ts";
import { Building, type SplitPart } from "./split-part.ts";
import {
  type Fate,
  isInside,
  isSetting,
  lineNumber,
  type StageCopy,
  type StageSplit,
  splitFix,
  splitObstacle,
  usualFate,
} from "./stage-split.ts";
import { startsOf } from "./start-program.ts";

/** A fix, or why there is none. */
export type Split =
  | {
      readonly fix: Fix;
      /** The slim image that the final stage starts from; absent: there is none, or it needs the same one. */
      readonly slim: string | undefined;
      /** Why it does not start from a slim image that there is. */
      readonly slimRefusal: string | undefined;
      /** The builder ends with taking out what only development needs. */
      readonly prunes: boolean;
    }
  | { readonly refusal: string };

/** The final stage in two. */
export function splitInterpreted(stage: Stage): Split {
  const plan = planSplit(stage);
  if (typeof plan === "string") return { refusal: plan };
  const { split, slim, slimRefusal } = plan;
  const prunes = (split.closing ?? []).length > 0;
  return { fix: splitFix(stage, split), slim, slimRefusal, prunes };
}

/** Kinds of builds behind which the stage would be split. */
export function buildsOf(stage: Stage): readonly Build[] {
  return stage.runs
    .filter(({ onbuild }) => !onbuild)
    .flatMap((run) => stepOf(run).builds)
    .filter(({ kind }) => !ASIDE.test(kind));
}

/** What `splitInterpreted` refuses where no RUN builds anything. */
export const NOTHING_BUILT = "nothing in this stage is known to build with them";

/** Kinds that only prepare a build. */
const ASIDE = /^(?:aside|tool|node tool|pip tool)$/;

interface Plan {
  readonly split: StageSplit;
  readonly slim: string | undefined;
  readonly slimRefusal: string | undefined;
}

function planSplit(stage: Stage): Plan | string {
  const obstacle = splitObstacle(stage);
  if (obstacle) return obstacle;
  const own = stage.instructions;
  const byInstruction = new Map(stage.runs.map((run) => [run.instruction, stepOf(run)]));
  const last = own.findLastIndex((instruction) =>
    byInstruction.get(instruction)?.builds.some(({ kind }) => !ASIDE.test(kind)),
  );
  if (last === -1) return NOTHING_BUILT;
  const lastOfBuilder = own[last]!;
  const ofBuilder = own.slice(0, last + 1);
  const steps = ofBuilder.flatMap((instruction) => byInstruction.get(instruction) ?? []);
  const unknown = steps.find((step) => step.unknown !== undefined);
  if (unknown)
    return `what \`${unknown.unknown}\` in line ${lineNumber(stage, unknown.run.instruction)} ${unknown.unknown === "rm" ? "removes is needed in both stages" : "writes is not known"}`;

  const script = own.slice(last + 1).flatMap((instruction) => projectScript(stage, instruction) ?? [])[0];
  if (script && steps.some(({ packages }) => packages.length > 0))
    return `\`${script.name}\` in line ${lineNumber(stage, script.instruction)} may need the build packages, too`;

  const building = new Building(stage, steps, startsOf(stage)[0]);
  const parts: SplitPart[] = [];
  for (const part of [
    condaPart(building),
    pythonPart(building),
    nodePart(building),
    rubyPart(building),
    phpPart(building),
  ]) {
    if (typeof part === "string") return part;
    parts.push(part);
  }
  const gather = <Item>(of: (part: SplitPart) => readonly Item[] | undefined): readonly Item[] =>
    parts.flatMap((part) => of(part) ?? []);
  const folders = builtFolders(stage, steps, ofBuilder);
  if (typeof folders === "string") return folders;
  const outputs = outermost([...gather((part) => part.outputs), ...folders]);
  const copies: StageCopy[] = [];
  for (const path of outputs) {
    const owner = ownerOf(stage, path, ofBuilder, byInstruction);
    if (owner === undefined) return `the files in \`${path}\` belong to several users, which would be lost on the way`;
    copies.push({ from: path, ...(owner === "root" ? {} : { chown: owner }) });
  }

  const inOutput = (path: string | undefined): boolean =>
    outputs.some((one) => path !== undefined && isInside(path, one));
  const torn = steps.find(({ isPreparing, paths }) => isPreparing && paths.some(inOutput) && !paths.every(inOutput));
  if (torn) return `line ${lineNumber(stage, torn.run.instruction)} prepares files of the build and others`;
  const repeated = new Set(gather((part) => part.repeated));
  const wholeCopies = own.slice(last + 1).flatMap((instruction) => wholeCopyTarget(stage, instruction) ?? []);
  const slim = slimSibling(stage);
  const version = versionOf(stage);
  const isKept = (instruction: Instruction): boolean => {
    const step = byInstruction.get(instruction);
    return step !== undefined && (step.isPreparing || repeated.has(instruction));
  };
  const remaining = [...ofBuilder.filter(isKept), ...own.slice(last + 1)];
  const needs = slim === undefined ? "" : slimNeeds(stage, remaining);
  const isSlim = slim !== undefined && typeof needs !== "string";
  const isSlimBase =
    isSlim && !(stage.image && plainPython(stage.image)) && bringsCompiler(steps) && slimBuilder(stage, ofBuilder);
  const shared = isSlim && !isSlimBase ? new Set<Step>() : sharedSteps(ofBuilder, byInstruction);
  const prefix = ofBuilder.findIndex((instruction) => !isSetting(instruction));
  const fateOf = (instruction: Instruction): Fate => {
    const step = byInstruction.get(instruction);
    if (step) {
      if (shared.has(step)) return "base";
      const isInOutput = step.paths.length > 0 && step.paths.every(inOutput);
      const isPrepared = step.isPreparing && !isInOutput && !isForWorkdir(stage, step);
      return isPrepared || repeated.has(instruction) ? "both" : "builder";
    }
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD")
      return isCarried(building, instruction, outputs, wholeCopies) ? "both" : "builder";
    if (isToolSetting(building, instruction) === "path") return "builder";
    if (isToolSetting(building, instruction) && ofBuilder.indexOf(instruction) > prefix) return "builder";
    const isOfConda =
      instruction.keyword === "SHELL" && isCondaShell((instruction.json ?? []).map(({ value }) => value));
    return isOfConda ? "builder" : usualFate(instruction);
  };
  const operations = steps.filter((step) => !shared.has(step)).flatMap(({ packages }) => packages);
  const split: StageSplit = {
    title: "Build in a stage of its own, and keep the build packages there",
    lastOfBuilder,
    ...(isSlim && !isSlimBase ? { finalImage: slim } : {}),
    ...(isSlimBase ? { builderImage: slim } : isSlim && version !== undefined ? { builderImage: version } : {}),
    shared: gather((part) => part.shared),
    opening: gather((part) => part.opening),
    closing: gather((part) => part.closing),
    settings: gather((part) => part.settings),
    edits: gather((part) => part.edits),
    changes: gather((part) => part.changes),
    copies,
    packages: [
      ...runtimePackages(operations).filter((name) => !isForNodeGyp(building, name)),
      ...(typeof needs === "string" ? [] : needs.packages),
    ],
    manager: operations[0]?.manager === "apk" ? "apk" : "apt-get",
    assumptions: [
      `What the build leaves outside of ${listOf(outputs)} is not needed at run time.`,
      ...gather((part) => part.assumptions),
      ...(isSlimBase ? ["The build needs no more of the full image than what it installs: it would stop there."] : []),
      ...(isSlim && version !== undefined ? [isLatest(version)] : []),
      ...(typeof needs !== "string"
        ? needs.assumptions
        : needs === ""
          ? []
          : [`The final stage stays on the full image: ${needs}.`]),
    ],
    fateOf,
  };
  return { split, slim: isSlim ? slim : undefined, slimRefusal: typeof needs === "string" ? needs : undefined };
}

/** A script of the project that a RUN starts by its path: it may build anything. */
function projectScript(
  stage: Stage,
  instruction: Instruction,
): { readonly name: string; readonly instruction: Instruction } | undefined {
  const run = stage.runs.find((one) => one.instruction === instruction && !one.onbuild);
  const words = run?.commands.flatMap(({ program = "", programWord, args }) =>
    /^(?:ba|da|a)?sh$/.test(program) ? [args.find(({ value }) => !value?.startsWith("-"))] : [programWord],
  );
  const name = words?.map((word) => word?.value ?? "").find((word) => OWN_SCRIPT.test(word) && !OF_A_TOOL.test(word));
  return name === undefined ? undefined : { name, instruction };
}

const OWN_SCRIPT = /^(?!\/)[\w.-]+\/[\w./-]+$|^[\w-]+\.(?:ba)?sh$/;
/** What a framework or a package manager has put there, and what needs an interpreter. */
const OF_A_TOOL =
  /(?:^|\/)(?:rails|rake|bundle|console|spring|artisan|thrust)$|^(?:\.\/)?(?:\.?venv|node_modules|vendor)\/|\.(?:py|rb|php|[cm]?[jt]s|jar)$/;

/** The build installs a compiler of its own, as it would have to on the slim image. */
function bringsCompiler(steps: readonly Step[]): boolean {
  const names = steps.flatMap(({ packages }) => packages).flatMap(({ packages }) => packages.map(({ name }) => name));
  return names.includes("build-essential") || (names.includes("gcc") && names.includes("libc6-dev"));
}

/** Nothing that the builder runs is missing on the slim image. */
function slimBuilder(stage: Stage, ofBuilder: readonly Instruction[]): boolean {
  const withoutTools = stage.runs.filter(
    ({ instruction, commands }) =>
      ofBuilder.includes(instruction) &&
      commands.some(({ program }) => /^(?:git|curl|wget|make|cmake)$/.test(program ?? "")),
  );
  return withoutTools.length === 0 && typeof slimNeeds(stage, ofBuilder) !== "string";
}

/** In front of all that builds, RUNs that install what is not for building: both stages are built on them. */
function sharedSteps(ofBuilder: readonly Instruction[], steps: ReadonlyMap<Instruction, Step>): ReadonlySet<Step> {
  const shared = new Set<Step>();
  for (const instruction of ofBuilder) {
    const step = steps.get(instruction);
    if (!step && isSetting(instruction)) continue;
    const isRuntime = step?.packages.every((operation) =>
      operation.packages.every(
        ({ name }) => name !== undefined && runtimeOf(operation, name) === undefined && !isHeaders(name),
      ),
    );
    if (!step || step.packages.length === 0 || step.builds.length > 0 || !isRuntime) break;
    shared.add(step);
  }
  return shared;
}

/** A package for building of which it is not known what it leaves. */
function isHeaders(name: string): boolean {
  return packageFacts(name, undefined).role === "build" || /-dev(?:el)?$/.test(name);
}

/** It makes the directories that WORKDIR makes. */
function isForWorkdir(stage: Stage, { run, directory }: Step): boolean {
  const made = stage.instructions.filter(({ keyword: name }) => name === "WORKDIR");
  return run.commands.every(
    ({ program, args }) =>
      program === "mkdir" &&
      args
        .filter(({ value }) => !value?.startsWith("-"))
        .every(({ value }) =>
          made.some((one) => stage.expand(one.rest.text, one) === value || `${directory}/${one.rest.text}` === value),
        ),
  );
}

/** Python next to a compiler in an image for Node.js: https://github.com/nodejs/node-gyp#installation */
function isForNodeGyp(building: Building, name: string): boolean {
  if (!/^python[23]?$/.test(name) || building.stage.image?.repository !== "node" || building.starts(name)) return false;
  // A program in Python beside it.
  if (building.builds("environment", "pip", "uv pip", "project").length > 0) return false;
  const names = building.steps.flatMap(({ packages }) => packages).flatMap(({ packages }) => packages);
  return names.some((one) => /^(?:make|g\+\+|gcc|build-essential|build-base)$/.test(one.name ?? ""));
}

function listOf(paths: readonly string[]): string {
  return paths
    .map((path) => `\`${path}\``)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
}

/** Those that lie in no other one. */
function outermost(paths: readonly string[]): readonly string[] {
  const all = [...new Set(paths)];
  return all.filter((path) => !all.some((other) => other !== path && isInside(path, other)));
}

/** Working directories that the final stage gets as a whole: sources were there when something was built. */
function builtFolders(
  stage: Stage,
  steps: readonly Step[],
  ofBuilder: readonly Instruction[],
): readonly string[] | string {
  const folders = new Set<string>();
  for (const step of steps) {
    const real = step.builds.filter(({ kind }) => !ASIDE.test(kind) && kind !== "environment");
    const { directory } = step;
    const hasSources =
      directory !== undefined && directory !== "/" && ofBuilder.some((copy) => bringsSources(stage, copy, directory));
    const needsFolder = real.some(
      ({ kind, names, command }) =>
        kind === "directory" ||
        (kind === "pip" &&
          (names.some((name) => /^\.|\//.test(name)) ||
            command.args.some(({ value }) => /^(?:-e|--editable)/.test(value ?? "")))),
    );
    if (!needsFolder && !(hasSources && real.length > 0)) continue;
    if (directory === undefined || directory === "/")
      return "the build has no working directory of its own, so that what it writes is not known";
    folders.add(directory);
  }
  return [...folders];
}

/** It is for a tool that stays in the builder; `path`: it puts such a tool on PATH. */
function isToolSetting(building: Building, { keyword: name, pairs }: Instruction): "path" | "variable" | undefined {
  if (name !== "ENV" || pairs.length === 0) return undefined;
  const tools = building.builds("tool", "pip tool", "project").flatMap(({ names }) => names);
  if (pairs.every(({ key }) => /^(?:POETRY|UV|PIP|PIPENV|PDM|COMPOSER)_/.test(key.value))) return "variable";
  const isPath = pairs.every(
    ({ key, value }) =>
      key.value === "PATH" &&
      /^["']?(?:\$\{?PATH\}?:)?(?:\/root|\$HOME|\$\{HOME\}|\/opt\/poetry|\$\{?POETRY_HOME\}?)(?:\/\.(?:local|poetry|cargo))?(?:\/bin)?\/?(?::\$\{?PATH\}?)?["']?$/.test(
        value?.text ?? "",
      ),
  );
  return isPath && tools.some((tool) => /^(?:poetry|uv|pdm|pipenv)$/.test(tool)) ? "path" : undefined;
}

/** Whose files there are in a directory when the build is done: `root`, `app:app`; `undefined`: of several. */
function ownerOf(
  stage: Stage,
  path: string,
  ofBuilder: readonly Instruction[],
  steps: ReadonlyMap<Instruction, Step>,
): string | undefined {
  let owners = new Set<string>();
  const builders = new Set<string>();
  const add = (owner: string): void => {
    const same = [...owners].find((one) => one.split(":")[0] === owner.split(":")[0]);
    if (same === undefined) owners.add(owner);
    else if (!same.includes(":") && owner.includes(":"))
      owners = new Set([...owners].map((one) => (one === same ? owner : one)));
  };
  for (const instruction of ofBuilder) {
    const target = targetOf(stage, instruction);
    if (target !== undefined && isInside(target, path)) {
      const chown = instruction.flag("chown")?.value;
      add(chown ? (stage.resolve(chown, instruction) ?? chown.text) : "root");
    }
    const step = steps.get(instruction);
    if (!step) continue;
    if (
      step.builds.some(({ kind }) => !ASIDE.test(kind)) &&
      (isInside(step.directory ?? "/", path) || isInside(path, step.directory ?? ""))
    )
      builders.add(stage.userBefore(instruction)?.name ?? "root");
    for (const { owner, path: owned, isDeep } of step.owners) {
      if (isDeep && isInside(path, owned) && owners.size > 0) owners = new Set([owner.replace(/^["']|["']$/g, "")]);
      else if (isInside(owned, path) && owned !== path) add(owner);
    }
  }
  // What root builds among the files of another user may be that user's, too.
  for (const builder of builders) if (builder !== "root" || owners.size === 0) add(builder);
  if (owners.size > 1) return undefined;
  const [owner = "root"] = owners;
  return /^(?:root|0)(?::|$)/.test(owner) ? "root" : owner;
}
