/** What stands around an install of dependencies, in its RUN and above it, and whether that may need the sources. */
import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellCommand } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { installsDependencies } from "./dependency-manifests.ts";
import { nameOf } from "./package-rules.ts";

/** It needs nothing of the sources, and its effect outlasts the RUN. */
export function isBeside(run: Run, shell: ShellCommand): boolean {
  const command = run.commands.find((one) => one.shell === shell);
  const operation = run.packageOperations.find((one) => one.command === command);
  if (operation) return isAside(operation);
  return HARMLESS.test(command?.program ?? "") || (command?.program === "set" && command.args.length > 0);
}

const INERT = new Set("ARG CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL SHELL STOPSIGNAL USER WORKDIR".split(" "));

export function isBetween({ range }: Instruction, copy: Instruction, { instruction }: Run): boolean {
  return copy.range.end < range.start && range.end < instruction.range.start;
}

/**
 * @param isMoved it is the copy that moves, so that what stands between them stays above the install.
 * @param harmless what is known to need none of the sources.
 */
export function obstacleBetween(
  stage: Stage,
  copy: Instruction,
  run: Run,
  isMoved = false,
  harmless: readonly Run[] = [],
): string | undefined {
  const between = stage.instructions.filter(
    (one) => isBetween(one, copy, run) && !harmless.some(({ instruction }) => instruction === one),
  );
  const other = between.find((one) => one.onbuild || (!INERT.has(one.keyword) && !(isMoved && isBesides(stage, one))));
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

/** A RUN that needs nothing of the sources: `pip install --upgrade pip`, `apt-get install`, `python -m venv`. */
function isBesides(stage: Stage, instruction: Instruction): boolean {
  const run = stage.runs.find((one) => one.instruction === instruction);
  if (!run || run.commands.length === 0 || instruction.heredocs.length > 0) return false;
  return run.commands.every((command) => {
    const operation = run.packageOperations.find((one) => one.command === command);
    if (command.shell?.redirects.some(({ operator }) => operator.includes(">"))) return false;
    if (operation) return isAside(operation);
    const { program = "", args } = command;
    if (program === "rm") return args.every(({ text }) => /^(?:-|\/(?:var|tmp|root)\/)/.test(text));
    return /^(?:set|true|:|echo|mkdir|export)$/.test(program) || makesEnvironment(command);
  });
}

function makesEnvironment({ program = "", args }: Command): boolean {
  return (
    program === "virtualenv" || (/^python[\d.]*$/.test(program) && args[0]?.value === "-m" && args[1]?.value === "venv")
  );
}

const HARMLESS = /^(?:set|true|:|echo|mkdir|rm|apt-get|apt|apk|dnf|microdnf|yum|corepack)$/;

/** What follows the installs in their RUN, to be cut off there; or why that cannot be; `undefined`: nothing follows. */
export function followers(run: Run): Range | string | undefined {
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
