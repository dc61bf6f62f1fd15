/** Gathers what the rules may know of the world around a Dockerfile: the one place that asks for files and waits. */
import type { Context } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { environmentFiles, includedRequirements, requirementsFiles } from "../model/requirements.ts";
import { normalise } from "../model/stage.ts";
import { wantedScripts } from "../model/start-script.ts";
import { findSecretValues } from "./secrets.ts";

/** Where files come from: the disk, or the file system of an editor. Paths are those given to `gatherContext`, joined by `/`. */
export interface Files {
  /** The text of a file; `null`: there is none; `undefined`: not known (unreadable, longer than `limit` bytes, not UTF-8). */
  read(path: string, limit: number): Promise<string | null | undefined>;
  /** `undefined`: not known. */
  exists(path: string): Promise<boolean | undefined>;
  /**
   * The files below a folder, relative to it; `undefined`: not known, or more than `limit`. Absent: it cannot tell.
   * @param skipped names of folders that are not looked into.
   */
  list?(path: string, limit: number, skipped: readonly string[]): Promise<readonly string[] | undefined>;
}

export interface Place {
  readonly text: string;
  /** A path or URI of the Dockerfile, with `/`; absent: it is not saved. */
  readonly path?: string | undefined;
  /** The build context, likewise; absent: not known, and so are its files. */
  readonly directory?: string | undefined;
}

/** Manifests that rules look into. */
const MANIFESTS: readonly string[] = [
  ...["package.json", "pnpm-workspace.yaml", ".npmrc", ".yarnrc.yml"],
  ...["requirements.txt", "pyproject.toml", "Pipfile", "setup.py", ".python-version"],
  ...["next.config.js", "next.config.mjs", "next.config.ts", "vite.config.js", "vite.config.mjs", "vite.config.ts"],
  ...["angular.json", "vue.config.js", "nuxt.config.ts", "nuxt.config.js"],
  ...["docusaurus.config.js", "docusaurus.config.ts", "astro.config.mjs", "astro.config.ts"],
  // Its packages tell which libraries a program links to.
  ...["go.mod", "Cargo.toml", "Cargo.lock", "pom.xml", "build.gradle", "build.gradle.kts", "composer.json", "Gemfile"],
];

/** Files of which it only matters whether they are there. They can be huge, and are not read. */
const LOCK_FILES: readonly string[] = [
  ...["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
  ...["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"],
  ...["go.sum", "gradle.lockfile", "composer.lock", "Gemfile.lock"],
];

/** Files that tell that a folder, a secret or a native addon is there. They are not read either. */
const SIGNS: readonly string[] = [
  ...[".git/HEAD", "node_modules/.package-lock.json", "node_modules/.yarn-integrity", "node_modules/.modules.yaml"],
  ...[".venv/pyvenv.cfg", "venv/pyvenv.cfg", "vendor/modules.txt", ".mvn/wrapper/maven-wrapper.properties"],
  ...[".env", ".env.local", ".env.production", "id_rsa", "id_ed25519", "binding.gyp"],
];

/** Of every file that is read, its name or what it looks like, for whoever watches them. */
export const CONTEXT_FILES: readonly string[] = [
  ...[".dockerignore", ...MANIFESTS, ...LOCK_FILES],
  ...SIGNS.filter((path) => !path.includes("/")),
  ...["settings.gradle", "settings.gradle.kts", "gradle.properties", "*.versions.toml"],
  ...["*.csproj", "*.fsproj", "*.vbproj", "*.sln", "*.slnx", "Directory.*.props", "Directory.*.targets", "global.json"],
];

/** A file that is longer is not known, in bytes. */
const LIMIT = 256 * 1024;

/** A start script calls another, and that one the next: how far this is followed. */
const SCRIPT_ROUNDS = 3;

/** Files in which a start script is looked for, in one round. */
const SCRIPT_FILES = 24;

/** Folders of the build context that are looked into, its own aside. */
const FOLDERS = 8;

/** Requirements files of other names and places that are read. */
const REQUIREMENTS = 24;

/** Modules of Python that say where the program keeps its data, by the names that frameworks give them. */
const PYTHON_SETTINGS = /(?:^|\/)(?:settings|config|database|db|main|app)\.py$|(?:^|\/)settings\/\w+\.py$/;
const SETTINGS = 12;

/** A build context with more files is not listed. */
const LISTED = 2000;

/** Folders whose files are many, and none that a program of the context reads. */
const FOLDERS_OF_TOOLS: readonly string[] = [".git", ".venv", "venv", "node_modules", "target", "__pycache__"];

/**
 * Manifests of the parts of a project, which may stand in any of its folders: modules of Maven and Gradle, projects of .NET and
 * what MSBuild and NuGet read beside and above them, https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory.
 */
const PART_MANIFEST =
  /(?:^|\/)(?:pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|gradle\.properties|[^/]+\.versions\.toml|gradle-wrapper\.properties|[^/]+\.(?:cs|fs|vb)proj|[^/]+\.slnx?|Directory\.(?:Build|Packages)\.(?:props|targets)|nuget\.config|global\.json|packages\.lock\.json)$/i;

/** A project with more parts is not looked into. */
const PARTS = 80;

/** Images that build projects with such parts. */
const FROM_BUILDER =
  /^[ \t]*FROM\b[^\n]*(?:maven|gradle|temurin|openjdk|corretto|zulu|semeru|liberica|sapmachine|graalvm|dotnet)/im;

/**
 * Where it matters which files a program could read, or which folders a project of Node.js has: the whole context is copied, and a
 * compiler or Node.js may be there.
 */
const FROM_COMPILER = /^[ \t]*FROM\b[^\n]*(?:golang|rust|gcc|debian|ubuntu|alpine|node|bun)/im;
const COPY_ALL = /^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*\.?\/?[ \t]/im;
/** Where it matters which modules Python would find, and where their settings have it write. */
const OF_PYTHON =
  /^[ \t]*FROM\b[^\n]*\bpython|^[ \t]*(?:CMD|ENTRYPOINT)\b[^\n]*\b(?:python|uvicorn|gunicorn|hypercorn|daphne|granian|celery|streamlit|fastapi|flask)/im;

/**
 * The context of a Dockerfile: `.dockerignore`, the manifests and lock files in the build context and in the folders of it
 * that COPY names, the requirements files that its commands name and those that these include, the scripts that its container
 * starts, the secrets in the text, and the date of today. Fails only where `files` does.
 */
export async function gatherContext({ text, path, directory }: Place, files: Files): Promise<Context> {
  const [known, secrets] = await Promise.all([
    directory === undefined ? undefined : gatherFiles(text, path, directory, files),
    findSecretValues(text),
  ]);
  const today = new Date().toISOString().slice(0, "2026-01-31".length);
  return { ...(path === undefined ? {} : { path }), ...known, secrets, today };
}

async function gatherFiles(
  text: string,
  path: string | undefined,
  directory: string,
  files: Files,
): Promise<Pick<Context, "files" | "ignoreFile" | "tree">> {
  const prefix = directory === "" || directory.endsWith("/") ? directory : `${directory}/`;
  const known: Record<string, string | null> = {};
  const add = (name: string, content: string | null | undefined): void => {
    if (content !== undefined) known[name] = content;
  };
  const readManifest = async (name: string): Promise<void> => add(name, await files.read(prefix + name, LIMIT));
  const find = async (name: string): Promise<void> => {
    const exists = await files.exists(prefix + name);
    add(name, exists === undefined ? undefined : exists ? "" : null);
  };
  const dockerfile = new Dockerfile(text);
  const own = path === undefined ? undefined : `${path}.dockerignore`;
  const [isOwn, tree] = await Promise.all([
    readIgnoreFile(own, prefix, files).then(({ isOwn, content }) => {
      add(".dockerignore", content);
      return isOwn;
    }),
    FROM_BUILDER.test(text) || OF_PYTHON.test(text) || (FROM_COMPILER.test(text) && COPY_ALL.test(text))
      ? files.list?.(directory, LISTED, FOLDERS_OF_TOOLS)
      : undefined,
    ...SIGNS.map(find),
    ...["", ...copiedFolders(dockerfile)].flatMap((folder) => [
      ...MANIFESTS.map((name) => readManifest(folder + name)),
      ...LOCK_FILES.map((name) => find(folder + name)),
    ]),
  ]);
  const settings = OF_PYTHON.test(text) ? (tree ?? []).filter((one) => PYTHON_SETTINGS.test(one)) : [];
  await Promise.all(settings.slice(0, SETTINGS).map(readManifest));
  await readRequirements(dockerfile, known, readManifest);
  const members =
    /"workspaces"\s*:/.test(known["package.json"] ?? "") || typeof known["pnpm-workspace.yaml"] === "string";
  const parts = (tree ?? []).filter(
    (name) => (FROM_BUILDER.test(text) && PART_MANIFEST.test(name)) || (members && name.endsWith("/package.json")),
  );
  if (parts.length <= PARTS) await Promise.all(parts.filter((name) => !(name in known)).map(readManifest));
  for (let round = 0; round < SCRIPT_ROUNDS; round++) {
    const { finalStage } = new Dockerfile(text, { files: known });
    const wanted = finalStage ? wantedScripts(finalStage).slice(0, SCRIPT_FILES) : [];
    if (wanted.length === 0) break;
    await Promise.all(wanted.map(readManifest));
  }
  return { files: known, ...(tree ? { tree } : {}), ...(isOwn ? { ignoreFile: own! } : {}) };
}

/** Adds what the commands install from, wherever that is in the build context, and what these files include. */
async function readRequirements(
  dockerfile: Dockerfile,
  known: Readonly<Record<string, string | null>>,
  read: (path: string) => Promise<void>,
): Promise<void> {
  const environments = dockerfile.commands.flatMap(({ run, command }) => environmentFiles(run, command));
  const waiting = [...requirementsFiles(dockerfile), ...environments].map(({ paths }) => paths);
  const asked = new Set(Object.keys(known));
  let count = 0;
  for (const paths of waiting) {
    for (const path of paths) {
      if (!asked.has(path) && ++count > REQUIREMENTS) return;
      if (!asked.has(path)) await read(path);
      asked.add(path);
      const content = known[path];
      if (content === null || content === undefined) continue;
      waiting.push(
        ...includedRequirements(path, content)
          .filter((one) => !asked.has(one))
          .map((one) => [one]),
      );
      break;
    }
  }
}

/** BuildKit prefers the one that belongs to the Dockerfile: https://docs.docker.com/build/concepts/context/#filename-and-location */
async function readIgnoreFile(
  own: string | undefined,
  prefix: string,
  files: Files,
): Promise<{ readonly isOwn: boolean; readonly content: string | null | undefined }> {
  const content = own === undefined ? null : await files.read(own, LIMIT);
  if (content !== null) return { isOwn: true, content };
  return { isOwn: false, content: await files.read(`${prefix}.dockerignore`, LIMIT) };
}

/** The folders below the build context that COPY and ADD take from it, each with `/` at its end. */
function copiedFolders(dockerfile: Dockerfile): readonly string[] {
  const folders = new Set<string>();
  for (const instruction of dockerfile.stages.flatMap((stage) => stage.instructions)) {
    if ((instruction.keyword !== "COPY" && instruction.keyword !== "ADD") || instruction.flag("from")) continue;
    for (const { value, variables } of instruction.arguments.slice(0, -1)) {
      // Of `app/package*.json`, the folder.
      const plain = value.replace(/(^|\/)[^/]*[*?[][^/]*$/, "$1");
      if (variables.length > 0 || /[*?[\]<:\\]/.test(plain)) continue;
      const source = normalise(plain.replace(/^\/+/, ""));
      const slash = source.lastIndexOf("/");
      const name = source.slice(slash + 1);
      const isFile = CONTEXT_FILES.includes(name) || (/.\.\w+$/.test(name) && !plain.endsWith("/"));
      const folder = isFile ? source.slice(0, slash + 1) : `${source}/`;
      if (folder !== "" && folder !== "./") folders.add(folder);
    }
  }
  return [...folders].slice(0, FOLDERS);
}
