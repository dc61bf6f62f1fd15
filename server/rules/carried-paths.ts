/** Files of the build context that the container's command or its variables name, so that the program is going to read them. */
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { inDirectory } from "./build-command.ts";
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
  const add = (given: string, name: string): void => {
    const value = given.replace(/^file:(?:\/\/)?/, "");
    // A property of Java names resources, too.
    if (/^D\w/.test(name) && !value.startsWith("/")) return;
    if (!/^[\w./@+-]+$/.test(value) || WRITTEN.test(value) || WRITTEN.test(name)) return;
    const isPath = value.startsWith("/") || FILE.test(value) || (PATH_NAME.test(name) && value !== ".");
    const path = isPath ? inDirectory(value, stage.workdirBefore()) : undefined;
    if (path && path !== root && isInside(path, root) && !isOutput(path)) paths.add(path);
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
  /(?:^|\/)\.|(?:^|\/)(?:Dockerfile|Containerfile|Makefile|Jenkinsfile|LICEN[CS]E|README|CHANGELOG|CONTRIBUTING|NOTICE|CODEOWNERS)[^/]*$|(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|\.(?:md|dockerfile|dockerignore)$|(?:^|\/)(?:vendor|testdata)\//i;

/**
 * What the program could read from the directory that it is started in, where the whole build context was copied there: all
 * that is not known to be compiled, or for those who build it. Where the files of the context are not known, the directory.
 * @param sources files of the context that are only compiled.
 */
export function readablePaths(stage: Stage, inBuilder: readonly Instruction[], sources: RegExp): readonly string[] {
  const root = placeOfContext(stage, inBuilder);
  const directory = stage.workdirBefore();
  if (root === undefined || directory === undefined || !isInside(directory, root)) return [];
  const { tree, files } = stage.dockerfile.context;
  if (!tree) return [directory];
  const patterns = readIgnorePatterns(files?.[".dockerignore"] ?? "");
  const paths = new Set<string>();
  for (const path of tree) {
    const full = `${root}/${path}`;
    if (!isInside(full, directory) || sources.test(path) || OF_REPOSITORY.test(path)) continue;
    if (patterns.findLast((pattern) => matchesIgnorePattern(pattern, path))?.negated === false) continue;
    const [entry] = full.slice(directory.length + 1).split("/");
    paths.add(`${directory}/${entry}`);
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
  const { tree, files } = stage.dockerfile.context;
  if (root === undefined || directory === undefined || !isInside(directory, root) || !tree) return [];
  const patterns = readIgnorePatterns(files?.[".dockerignore"] ?? "");
  const entries = tree
    .filter((path) => isInside(`${root}/${path}`, directory))
    .filter((path) => patterns.findLast((pattern) => matchesIgnorePattern(pattern, path))?.negated !== false)
    .map((path) => `${root}/${path}`.slice(directory.length + 1).split("/")[0]!);
  return [...new Set(entries)].filter((entry) => names.test(entry)).map((entry) => `${directory}/${entry}`);
}

/** Where the whole build context is copied to; `undefined`: nowhere, or into the root directory. */
function placeOfContext(stage: Stage, inBuilder: readonly Instruction[]): string | undefined {
  const whole = inBuilder.findLast((instruction) => isWholeCopy(stage, instruction));
  const target = whole?.arguments.at(-1);
  const place = whole && target && stage.resolve(target, whole);
  const root = place === undefined ? undefined : inDirectory(place, stage.workdirBefore(whole));
  return root === "/" ? undefined : root;
}
