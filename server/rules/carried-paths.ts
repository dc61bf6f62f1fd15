/** Files of the build context that the container's command or its variables name, so that the program is going to read them. */
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { buildCommands, inDirectory, pathOf } from "./build-command.ts";
import type { ContainerStart } from "./container-start.ts";
import { isInside } from "./stage-split.ts";

/** The name of an option or a variable that holds a path. */
const PATH_NAME =
  /(?:^|[-_])(?:dir|path|file|root|config|conf|template|templates|static|assets|public|migrations?|views|locales?|certs?|schema)$/i;
const FILE = /^[\w./-]+\.(?:ya?ml|json|toml|ini|conf|cfg|properties|env|xml|pem|crt|html|tmpl|tpl|sql|csv)$/;
/** Made by the program while it runs. */
const WRITTEN =
  /(?:^|[/_.-])(?:logs?|data|db|database|cache|caches|tmp|temp|run|uploads?|media|storage|sessions?|state|spool|backups?|pid|sock)(?:$|[/_.-])|\.(?:db|sqlite3?|log|pid|sock)$/i;

/** It copies the whole build context, or a whole folder of it into another one's place. */
export function isWholeCopy(stage: Stage, instruction: Instruction): boolean {
  const { keyword, arguments: words } = instruction;
  if ((keyword !== "COPY" && keyword !== "ADD") || instruction.flag("from") || stage.instructions.length === 0)
    return false;
  return words.slice(0, -1).some(({ value }) => /^(?:\.?\/?|\.?\/?\*)$/.test(value));
}

/** @param isOutput what is copied anyway. */
export function carriedPaths(
  stage: Stage,
  start: ContainerStart,
  inBuilder: readonly Instruction[],
  isOutput: (path: string) => boolean,
): readonly string[] {
  const root = placeOfContext(stage, inBuilder);
  if (root === undefined) return [];
  const paths = new Set<string>();
  const known = contextPaths(stage, root);
  const isGone = removals(stage, inBuilder);
  const add = (given: string, name: string): void => {
    const value = given.replace(/^file:(?:\/\/)?/, "");
    // A property of Java names resources, too.
    if (/^D\w/.test(name) && !value.startsWith("/")) return;
    if (!/^[\w./@+-]+$/.test(value) || WRITTEN.test(value) || WRITTEN.test(name)) return;
    const isPath = value.startsWith("/") || FILE.test(value) || (PATH_NAME.test(name) && value !== ".");
    const path = isPath ? inDirectory(value, stage.workdirBefore()) : undefined;
    if (!path || path === root || !isInside(path, root) || isOutput(path) || isGone(path)) return;
    // What is not in the context is mounted, or made by the program.
    if (known ? known.some((file) => isInside(file, path)) : root !== "/") paths.add(path);
  };
  for (const { args } of start.commands) {
    for (const [index, { value }] of args.entries()) {
      if (value === undefined) continue;
      const [, name, inner] = /^-{0,2}([\w.-]+)=(.*)$/.exec(value) ?? [];
      if (inner !== undefined) add(inner, name!);
      else if (!value.startsWith("-")) add(value, args[index - 1]?.value ?? "");
    }
  }
  for (const [name, value] of stage.environmentBefore()) {
    if (value && name !== "PATH" && !/^(?:GO|CARGO|RUST|MAVEN|GRADLE|NODE_)/.test(name)) add(value, name);
  }
  return [...paths];
}

/** Of a repository: for those who build it. */
const OF_REPOSITORY =
  /(?:^|\/)\.|(?:^|\/)(?:Dockerfile|Containerfile|Makefile|Jenkinsfile|Vagrantfile|LICEN[CS]E|README|CHANGELOG|CONTRIBUTING|NOTICE|CODEOWNERS)[^/]*$|(?:^|\/)(?:cspell|renovate|sonar-project|codecov|lefthook|golangci|goreleaser|rustfmt|clippy|deny|Cross|Makefile|skaffold|cloudbuild|fly|vercel|railway|render)\.(?:json|ya?ml|toml|properties)$|(?:^|\/)(?:[Jj]ustfile|Procfile|TODO|AUTHORS|\w+\.code-workspace)$|(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|\.(?:md|dockerfile|dockerignore)$|(?:^|\/)(?:vendor|testdata)\//i;

/**
 * What the program could read from the directory that it is started in, where the whole build context was copied there: all
 * that is not known to be compiled, or for those who build it. Where the files of the context are not known, the directory;
 * `undefined`: that is the root directory.
 * @param sources files of the context that are only compiled.
 */
export function readablePaths(
  stage: Stage,
  inBuilder: readonly Instruction[],
  sources: RegExp,
): readonly string[] | undefined {
  const root = placeOfContext(stage, inBuilder);
  const directory = stage.workdirBefore();
  if (root === undefined || directory === undefined || !isInside(directory, root)) return [];
  const known = contextPaths(stage, root);
  if (!known) return directory === "/" ? undefined : [directory];
  const isGone = removals(stage, inBuilder);
  const paths = new Set<string>();
  for (const full of known) {
    const path = full.slice(root === "/" ? 1 : root.length + 1);
    if (!isInside(full, directory) || sources.test(path) || OF_REPOSITORY.test(path) || isGone(full)) continue;
    paths.add(normalise(`${directory}/${entryOf(directory, full)}`));
  }
  return [...paths];
}

/**
 * What a framework looks for in the directory that the program is started in, where the whole build context was copied there
 * and has it.
 * @param names of files and folders.
 */
export function foundPaths(stage: Stage, inBuilder: readonly Instruction[], names: RegExp): readonly string[] {
  const root = placeOfContext(stage, inBuilder);
  const directory = stage.workdirBefore();
  const known = root === undefined ? undefined : contextPaths(stage, root);
  if (!known || directory === undefined) return [];
  const isGone = removals(stage, inBuilder);
  const paths = known.filter((path) => isInside(path, directory) && !isGone(path));
  const entries = new Set(paths.map((path) => entryOf(directory, path)));
  return [...entries].filter((entry) => names.test(entry)).map((entry) => normalise(`${directory}/${entry}`));
}

/** The first part of a path below a directory. */
function entryOf(directory: string, path: string): string {
  return path.slice(directory === "/" ? 1 : directory.length + 1).split("/")[0]!;
}

/** The files that the copy of the whole context brings, by their places; `undefined`: not known. */
function contextPaths(stage: Stage, root: string): readonly string[] | undefined {
  const { tree, files } = stage.dockerfile.context;
  const patterns = readIgnorePatterns(files?.[".dockerignore"] ?? "");
  const isIgnored = (path: string): boolean =>
    patterns.findLast((pattern) => matchesIgnorePattern(pattern, path))?.negated === false;
  return tree?.filter((path) => !isIgnored(path)).map((path) => normalise(`${root}/${path}`));
}

/** Whether a file may have been removed again: `rm -rf *` in its directory, `rm -r src`. */
function removals(stage: Stage, inBuilder: readonly Instruction[]): (path: string) => boolean {
  const whole = inBuilder.findLast((instruction) => isWholeCopy(stage, instruction));
  const targets = buildCommands(stage)
    .filter(({ run, command }) => command.program === "rm" && run.instruction.range.start > (whole?.range.start ?? 0))
    .flatMap(({ run, command, directory }) =>
      command.args.filter(({ text }) => !text.startsWith("-")).map((word) => pathOf(run, word, directory)),
    )
    .filter((path) => path !== undefined);
  return (path) => targets.some((target) => isInside(path, target) || reaches(target, path));
}

/** A glob that stands for a path, or for a directory that it is in. */
function reaches(glob: string, path: string): boolean {
  if (!glob.includes("*")) return false;
  const parts = glob.split("/");
  const own = path.split("/").slice(0, parts.length);
  return (
    own.length === parts.length &&
    parts.every((part, index) => new RegExp(`^${part.split("*").map(escapeRegExp).join(".*")}$`).test(own[index]!))
  );
}

/** Where the whole build context is copied to; `undefined`: nowhere. */
function placeOfContext(stage: Stage, inBuilder: readonly Instruction[]): string | undefined {
  const whole = inBuilder.findLast((instruction) => isWholeCopy(stage, instruction));
  const target = whole?.arguments.at(-1);
  const place = whole && target && stage.resolve(target, whole);
  return place === undefined ? undefined : inDirectory(place, stage.workdirBefore(whole));
}

function escapeRegExp(text: string): string {
  return text.replace(/[^\w]/g, "\\$&");
}
