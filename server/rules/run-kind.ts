/** What a RUN of a stage is for: the build, the system that the program runs in, or both. */
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { type BuildCommand, pathOf } from "./build-command.ts";
import { isInside } from "./stage-split.ts";

export interface RunKind {
  /** Something of it belongs to the builder alone. */
  readonly isBuild: boolean;
  /** Installs of the system's packages that the same RUN does not take away again. */
  readonly packages: readonly PackageOperation[];
  /** Its commands that prepare the system for the program, as they are written. */
  readonly carried: readonly string[];
  /** Whose owner it sets. */
  readonly owned: readonly string[];
  /** A program of which it is not known what it writes. */
  readonly unknown: string | undefined;
}

interface Knowledge {
  isBuild(command: BuildCommand): boolean;
  isOutput(path: string): boolean;
  /** A directory that the copies make anyway. */
  holds(path: string): boolean;
}

const IDLE =
  /^(?:rm|set|export|unset|cd|pushd|popd|true|:|ls|pwd|test|\[|date|env|which|du|file|ldd|strip|upx|sync|time|read|shift|local|return|exit|uname|nproc|dpkg|sha256sum|sha512sum|find|xargs|grep|head|tail|sort|wc|tr|cut|basename|dirname)$/;
const ACCOUNTS = /^(?:useradd|groupadd|adduser|addgroup|usermod)$/;
const FETCHERS = /^(?:git|curl|wget|tar|unzip|hg|svn)$/;

export function runKindOf(run: Run, commands: readonly BuildCommand[], knowledge: Knowledge): RunKind {
  const { dockerfile } = run.stage;
  const packages: PackageOperation[] = [];
  const carried: string[] = [];
  let isBuild = false;
  let unknown = commands.length === 0 ? (run.instruction.rest.text.split(/\s/)[0] ?? "") : undefined;
  for (const one of commands) {
    const { command } = one;
    const operation = run.packageOperations.find((known) => known.command === command);
    const what = operation && isSystem(operation) ? systemUse(operation, run) : useOf(one, knowledge);
    if (what === "unknown") unknown ??= command.program ?? command.words[0]?.text ?? "";
    else if (what === "build") isBuild = true;
    else if (what === "packages") packages.push(operation!);
    else if (what === "carry") carried.push(dockerfile.text.slice(command.range.start, command.range.end));
  }
  if (packages.length > 0 || carried.length === 0) isBuild = true;
  if (isBuild && carried.length > 0 && commands.some(({ command }) => isConditional(command.shell?.place)))
    unknown ??= carried[0]!.split(/\s/)[0]!;
  const owned = commands.filter(({ command }) => command.program === "chown").flatMap(operandPaths);
  return { isBuild, packages, carried, owned, unknown };
}

type Use = "idle" | "build" | "packages" | "carry" | "unknown";

function isSystem({ manager }: PackageOperation): boolean {
  return /^(?:apt-get|apt|apk)$/.test(manager);
}

function systemUse(operation: PackageOperation, run: Run): Use {
  const { action, command, packages } = operation;
  if (action === "install" && packages.length > 0) {
    const removed = run.packageOperations
      .filter((other) => other.action === "remove" && other.command.range.start > command.range.start)
      .flatMap((other) => other.packages.map(({ name }) => name));
    return packages.every(({ name }) => removed.includes(name) || removed.some((one) => one?.startsWith(".")))
      ? "build"
      : "packages";
  }
  return action === "other" ? "unknown" : "idle";
}

function useOf(one: BuildCommand, knowledge: Knowledge): Use {
  const { command, run, directory } = one;
  const { program = "", args, shell } = command;
  if (knowledge.isBuild(one)) return "build";
  const isWritten = shell?.redirects.some(
    ({ operator, target }) => operator.includes(">") && !/^(?:&?\d|\/dev\/|\/tmp\/|-)/.test(target?.text ?? ""),
  );
  const workdir = run.stage.workdirBefore(run.instruction);
  const isSource = (path: string | undefined): boolean =>
    path !== undefined &&
    (knowledge.isOutput(path) ||
      [workdir, directory, "/tmp", "/var/tmp", "/src", "/usr/src", "/build", "/go/src"].some(
        (area) => area !== undefined && area !== "/" && isInside(path, area),
      ));
  const operands = args.filter(({ text }) => !text.startsWith("-"));
  const paths = operands.map((word) => pathOf(run, word, directory));
  switch (program) {
    case "echo":
    case "printf":
    case "cat":
      if (!isWritten) return "idle";
      return shell!.redirects.every(({ target }) => isSource(pathOf(run, target, directory))) ? "build" : "unknown";
    case "cp":
    case "mv":
    case "install":
    case "ln":
      return isSource(paths.at(-1)) || paths.some((path) => path !== undefined && knowledge.isOutput(path))
        ? "build"
        : "unknown";
    case "sed":
      return paths.slice(1).every(isSource) ? "build" : "unknown";
    case "chmod":
      return paths.slice(1).every(isSource) ? "build" : "carry";
    case "touch":
    case "mkdir":
      return paths.every((path) => isBuildDirectory(path, knowledge)) ? "build" : "carry";
    case "chown":
      // Where that would lose the owner, it is refused.
      return paths.length > 1 && paths.slice(1).every((path) => path !== undefined && knowledge.isOutput(path))
        ? "build"
        : "carry";
    default:
      break;
  }
  if (isWritten) return "unknown";
  if (IDLE.test(program)) return program === "rm" || program === "strip" || program === "upx" ? "build" : "idle";
  if (ACCOUNTS.test(program)) return "carry";
  if (!FETCHERS.test(program)) return "unknown";
  if (shell?.pipeline?.commands.some(({ name }) => /^(?:sudo|sh|bash|python3?|perl)$/.test(name ?? "")))
    return "unknown";
  // What it fetches is for the next program.
  const isPiped = shell?.pipeline !== undefined && shell.pipeline.commands.at(-1) !== shell;
  if (isPiped && (program === "curl" || program === "wget")) return "idle";
  const places = args.map(({ value, text }) => value ?? text).filter((text) => text.startsWith("/"));
  // A clone is compiled, wherever it stands.
  const [verb, , clone] = paths;
  if (
    program === "git" &&
    verb &&
    operands[0]?.value === "clone" &&
    clone &&
    !/^\/(?:usr|etc|bin|sbin|lib|root)(?:\/|$)/.test(clone)
  )
    return "build";
  const isPlaced = isSource(directory) || program === "git" || places.length > 0;
  return isPlaced && places.every((place) => isSource(place)) ? "build" : "unknown";
}

function operandPaths({ command, run, directory }: BuildCommand): readonly string[] {
  const operands = command.args.filter(({ text }) => !text.startsWith("-"));
  return operands.slice(1).map((word) => pathOf(run, word, directory) ?? "/");
}

/** Nothing that the program would look for. */
function isBuildDirectory(path: string | undefined, { isOutput, holds }: Knowledge): boolean {
  if (path === undefined) return false;
  return (
    holds(path) || isOutput(`${path}/x`) || isOutput(path) || /^\/(?:tmp|src|usr\/src|build|out|go)(?:\/|$)/.test(path)
  );
}

function isConditional(place: string | undefined): boolean {
  return place !== undefined && place !== "chain";
}
