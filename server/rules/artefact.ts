/**
 * Moves a build away from the program that it makes: the stage becomes a builder as it stands, and a new final stage on a
 * lighter image gets the program, and all of the stage that is not known to be for building alone.
 *
 * What a stack makes, and on which image that runs, is for the stack to say: a `Recipe`.
 */
import { baseName } from "../model/command.ts";
import { tagWithRelease } from "../model/data/runtime-images.ts";
import { parseImage } from "../model/image.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { type BuildCommand, buildCommands, inDirectory } from "./build-command.ts";
import { carriedPaths, foundPaths, isWholeCopy, readablePaths } from "./carried-paths.ts";
import { wantsCertificates } from "./certificates.ts";
import type { ContainerStart } from "./container-start.ts";
import { replace } from "./edit.ts";
import { changing, type Edit, type Fix, type Weight } from "./rule.ts";
import { type RunKind, runKindOf } from "./run-kind.ts";
import { runtimeOf } from "./runtime-packages.ts";
import {
  type Fate,
  isInside,
  lineNumber,
  type StageCopy,
  sourceOf,
  splitFix,
  splitObstacle,
  usualFate,
} from "./stage-split.ts";
import { isTrusted } from "./untrusted-registry.ts";

export interface Recipe {
  /** What the tools are called, for the assumptions: "the Go image". */
  readonly tools: string;
  readonly copies: readonly StageCopy[];
  /** A path that the build makes. */
  isOutput(path: string): boolean;
  /** Compiles, or fetches what is compiled: all that lasts of it is among the outputs. */
  isBuild(command: BuildCommand): boolean;
  /** Variables that only the build reads. */
  readonly buildVariables: RegExp;
  /** Files of the context that are only compiled. */
  readonly sources: RegExp;
  /** The program holds no files itself that it may read when it runs: what the context has of them stays beside it. */
  readonly readsFiles?: boolean;
  /** Files and folders that the program's framework reads from the directory that it is started in, if they are there. */
  readonly looksFor?: RegExp;
  /** An image with nothing but what the program needs: no shell, no packages. */
  readonly bareImage?: string | undefined;
  /** One with a shell; otherwise why there is none. */
  readonly image: string | { readonly refusal: string };
  /** Whether it has the packages of the builder's distribution, by the same names. */
  readonly hasSamePackages: boolean;
  /** What `image` lacks and the program needs. */
  readonly packages?: readonly string[];
  readonly opening?: readonly string[];
  /** The last lines of the builder. */
  readonly closing?: readonly string[];
  /** Of the fix, behind "Build in a stage of its own". */
  readonly titlePart?: string;
  /** Further lines of the final stage, behind the copies' directories. */
  readonly settings?: readonly string[];
  /** Lines right behind the copies. */
  readonly finishing?: readonly string[];
  readonly assumptions?: readonly string[];
  /** The CMD of the final stage, as it is written; absent: what the stage says. */
  readonly start?: string;
  /** Edits inside of what the stage starts, where the program is started in another way. */
  readonly restart?: readonly Edit[];
}

/** The tools that an image takes along, though the container starts only what they made. */
export interface Leftover {
  /** "the Go toolchain" */
  readonly tools: string;
  /** Absent: the rule's. */
  readonly weight?: Weight;
  /** Paths. */
  readonly needed: readonly string[];
  remedy(): Remedy;
}

/** A fix, and others that may be wanted in its place; or why there is none. */
export type Remedy = { readonly fix: Fix; readonly others?: readonly Fix[] } | { readonly refusal: string };

/** Tools that fetch and unpack what a build needs; wanted at run time only where something there names them. */
const BUILD_TOOLS =
  /^(?:git|git-lfs|mercurial|subversion|bzr|openssh-client|unzip|zip|xz-utils|bzip2|tar|upx|upx-ucl|protobuf-compiler|protoc|patch|file|gnupg|lsb-release|software-properties-common|maven|gradle|ant|golang|golang-go|rustc|cargo|openjdk-\d+-jdk(?:-headless)?|default-jdk(?:-headless)?)$/;
/** Packages of this name are there in Debian and in Ubuntu alike. */
const COMMON =
  /^(?:bash|ca-certificates|curl|dumb-init|fontconfig|git|gnupg|jq|netcat-openbsd|openssl|procps|tini|tzdata|unzip|wget)$/;
/** Programs that ask whether a server answers, and their packages. */
const PROBES: Readonly<Record<string, string>> = { curl: "curl", wget: "wget", nc: "netcat-openbsd" };

export function moveBuild(stage: Stage, start: ContainerStart, recipe: Recipe): Remedy {
  const platform = stage.from.flag("platform")?.value?.value;
  if (platform?.includes("BUILDPLATFORM"))
    return { refusal: "the stage is built for the platform of the builder, not for that of the container" };
  const obstacle = splitObstacle(stage);
  if (obstacle) return { refusal: obstacle };

  const commands = buildCommands(stage);
  const own = stage.instructions;
  const kinds = new Map<Instruction, RunKind>(
    stage.runs.map((run) => [
      run.instruction,
      runKindOf(
        run,
        commands.filter((one) => one.run === run),
        { isBuild: recipe.isBuild, isOutput: recipe.isOutput, holds: (path) => holds(recipe.copies, path) },
      ),
    ]),
  );
  for (const [instruction, { unknown }] of kinds) {
    if (unknown !== undefined)
      return { refusal: `what \`${unknown}\` in line ${lineNumber(stage, instruction)} writes is not known` };
  }
  const last = own.findLastIndex((instruction) => kinds.get(instruction)?.isBuild);
  if (last === -1) return { refusal: "no step is known to build it" };
  const inBuilder = own.slice(0, last + 1);
  const behind = own.slice(last + 1);

  const words = namedWords(stage, start);
  const tools: string[] = [];
  const packages: string[] = [];
  const stays: string[] = [];
  for (const operation of inBuilder.flatMap((one) => kinds.get(one)?.packages ?? []))
    sortPackages(operation, words, { packages, tools, stays });
  // Recommended by what speaks TLS; the final stage leaves out what is only recommended.
  if (packages.some((name) => /^lib(?:ssl|gnutls)\d/.test(name)) || wantsCertificates(packages))
    packages.push("ca-certificates");
  const health = stage.last("HEALTHCHECK");
  const probes = health ? probesOf(health) : [];
  // BusyBox has the others.
  const isAlpine = stage.base.distribution === "alpine";
  for (const probe of probes) if (!isAlpine || probe === "curl") packages.push(PROBES[probe]!);
  if (start.init) packages.push(start.init === "dumb-init" ? "dumb-init" : "tini");

  const fates = new Map<Instruction, Fate>(
    inBuilder.map((instruction) => [instruction, fateOf(stage, instruction, kinds, recipe, words)]),
  );
  dropIdleDirectories(stage, inBuilder, behind, fates);
  const owned = inBuilder.find((one) =>
    kinds.get(one)?.owned.some((path) =>
      // What has an owner of its own does not lose it.
      recipe.copies.some(({ from, chown }) => !chown && (isInside(from, path) || isInside(path, from))),
    ),
  );
  if (owned) return { refusal: `the owner that line ${lineNumber(stage, owned)} sets would be lost on the way` };
  const carriedRuns = [
    ...inBuilder.filter((one) => one.keyword === "RUN" && fates.get(one) !== "builder"),
    ...behind.filter(({ keyword }) => keyword === "RUN"),
  ];
  const needsShell = packages.length > 0 || carriedRuns.length > 0 || start.needsShell || hasShellProbe(health);
  const isBare =
    !needsShell &&
    recipe.bareImage !== undefined &&
    canBeExec(start, behind) &&
    isTrusted(stage.dockerfile, recipe.bareImage);
  const image = isBare ? recipe.bareImage! : recipe.image;
  if (typeof image !== "string") return image;
  if (!isBare && stage.imageWord!.variables.length > 0 && !image.includes("$"))
    return { refusal: `\`${stage.imageWord!.text}\` has a variable, which the image that runs would have to follow` };
  if (!isTrusted(stage.dockerfile, image)) return { refusal: `\`${image}\` comes from none of the trusted registries` };
  const facts = parseImage(image)?.facts ?? {};
  const builderImage = builderImageOf(stage, image);
  const copied = own.filter((one) => one.keyword === "COPY" && (fates.get(one) ?? "both") === "both");
  const problem = userProblem(stage, kinds, copied, image, facts.users ?? []);
  if (problem) return { refusal: problem };
  const foreign = recipe.hasSamePackages || facts.distribution === stage.base.distribution ? [] : packages;
  const doubtful = foreign.find((name) => !COMMON.test(name));
  if (doubtful) return { refusal: `whether \`${image}\` has the package \`${doubtful}\` is not known` };

  const carried = recipe.start ? [] : carriedPaths(stage, start, inBuilder, (path) => isCopied(recipe.copies, path));
  const readable = recipe.readsFiles ? readablePaths(stage, inBuilder, recipe.sources) : [];
  if (!readable) return { refusal: "which files of the context, copied to `/`, the program reads is not known" };
  const found = recipe.looksFor ? foundPaths(stage, inBuilder, recipe.looksFor) : [];
  const copies = [...recipe.copies, ...[...carried, ...readable, ...found].map((from) => ({ from }))];
  const whole = inBuilder.find((instruction) => isWholeCopy(stage, instruction));
  const directory = whole && wholeTarget(stage, whole);
  const isExec = isBare && start.execEdits.length > 0;
  const [first, second] = start.instructions;
  if (recipe.start && (second || !behind.includes(first!)))
    return { refusal: `what line ${lineNumber(stage, first!)} starts would have to be something else` };
  const restarted = recipe.restart && start.instructions.find(({ range }) => isIn(recipe.restart![0]!, range));
  if (recipe.restart && !(restarted && behind.includes(restarted)))
    return { refusal: `what line ${lineNumber(stage, first!)} starts would have to be something else` };
  const isRoot = stage.userBefore()?.isRoot !== false;
  const split = splitFix(stage, {
    title: `Build in a stage of its own${recipe.titlePart ?? ""}, and run on \`${image}\``,
    lastOfBuilder: own[last]!,
    finalImage: image,
    ...(builderImage === undefined ? {} : { builderImage }),
    opening: recipe.opening ?? [],
    closing: recipe.closing ?? [],
    settings: recipe.settings ?? [],
    finishing: recipe.finishing ?? [],
    copies: distinct(copies),
    packages: isBare ? [] : [...packages, ...(recipe.packages ?? [])],
    manager: facts.distribution === "alpine" ? "apk" : "apt-get",
    fateOf: (instruction) => fates.get(instruction) ?? "builder",
    edits: recipe.start
      ? [replace(first!.rest.range, recipe.start)]
      : (recipe.restart ?? (isExec ? start.execEdits : [])),
    assumptions: [
      restAssumption(directory, recipe, distinct(copies)),
      ...(tools.length > 0
        ? [`${sentenceList(tools)} ${tools.length === 1 ? "is" : "are"} only needed to build.`]
        : []),
      ...stays,
      ...(isBare && isRoot && facts.user === "nonroot"
        ? ["The program, which runs as `nonroot` there, writes to nothing but `/tmp` and its home directory."]
        : []),
      ...(recipe.assumptions ?? []),
    ],
  });
  return {
    fix: changing(
      split,
      ...(isExec || recipe.start ? [first!.keyword as "CMD" | "ENTRYPOINT"] : []),
      ...(restarted ? [restarted.keyword as "CMD" | "ENTRYPOINT"] : []),
    ),
  };
}

/** The stage's own image by a tag that keeps to the release of Debian that `image` has; `undefined`: it keeps to it as it is. */
function builderImageOf(stage: Stage, image: string): string | undefined {
  const release = /^debian:(\w+)-slim$/.exec(image)?.[1];
  const { image: own, imageWord } = stage;
  if (release === undefined || !own || imageWord?.text !== own.reference) return undefined;
  const tag = tagWithRelease(own, release);
  return tag && `${own.reference.slice(0, -own.tag!.length)}${tag}`;
}

function restAssumption(directory: string | undefined, { tools }: Recipe, copies: readonly StageCopy[]): string {
  const isWhole = directory !== undefined && isCopied(copies, directory);
  const kept = sentenceList(copies.map(({ from }) => `\`${from}\``));
  const not = [
    ...(directory && directory !== "/" && !isWhole ? [`no other file of \`${directory}\``] : []),
    ...(tools === "the builder" ? [] : [`no other program of ${tools}`]),
  ];
  const rest = not.length > 0 ? `: ${not.join(", and ")}` : "";
  return `At run time, the program needs nothing of the builder but ${kept}${rest}.`;
}

function fateOf(
  stage: Stage,
  instruction: Instruction,
  kinds: ReadonlyMap<Instruction, RunKind>,
  recipe: Recipe,
  words: readonly string[],
): Fate {
  const { keyword } = instruction;
  if (keyword === "RUN") {
    const { carried, isBuild } = kinds.get(instruction)!;
    if (carried.length === 0) return "builder";
    if (!isBuild) return "both";
    const { escape } = stage.dockerfile.syntax;
    const [head] = sourceOf(stage, instruction).split(/\s/);
    return [`${head} ${carried.join(` ${escape}\n    && `)}`];
  }
  if (keyword === "COPY" || keyword === "ADD") return copyFate(stage, instruction, recipe, words);
  if (keyword === "SHELL") return "builder";
  if (keyword === "ENV")
    return instruction.pairs.every(({ key }) => recipe.buildVariables.test(key.value)) ? "builder" : "both";
  if (keyword === "CMD" || keyword === "ENTRYPOINT") return "final";
  return usualFate(instruction);
}

function copyFate(stage: Stage, instruction: Instruction, recipe: Recipe, words: readonly string[]): Fate {
  if (isWholeCopy(stage, instruction)) return "builder";
  const sources = instruction.arguments.slice(0, -1).map(({ value }) => value.replace(/^\.\//, ""));
  if (instruction.flag("from")) {
    // A tool in a directory for programs, which nothing starts.
    const target = instruction.arguments.at(-1)?.value ?? "";
    const isTool = /^\/(?:usr\/)?(?:local\/)?s?bin\/?/.test(target);
    return isTool && ![...sources, target].some((path) => words.includes(baseName(path))) ? "builder" : "both";
  }
  if (instruction.heredocs.length > 0) return "both";
  return sources.every((source) => recipe.sources.test(source)) ? "builder" : "both";
}

/** A directory that only matters to the builder is not set again. */
function dropIdleDirectories(
  stage: Stage,
  inBuilder: readonly Instruction[],
  behind: readonly Instruction[],
  fates: Map<Instruction, Fate>,
): void {
  const carried = [...inBuilder.filter((one) => fates.get(one) !== "builder"), ...behind];
  for (const [index, instruction] of carried.entries()) {
    if (instruction.keyword !== "WORKDIR" || !fates.has(instruction)) continue;
    const next = carried.slice(index + 1).find(({ keyword }) => /^(?:WORKDIR|RUN|COPY|ADD)$/.test(keyword));
    if (next?.keyword !== "WORKDIR") continue;
    if (stage.expand(next.rest.text, next)?.startsWith("/")) fates.set(instruction, "builder");
  }
}

interface Sorted {
  readonly packages: string[];
  readonly tools: string[];
  readonly stays: string[];
}

/** What of the builder's packages the final stage needs. */
function sortPackages(operation: PackageOperation, words: readonly string[], { packages, tools, stays }: Sorted): void {
  const { stage } = operation.run;
  const used = new Set(stage.runs.flatMap((run) => run.commands.map(({ program }) => program)));
  for (const { word, name } of operation.packages) {
    const runtime = name === undefined ? undefined : runtimeOf(operation, name);
    if (runtime) packages.push(...runtime);
    else if (name !== undefined && !words.includes(name) && (BUILD_TOOLS.test(name) || used.has(name)))
      tools.push(`\`${name}\``);
    else if (name !== undefined && /-dev(?:el)?$/.test(name)) {
      packages.push(word.text);
      stays.push(`Which packages a program built with \`${name}\` needs at run time is not known, so that it stays.`);
    } else packages.push(word.text);
  }
}

/** What the container's own commands name: programs, arguments, and the base names of both. */
function namedWords(stage: Stage, start: ContainerStart): readonly string[] {
  const health = stage.last("HEALTHCHECK");
  const texts = [
    ...start.commands.flatMap(({ words }) => words.map(({ value, text }) => value ?? text)),
    ...(health ? health.rest.text.split(/[\s"',[\]]+/) : []),
  ];
  return [...new Set(texts.flatMap((text) => [text, baseName(text)]))];
}

function probesOf(health: Instruction): readonly string[] {
  return health.rest.text.split(/[\s"',[\]|&;()]+/).filter((word) => Object.hasOwn(PROBES, word));
}

function hasShellProbe(health: Instruction | undefined): boolean {
  return health !== undefined && !/^NONE\b/i.test(health.rest.text) && !/^CMD\s*\[/i.test(health.rest.text);
}

/** An image without a shell takes the exec form alone; a CMD that moves is moved as it stands. */
function canBeExec(start: ContainerStart, behind: readonly Instruction[]): boolean {
  return start.instructions.every((instruction) => instruction.json !== undefined || behind.includes(instruction));
}

/** USER or `--chown` name somebody whom the image that runs does not know. */
function userProblem(
  stage: Stage,
  kinds: ReadonlyMap<Instruction, RunKind>,
  copied: readonly Instruction[],
  image: string,
  users: readonly string[],
): string | undefined {
  const own = stage.last("USER") ? [stage.userBefore()?.name] : [];
  const owners = copied.flatMap((instruction) => instruction.flag("chown")?.value?.value.split(":") ?? []);
  const carried = [...kinds.values()].flatMap((kind) => kind.carried);
  const missing = [...own, ...owners].find(
    (name) =>
      name !== undefined &&
      !/^\d*$|^\$|^(?:root|nobody|www-data)$/.test(name) &&
      !users.includes(name) &&
      !carried.some((text) => makesAccount(text, name)),
  );
  return missing && `\`${image}\` has no user \`${missing}\``;
}

function makesAccount(text: string, name: string): boolean {
  return new RegExp(`\\b(?:user|group)?add(?:user|group)?\\b[^&;]*\\b${name.replace(/\W/g, "\\$&")}\\b`).test(text);
}

/** A directory in which something that is copied stands. */
function holds(copies: readonly StageCopy[], directory: string): boolean {
  return copies.some(({ from }) => isInside(from, directory));
}

function isIn(edit: Range, range: Range): boolean {
  return range.start <= edit.start && edit.end <= range.end;
}

function isCopied(copies: readonly StageCopy[], path: string): boolean {
  return copies.some(({ from }) => isInside(path, from));
}

function wholeTarget(stage: Stage, instruction: Instruction): string | undefined {
  const target = instruction.arguments.at(-1);
  const path = target && stage.resolve(target, instruction);
  return path === undefined ? undefined : inDirectory(path, stage.workdirBefore(instruction));
}

function distinct(copies: readonly StageCopy[]): readonly StageCopy[] {
  return copies.filter(
    ({ from }, index) =>
      !copies.some((other, at) => at !== index && isInside(from, other.from) && (from !== other.from || at < index)),
  );
}

function sentenceList(items: readonly string[]): string {
  const names = [...new Set(items)];
  return names.join(", ").replace(/, ([^,]*)$/, " and $1");
}
