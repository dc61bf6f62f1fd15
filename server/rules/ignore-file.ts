/** What `.dockerignore` can leave out without the build or the container missing it. */
import type { Command } from "../model/command.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { type IgnorePattern, matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { Manager } from "../model/packages.ts";
import { startCommands } from "../model/start.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import { assuming, type Finding, safe, unsafe, writing } from "./rule.ts";

/** A line of `.dockerignore`. */
export interface IgnoreEntry {
  readonly pattern: string;
  readonly group: "versions" | "secrets" | "made by the build" | "tools";
  /** It is known that the build context has it. */
  readonly isThere: boolean;
  /** What must be true for nothing to miss it; absent: nothing does. */
  readonly assumption?: string;
}

/** The first COPY or ADD of the whole build context, and the word that says so. */
export function findWholeCopy({ stages }: Dockerfile): { instruction: Instruction; word: Word } | undefined {
  for (const stage of stages) {
    for (const instruction of stage.instructions) {
      // The context of a trigger is that of another build.
      if (!/^(?:COPY|ADD)$/.test(instruction.keyword) || instruction.onbuild) continue;
      if (instruction.flag("from") || instruction.flag("exclude")) continue;
      const word = instruction.arguments
        .slice(0, -1)
        .find((one) => /^(?:\.?\/*|\.?\/?[*.])$/.test(stage.resolve(one, instruction) || "x"));
      if (word) return { instruction, word };
    }
  }
  return undefined;
}

/** @returns why not, where what the Dockerfile takes from the build context is not known. */
export function ignoreEntries(dockerfile: Dockerfile): readonly IgnoreEntry[] | string {
  const named = namedSources(dockerfile);
  if (named === undefined) return "which files `COPY` takes depends on a variable";
  const taken = [...new Set(named)].map((path) => ({ path, patterns: readIgnorePatterns(path) }));
  return [...versions(dockerfile), ...secrets(dockerfile), ...results(dockerfile), ...tools()].filter(({ pattern }) => {
    const [given] = readIgnorePatterns(pattern);
    return !taken.some(({ path, patterns }) => isNeeded(path, patterns[0], pattern, given));
  });
}

/** The fix that leaves them out, or why there is none. @param entries or why they are not known. */
export function leavingOut(
  { context, syntax }: Dockerfile,
  entries: readonly IgnoreEntry[] | string,
): Pick<Finding, "fixes" | "refusal"> {
  if (typeof entries === "string") return { refusal: entries };
  if (context.ignoreFile !== undefined)
    return { refusal: "what to leave out is written to a file that belongs to this Dockerfile alone" };
  const known = context.files?.[".dockerignore"] ?? null;
  const blocks = Object.entries(HEADINGS).flatMap(([group, heading]) => {
    const patterns = new Set(entries.filter((entry) => entry.group === group).map(({ pattern }) => pattern));
    return patterns.size === 0 ? [] : [`# ${heading}`, ...patterns].map((line) => line + syntax.lineEnd).join("");
  });
  const lastLine = known === null || known.endsWith("\n") ? "" : syntax.lineEnd;
  const before = known ? `${known}${lastLine}${syntax.lineEnd}` : "";
  const file = { path: ".dockerignore", text: before + blocks.join(syntax.lineEnd) };
  const assumptions = new Set(entries.flatMap(({ assumption }) => assumption ?? []));
  const title = known === null ? "Write a `.dockerignore`" : "Complete `.dockerignore`";
  const fix = assumptions.size > 0 ? unsafe(title) : safe(title);
  return { fixes: [assuming(writing(fix, file), ...assumptions)] };
}

const HEADINGS: Readonly<Record<IgnoreEntry["group"], string>> = {
  versions: "History",
  secrets: "Secrets",
  "made by the build": "What the build makes itself",
  tools: "What only tools read",
};

/** What names of files COPY, ADD and bind mounts take from the build context, in part; `undefined`: not known. */
function namedSources(dockerfile: Dockerfile): readonly string[] | undefined {
  const named: string[] = [];
  for (const stage of dockerfile.stages) {
    for (const instruction of stage.instructions) {
      if (!/^(?:COPY|ADD)$/.test(instruction.keyword) || instruction.flag("from") || instruction.onbuild) continue;
      for (const word of instruction.arguments.slice(0, -1)) {
        const path = stage.resolve(word, instruction);
        if (path === undefined) return undefined;
        named.push(path);
      }
    }
    for (const { mounts } of stage.runs) {
      for (const { type, options } of mounts) {
        if (type !== "bind" || options.has("from")) continue;
        const source = options.get("source") ?? options.get("src") ?? ".";
        if (source.includes("$")) return undefined;
        named.push(source);
      }
    }
  }
  return named;
}

/** @param taken the path as a pattern. @param given the pattern, read. */
function isNeeded(
  path: string,
  taken: IgnorePattern | undefined,
  pattern: string,
  given: IgnorePattern | undefined,
): boolean {
  if (given !== undefined && matchesIgnorePattern(given, path)) return true;
  // `COPY *.env` takes what the pattern names.
  const isWhole = /^\.?\/*\*?$/.test(path);
  return (
    !isWhole && taken !== undefined && /[*?[]/.test(path) && matchesIgnorePattern(taken, pattern.replace(/^\*\*\//, ""))
  );
}

function versions(dockerfile: Dockerfile): readonly IgnoreEntry[] {
  const { files = {} } = dockerfile.context;
  const commands = dockerfile.commands.map(({ command }) => command);
  const git = commands.filter(({ program }) => program === "git");
  // `git clone` works in another folder.
  if (git.some(({ args }) => !/^(?:clone|config|init|ls-remote|lfs|--version)$/.test(args[0]?.value ?? ""))) return [];
  if (VERSIONED.some(([name, text]) => text.test(scriptsOf(name, files[name] ?? "")))) return [];
  const isThere = isPresent(files[".git/HEAD"]);
  const installs = dockerfile.packageOperations.some(({ packages }) => packages.some(({ name }) => name === "git"));
  const assumption =
    installs || commands.some(runsSources) ? "No script and no program of the image reads `.git`." : undefined;
  return [{ pattern: ".git", group: "versions", isThere, ...(assumption ? { assumption } : {}) }];
}

/** What makes a version of the history, by the manifest that names it. */
const VERSIONED: readonly (readonly [string, RegExp])[] = [
  [
    "pyproject.toml",
    /setuptools[_-]scm|hatch-vcs|versioningit|dunamai|dynamic-versioning|versioneer|\bpbr\b|["']scm["']/,
  ],
  ["setup.py", /use_scm_version|versioneer|\bpbr\b|\bgit\b/],
  ["pom.xml", /git-commit-id|buildnumber|jgitver|\bgit\b.*extension/],
  ["build.gradle", /git/i],
  ["build.gradle.kts", /git/i],
  ["Cargo.toml", /vergen|\bbuilt\b|git-version|shadow-rs/],
  ["package.json", /\bgit\b/],
];

/** Of a `package.json` only the scripts: its `repository` speaks of git, too. */
function scriptsOf(name: string, text: string): string {
  if (name !== "package.json") return text;
  return /"scripts"\s*:\s*\{([^}]*)\}/.exec(text)?.[1] ?? "";
}

/** What it does is written in files of the build context. */
function runsSources({ program, programWord }: Command): boolean {
  return (
    /^(?:make|just|task|bazel|nx|turbo)$/.test(program ?? "make") || /^\.{1,2}\/|\.sh$/.test(programWord?.text ?? "")
  );
}

function secrets(dockerfile: Dockerfile): readonly IgnoreEntry[] {
  const { files = {} } = dockerfile.context;
  // What is not there, nobody misses.
  const entry = (pattern: string, assumption?: string): IgnoreEntry => ({
    ...{ pattern, group: "secrets", isThere: isPresent(files[pattern]) },
    ...(assumption !== undefined && files[pattern] !== null ? { assumption } : {}),
  });
  const environment =
    "Nothing reads the `.env` files of the image: what the program needs of them is given to it when it starts.";
  const key = "Nothing uses a private key of the build context during the build.";
  const entries = [entry("id_rsa", key), entry("id_ed25519", key), entry(".aws"), entry(".ssh")];
  if (dockerfile.text.includes(".env") && mentions(dockerfile, /(?:^|[=/"'])\.env(?![\w-])/)) return entries;
  // Programs that bundle for the browser read `.env.production` in the build, and `.env`, too.
  const isForBrowser = files["package.json"] !== null;
  const isRead = files[".env"] !== null && BUNDLERS.test(files["package.json"] ?? "");
  const production =
    !isForBrowser && isPresent(files[".env.production"]) ? [entry(".env.production", environment)] : [];
  return [
    ...(isRead ? [] : [entry(".env", environment)]),
    entry(".env.local", environment),
    ...production,
    entry(".env.*.local"),
    ...entries,
  ];
}

/** https://vite.dev/guide/env-and-mode, https://nextjs.org/docs/app/guides/environment-variables, https://create-react-app.dev/docs/adding-custom-environment-variables */
const BUNDLERS =
  /"(?:vite|react-scripts|@vue\/cli-service|next|nuxt|gatsby|astro|@docusaurus\/core|parcel|@sveltejs\/kit|dotenv-webpack)"\s*:/;

function mentions(dockerfile: Dockerfile, pattern: RegExp): boolean {
  const starts = dockerfile.stages.flatMap(startCommands);
  return [...dockerfile.commands.map(({ command }) => command), ...starts].some(({ words, shell }) =>
    [...words, ...(shell?.redirects.flatMap(({ target }) => target ?? []) ?? [])].some(({ text }) =>
      pattern.test(text),
    ),
  );
}

/** Folders that the build fills itself: those of the host would only be in the way. */
function results(dockerfile: Dockerfile): readonly IgnoreEntry[] {
  const { files = {} } = dockerfile.context;
  const entries: IgnoreEntry[] = [];
  const add = (pattern: string, isThere = false, assumption?: string): void => {
    entries.push({ pattern, group: "made by the build", isThere, ...(assumption ? { assumption } : {}) });
  };
  const installs = (...managers: readonly Manager[]): boolean =>
    dockerfile.packageOperations.some(
      ({ manager, action, scope, packages, run }) =>
        managers.includes(manager) && action === "install" && !scope && packages.length === 0 && !run.onbuild,
    );
  const runs = (programs: RegExp, verbs: RegExp): boolean =>
    dockerfile.commands.some(
      ({ command: { program, args } }) =>
        programs.test(program ?? "") && args.some(({ value }) => verbs.test(value ?? "")),
    );
  if (installs("npm", "yarn", "pnpm") || runs(/^bun$/, /^(?:install|i|ci)$/)) {
    const isWorkspace = /"workspaces"\s*:/.test(files["package.json"] ?? "") || isPresent(files["pnpm-workspace.yaml"]);
    const signs = ["node_modules/.package-lock.json", "node_modules/.yarn-integrity", "node_modules/.modules.yaml"];
    add(
      isWorkspace ? "**/node_modules" : "node_modules",
      signs.some((sign) => isPresent(files[sign])),
    );
    add("npm-debug.log*");
  }
  if (dockerfile.packageOperations.some(({ manager }) => /^(?:pip|uv|poetry)$/.test(manager))) {
    add("**/__pycache__");
    if (installs("uv", "poetry") || isPresent(files["requirements.txt"]))
      add(".venv", isPresent(files[".venv/pyvenv.cfg"]));
    if (isPresent(files["venv/pyvenv.cfg"])) add("venv", true);
    for (const cache of [".mypy_cache", ".pytest_cache", ".ruff_cache"]) add(cache);
  }
  if (runs(/^cargo$/, /^(?:build|install|chef|auditable|zigbuild)$/) && isPresent(files["Cargo.toml"])) add("target");
  if (runs(/^mvnw?$/, /^(?:package|install|verify|deploy)$/) && isPresent(files["pom.xml"])) add("target");
  const isGradle = isPresent(files["build.gradle"]) || isPresent(files["build.gradle.kts"]);
  if (isGradle && runs(/^gradlew?$/, /(?:^|:)(?:build|assemble|\w*[jJ]ar|installDist|\w*Install\w*)$/)) {
    add(".gradle");
    add("build");
  }
  if (runs(/^dotnet$/, /^(?:restore|build|publish)$/)) {
    const assumption = "Folders named `bin` and `obj` hold only what `dotnet` makes.";
    add("**/bin", false, assumption);
    add("**/obj", false, assumption);
  }
  if (installs("composer") && isPresent(files["composer.json"])) add("vendor");
  if (installs("bundle")) add("vendor/bundle");
  return entries;
}

function tools(): readonly IgnoreEntry[] {
  const patterns = ["Dockerfile*", ".dockerignore", "compose*.y*ml", "docker-compose*.y*ml", ".idea", ".vscode"];
  return [...patterns, "**/.DS_Store"].map((pattern) => ({ pattern, group: "tools", isThere: false }));
}

/** Of what the build context is known to have or not. */
function isPresent(content: string | null | undefined): boolean {
  return typeof content === "string";
}
