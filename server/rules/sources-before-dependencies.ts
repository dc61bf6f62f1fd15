import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellCommand } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { listOf, manifestsOf, requirementsOf } from "./dependency-manifests.ts";
import {
  commentBlockAbove,
  insertInstructionsAfter,
  insertInstructionsBefore,
  keyword,
  remove,
  replace,
} from "./edit.ts";
import { type FirstInstall, firstDownload, firstInstall } from "./first-install.ts";
import { nameOf } from "./package-rules.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "sources-before-dependencies",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  assumes: "Nothing that the install runs reads another file of the project.",
  judges: "stage",

  *check({ stages }) {
    for (const stage of stages) {
      const judged = new Set<Instruction>();
      for (const run of stage.runs) {
        if (run.onbuild) continue;
        const copy = wholeCopyBefore(stage, run);
        if (!copy || judged.has(copy)) continue;
        const install = run.packageOperations.find(installsDependencies);
        if (!install) {
          const found = download(stage, copy, run);
          if (found) judged.add(copy);
          if (found) yield found;
          continue;
        }
        if (hasDependencies(stage, copy, install)) continue;
        judged.add(copy);
        yield {
          at: copy.arguments[0]!.range,
          message: `Whichever file changes, \`${commandName(install)}\` below runs again`,
          related: [{ at: install.verb.range, message: "it runs again here" }],
          ...solve(stage, copy, install),
        };
      }
    }
  },
});

/** A build that downloads its dependencies itself. */
function download(stage: Stage, copy: Instruction, run: Run): Finding | undefined {
  if (run.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) return undefined;
  const build = run.commands
    .map((command) => ({ command, first: firstDownload(run, command) }))
    .find(({ first }) => first);
  if (!build?.first) return undefined;
  const { command, first } = build;
  const program = command.program!;
  const earlier = stage.lineage
    .flatMap(({ runs }) => runs)
    .filter((one) => one.instruction.range.start < run.instruction.range.start);
  if (earlier.some(({ commands }) => commands.some((one) => one.program === program))) return undefined;
  if (bringsDependencies(stage, copy)) return undefined;
  return {
    at: copy.arguments[0]!.range,
    message: `Whichever file changes, \`${program}\` below downloads its dependencies again`,
    related: [{ at: command.range, message: "it runs again here" }],
    ...prepare(stage, copy, run, command, first),
  };
}

function commandName(operation: PackageOperation): string {
  return operation.manager === "go" ? "go mod download" : nameOf(operation);
}

/** It installs what a manifest or a lock file names, and nothing else. */
function installsDependencies(operation: PackageOperation): boolean {
  const { manager, action, verb, packages, scope } = operation;
  if (scope !== undefined) return false;
  switch (manager) {
    case "pip":
      return action === "install" && requirementsOf(operation).length > 0;
    case "go":
      return verb.value === "mod" && packages[0]?.name === "download";
    case "npm":
    case "yarn":
    case "pnpm":
      return (
        action === "install" &&
        /^(?:yarn|install|i|in|ci|ic|clean-install|install-clean)$/.test(verb.value ?? "") &&
        packages.length === 0 &&
        operation.has("-g", "--global", "--location") === false
      );
    case "uv":
    case "poetry":
      return action === "install" && /^(?:sync|install)$/.test(verb.value ?? "");
    case "bundle":
    case "composer":
      return action === "install" && verb.value === "install" && packages.length === 0;
    default:
      return false;
  }
}

/** The last copy of the whole context above a RUN, in the same stage. */
function wholeCopyBefore(stage: Stage, { instruction }: Run): Instruction | undefined {
  return stage.instructions.findLast(
    (copy) =>
      copy.range.start < instruction.range.start &&
      /^(?:COPY|ADD)$/.test(copy.keyword) &&
      !copy.onbuild &&
      !copy.flag("from") &&
      copy.arguments.length === 2 &&
      /^(?:\.?\/*|\.?\/?\*)$/.test(stage.resolve(copy.arguments[0]!, copy) || "x"),
  );
}

/** They are there before the sources come, from an install of their own or another stage. */
function hasDependencies(stage: Stage, copy: Instruction, { manager }: PackageOperation): boolean {
  const earlier = stage.lineage
    .flatMap(({ runs }) => runs)
    .some(
      (run) =>
        run.instruction.range.start < copy.range.start &&
        run.packageOperations.some(
          (one) => one.manager === manager && (installsDependencies(one) || one.verb.value === "fetch"),
        ),
    );
  return earlier || bringsDependencies(stage, copy);
}

function bringsDependencies(stage: Stage, copy: Instruction): boolean {
  return stage
    .effective(copy)
    .some(
      (other) =>
        other.keyword === "COPY" &&
        other.flag("from") &&
        other.arguments.some(({ value }) => /node_modules|venv|site-packages|\bvendor\b|\/go\/pkg|\.m2/.test(value)),
    );
}

function solve(stage: Stage, copy: Instruction, install: PackageOperation): Pick<Finding, "fixes" | "refusal"> {
  const { run } = install;
  const { dockerfile } = stage;
  const { syntax, text } = dockerfile;
  const first = firstInstall(install);
  if (typeof first === "object") return prepare(stage, copy, run, install.command, first);
  if (first !== undefined) return { refusal: first };
  const rest = followers(run);
  const obstacle = obstacleBetween(stage, copy, run) ?? (typeof rest === "object" ? undefined : rest);
  if (obstacle) return { refusal: obstacle };
  const [source] = copy.arguments;
  if (!isPlain(text, copy)) return { refusal: "the copy is not written plainly enough to be moved" };
  const manifests = manifestsOf(install);
  if (typeof manifests === "string") return { refusal: manifests };
  const head = text.slice(copy.range.start, source!.range.start);
  const start = commentBlockAbove(syntax, copy)[0]?.start ?? copy.range.start;
  const sources = text.slice(start, copy.range.end);
  const fix = unsafe(
    `Copy ${listOf(manifests.files)} first, and the rest below the install`,
    { start, end: copy.range.end, text: `${head}${sourcesOf(copy, manifests.files)}` },
    typeof rest === "object"
      ? replace(rest, `${syntax.lineEnd}${sources}${syntax.lineEnd}${headOf(run)}`)
      : insertInstructionsAfter(syntax, run.instruction, sources),
  );
  return { fixes: [assuming(fix, ...manifests.assumptions)] };
}

function isPlain(text: string, copy: Instruction): boolean {
  const original = text.slice(copy.range.start, copy.range.end);
  return !copy.json && !copy.flag("exclude") && !/[\r\n"']/.test(original) && !/\$/.test(copy.arguments[1]!.text);
}

/** The arguments of a COPY that takes these files to where another takes all. */
function sourcesOf(copy: Instruction, files: readonly string[]): string {
  const [source, target] = copy.arguments;
  const names = files.map((file) => (source!.value.startsWith("/") ? `/${file}` : file));
  return `${names.join(" ")} ${target!.value === "." ? "./" : target!.value.replace(/\/*$/, "/")}`;
}

/** `RUN` with its flags, up to the script. */
function headOf({ instruction, stage }: Run): string {
  return stage.dockerfile.text.slice(instruction.keywordRange.start, instruction.rest.range.start);
}

/** The dependencies come first, in a RUN of their own; what was there stays below the sources, and finds them done. */
function prepare(
  stage: Stage,
  copy: Instruction,
  run: Run,
  command: Command,
  { files, folder, assumptions, command: first }: FirstInstall,
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax, text } = stage.dockerfile;
  const between = stage.instructions.filter(
    ({ range }) => copy.range.end < range.start && range.end < run.instruction.range.start,
  );
  const setting = between.find(({ keyword }) => /^(?:ARG|ENV|SHELL|USER)$/.test(keyword));
  const obstacle = setting
    ? `the \`${setting.keyword}\` between them may matter to the install`
    : obstacleBetween(stage, copy, run);
  if (obstacle) return { refusal: obstacle };
  if (!isPlain(text, copy)) return { refusal: "the copy is not written plainly enough to be written again" };
  const item = command.shell?.item;
  const before = run.script?.items.slice(0, item?.index) ?? [];
  if (
    !item ||
    item.command !== command.shell ||
    run.instruction.heredocs.length > 0 ||
    run.instruction.comments.length > 0
  )
    return { refusal: "the script is not written in a way that lets it be done in two steps" };
  if ([...before.slice(1), ...(before.length > 0 ? [item] : [])].some(({ operator }) => operator !== "&&"))
    return { refusal: "what comes before the install in its `RUN` may fail without consequences" };
  if (!before.every((one) => one.command && isBeside(run, one.command)))
    return { refusal: "what comes before the install in its `RUN` may need the sources" };
  const start = before[0]?.range.start ?? item.range.start;
  const moves = between.some(({ keyword: name }) => name === "WORKDIR");
  const head = text.slice(copy.range.start, copy.arguments[0]!.range.start);
  const fix = unsafe(
    `Copy ${listOf(files)} first, and install the dependencies before the rest comes`,
    insertInstructionsBefore(
      syntax,
      copy,
      // The install works there, and so does its first step.
      ...(moves ? [`${keyword(stage, "WORKDIR")} ${stage.workdirBefore(run.instruction)}`] : []),
      ...(folder ? [`${head}${sourcesOf(copy, [folder])}${folder}`] : []),
      `${head}${sourcesOf(copy, files)}`,
      `${headOf(run)}${text.slice(start, item.range.start)}${first}`,
    ),
    ...(before.length > 0 ? [remove({ start, end: item.range.start })] : []),
  );
  return { fixes: [assuming(fix, ...assumptions)] };
}

/** It needs nothing of the sources, and its effect outlasts the RUN. */
function isBeside(run: Run, shell: ShellCommand): boolean {
  const command = run.commands.find((one) => one.shell === shell);
  const operation = run.packageOperations.find((one) => one.command === command);
  if (operation) return isAside(operation);
  return HARMLESS.test(command?.program ?? "") || (command?.program === "set" && command.args.length > 0);
}

const INERT = new Set("ARG CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL SHELL STOPSIGNAL USER WORKDIR".split(" "));

function obstacleBetween(stage: Stage, copy: Instruction, run: Run): string | undefined {
  const between = stage.instructions.filter(
    ({ range }) => copy.range.end < range.start && range.end < run.instruction.range.start,
  );
  const other = between.find(({ keyword, onbuild }) => onbuild || !INERT.has(keyword));
  if (other) return `the \`${other.onbuild ? "ONBUILD" : other.keyword}\` between them may need the sources`;
  const at = stage.workdirBefore(copy);
  const target = copy.arguments[1]!.value;
  const isSame = isAbsolute(target)
    ? normalise(target) === stage.workdirBefore(run.instruction)
    : normalise(target) === "." && between.every(({ keyword }) => keyword !== "WORKDIR");
  return isSame
    ? undefined
    : (isAbsolute(target) ? stage.workdirBefore(run.instruction) : at) === undefined
      ? "the folder that the install works in is not known"
      : "the install works in another folder than the one that the sources are copied to";
}

const HARMLESS = /^(?:set|true|:|echo|mkdir|rm|apt-get|apt|apk|dnf|microdnf|yum|corepack)$/;

/** What follows the installs in their RUN, to be cut off there; or why that cannot be; `undefined`: nothing follows. */
function followers(run: Run): Range | string | undefined {
  const obstacle = obstacleIn(run);
  if (obstacle === undefined) return undefined;
  const { script } = run;
  const installs = run.packageOperations.filter(installsDependencies);
  const last = script?.items.findLast((one) =>
    installs.some(({ command }) => command.shell && command.shell === one.command),
  );
  const next = last && script?.items[last.index + 1];
  if (!last || !next || run.instruction.comments.length > 0 || run.instruction.heredocs.length > 0) return obstacle;
  if (new Set(installs.map(({ manager }) => manager)).size > 1) return obstacle;
  const members = script!.items.slice(0, last.index + 1);
  if (![...members.slice(1), next].every(({ operator }) => operator === "&&")) return obstacle;
  // What the shell keeps would be lost: a folder, a variable.
  const isKept = members.some(
    ({ command }) =>
      !command ||
      (!isInstall(command) && !isBeside(run, command)) ||
      /^(?:cd|set|export)$/.test(command.name ?? "export"),
  );
  return isKept ? obstacle : { start: last.range.end, end: next.range.start };

  function isInstall(shell: ShellCommand): boolean {
    return installs.some(({ command }) => command.shell === shell);
  }
}

function obstacleIn(run: Run): string | undefined {
  if (run.instruction.heredocs.length > 0 || run.commands.length === 0) return "what the script needs is not known";
  const operations = new Map(run.packageOperations.map((operation) => [operation.command, operation]));
  const installs = run.packageOperations.filter(installsDependencies);
  if (new Set(installs.map(({ manager }) => manager)).size > 1)
    return "the `RUN` installs for several package managers";
  for (const command of run.commands) {
    const operation = operations.get(command);
    if (operation && (installs.includes(operation) || isAside(operation))) continue;
    if (!operation && HARMLESS.test(command.program ?? "")) continue;
    const name = operation ? nameOf(operation) : command.program;
    return name === undefined
      ? "the same `RUN` does more, which may need the sources"
      : /^(?:cd|pushd)$/.test(name)
        ? "the install works in another folder"
        : `the same \`RUN\` goes on with \`${name}\`, which may need the sources`;
  }
  return undefined;
}

/** It needs nothing of the context: packages by name, caches. */
function isAside(operation: PackageOperation): boolean {
  const { manager, action, packages, command, verb } = operation;
  if (/^(?:apt-get|apt|apk|dnf|microdnf|yum)$/.test(manager) || action === "clean") return true;
  if (manager === "pip")
    return (
      action === "install" &&
      packages.length > 0 &&
      packages.every(({ name }) => name !== undefined && /^[\w.-]+$/.test(name) && name !== ".") &&
      !command.args.some(({ value }) => /^-(?:e|-editable|r|-requirement)/.test(value ?? "-e"))
    );
  if (manager === "npm" || manager === "yarn")
    return verb.value === "install" && operation.has("-g", "--global") === true && packages.length > 0;
  if (manager === "poetry" && verb.value === "config") return !command.args.some(({ value }) => value === "--local");
  return manager === "bundle" && verb.value === "config";
}
