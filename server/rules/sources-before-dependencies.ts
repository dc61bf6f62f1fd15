import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { commentBlockAbove, insertInstructionsAfter } from "./edit.ts";
import { named, readOptions } from "./options.ts";
import { nameOf } from "./package-rules.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "sources-before-dependencies",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  judges: "stage",

  *check({ stages }) {
    for (const stage of stages) {
      const judged = new Set<Instruction>();
      for (const run of stage.runs) {
        if (run.onbuild) continue;
        const install = run.packageOperations.find(installsDependencies);
        const copy = install && wholeCopyBefore(stage, run);
        if (!copy || judged.has(copy) || hasDependencies(stage, copy, install)) continue;
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

function requirementsOf({ command }: PackageOperation): readonly (string | undefined)[] {
  return named(readOptions(command.args, PIP_VALUED), "-r", "--requirement").map(({ value }) => value);
}

const PIP_VALUED = new Set(
  "-r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url -f --find-links --trusted-host --cache-dir --prefix --root --timeout --retries --src --python --progress-bar --platform".split(
    " ",
  ),
);

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
  return (
    earlier ||
    stage
      .effective(copy)
      .some(
        (other) =>
          other.keyword === "COPY" &&
          other.flag("from") &&
          other.arguments.some(({ value }) => /node_modules|venv|site-packages|\bvendor\b|\/go\/pkg/.test(value)),
      )
  );
}

interface Manifests {
  readonly files: readonly string[];
  readonly assumptions: readonly string[];
}

function solve(stage: Stage, copy: Instruction, install: PackageOperation): Pick<Finding, "fixes" | "refusal"> {
  const { run } = install;
  const { dockerfile } = stage;
  const { syntax, text } = dockerfile;
  const obstacle = obstacleBetween(stage, copy, run) ?? obstacleIn(run);
  if (obstacle) return { refusal: obstacle };
  const [source, target] = copy.arguments;
  const original = text.slice(copy.range.start, copy.range.end);
  if (copy.json || copy.flag("exclude") || /[\r\n"']/.test(original) || /\$/.test(target!.text))
    return { refusal: "the copy is not written plainly enough to be moved" };
  const manifests = manifestsOf(install);
  if (typeof manifests === "string") return { refusal: manifests };
  const names = manifests.files.map((file) => (source!.value.startsWith("/") ? `/${file}` : file));
  const folder = target!.value === "." ? "./" : target!.value.replace(/\/*$/, "/");
  const head = text.slice(copy.range.start, source!.range.start);
  const start = commentBlockAbove(syntax, copy)[0]?.start ?? copy.range.start;
  const fix = unsafe(
    `Copy ${listOf(manifests.files)} first, and the rest below the install`,
    { start, end: copy.range.end, text: `${head}${names.join(" ")} ${folder}` },
    insertInstructionsAfter(syntax, run.instruction, text.slice(start, copy.range.end)),
  );
  return { fixes: [assuming(fix, ...manifests.assumptions)] };
}

function listOf(files: readonly string[]): string {
  return files.map((file) => `\`${file}\``).join(files.length === 2 ? " and " : ", ");
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
  return manager === "bundle" && verb.value === "config";
}

/** What the install needs of the context; or why that is more than its manifests, or not known. */
function manifestsOf(install: PackageOperation): Manifests | string {
  const { manager } = install;
  const files = install.run.stage.dockerfile.context.files ?? {};
  const lock = (name: string): readonly string[] => (files[name] === null ? [] : [name]);
  switch (manager) {
    case "npm":
    case "yarn":
    case "pnpm":
      return nodeManifests(install, files);
    case "pip":
      return pipManifests(install, files);
    case "go": {
      const text = files["go.mod"];
      if (/^\s*(?:replace\s.*)?\S+.*=>\s*\.{0,2}\//m.test(text ?? ""))
        return "`go.mod` replaces a module by a folder of the sources";
      return {
        files: ["go.mod", ...lock("go.sum")],
        assumptions: text === undefined ? ["`go.mod` replaces no module by a folder of the sources."] : [],
      };
    }
    case "uv":
      return install.has("--no-install-project") === true
        ? environmentIn(".venv", files, {
            files: ["pyproject.toml", ...lock("uv.lock")],
            assumptions: ["It is no workspace: its members' manifests would be needed, too."],
          })
        : "`uv sync` installs the project itself, too: `uv sync --no-install-project` needs no sources, and a second `uv sync` below them does the rest";
    case "poetry":
      return install.has("--no-root") === true
        ? environmentIn(".venv", files, {
            files: ["pyproject.toml", ...lock("poetry.lock")],
            assumptions: ["`pyproject.toml` names no dependency by its folder."],
          })
        : "`poetry install` installs the project itself, too: `poetry install --no-root` needs no sources, and a second one below them does the rest";
    case "bundle":
      return "a `Gemfile` may name gems by their folder, or read the project's gemspec";
    case "composer":
      return "`composer install` makes the autoloader from the sources: `--no-autoloader --no-scripts` needs none, and `composer dump-autoload` below them does the rest";
    default:
      return "what it needs is not known";
  }
}

type Files = Readonly<Record<string, string | null>>;

function nodeManifests(install: PackageOperation, files: Files): Manifests | string {
  const { manager } = install;
  if (install.has("--prefix", "-C", "--cwd", "--dir", "--workspace", "-w", "--workspaces", "--filter", "-r") !== false)
    return "it works in another folder, or in several";
  const manifest = files["package.json"];
  if (manifest === null) return "the build context has no `package.json`";
  // Without a script of its own, https://docs.npmjs.com/cli/v10/using-npm/scripts#npm-install builds it.
  if (typeof files["binding.gyp"] === "string")
    return "`binding.gyp` says that it also builds a native addon of the sources";
  // `pnpm --filter=api run build` below tells of one, too.
  const tellsOfWorkspace = install.run.stage.runs.some(({ commands }) =>
    commands.some(({ program, args }) =>
      [program ?? "", ...args.map(({ text }) => text)].some((word) =>
        /^(?:--filter|--workspaces?|turbo|nx|lerna)(?:=|$)/.test(word),
      ),
    ),
  );
  if (tellsOfWorkspace) return "a workspace needs the manifests of its members, too";
  if (/"workspaces"\s*:/.test(manifest ?? "") || typeof files["pnpm-workspace.yaml"] === "string")
    return "a workspace needs the manifests of its members, too";
  if (/:\s*"(?:file|link|portal|patch):/.test(manifest ?? ""))
    return "`package.json` names a dependency by its folder, or patches one";
  const hooks = install.has("--ignore-scripts") === true ? [] : ["preinstall", "install", "postinstall", "prepare"];
  const hook = hooks.find((name) => new RegExp(`"${name}"\\s*:`).test(manifest ?? ""));
  if (hook) return `\`${hook}\` in \`package.json\` may need the sources`;
  if (manager === "yarn" && typeof files[".yarnrc.yml"] === "string") return "`.yarnrc.yml` may name files in `.yarn`";
  const lockFile = { npm: undefined, yarn: "yarn.lock", pnpm: "pnpm-lock.yaml" }[manager as "npm" | "yarn" | "pnpm"];
  const names =
    lockFile === undefined ? ["package*.json"] : ["package.json", ...(files[lockFile] === null ? [] : [lockFile])];
  if (typeof files[".npmrc"] === "string" && manager !== "yarn") names.push(".npmrc");
  return environmentIn("node_modules", files, {
    files: names,
    assumptions:
      manifest === undefined
        ? [
            ...(lockFile === undefined ? [] : [`The build context has a \`${lockFile}\`, and is no workspace.`]),
            "No script of `package.json` that runs at the install, such as `postinstall`, needs the sources.",
          ]
        : [],
  });
}

/** A line of a requirements file that names another file or folder: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
const NAMES_FILES = new RegExp(
  [
    /^\s*(?:-[rce]|--(?:requirement|constraint|editable)|\.|file:)/,
    /^\s*(?:-f|--find-links)[\s=]*(?!https?:)["'\w./~$]/,
    /@\s*(?:file:|\.)/,
    /^\s*[\w.-]+\//,
    /^\s*[\w.+-]+\.(?:whl|zip|tar\.\w+)\s*(?:[;#]|$)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "m",
);

function pipManifests(install: PackageOperation, files: Files): Manifests | string {
  const given = readOptions(install.command.args, PIP_VALUED);
  if (
    named(given, "-e", "--editable").length > 0 ||
    given.operands.slice(1).some(({ value }) => value === undefined || /^\.|\//.test(value))
  )
    return "it installs the project itself, too, which needs the sources";
  if (named(given, "-f", "--find-links").some(({ value }) => value === undefined || !/^https?:/.test(value)))
    return "it takes packages from a folder, which may be one of the sources";
  const names: string[] = [];
  for (const option of named(given, "-r", "--requirement", "-c", "--constraint")) {
    const name = option.value?.replace(/^\.\//, "");
    if (name === undefined || !/^[\w][\w.-]*$/.test(name)) return "a file in another folder may name others beside it";
    const text = files[name];
    if (text === null) return `the build context has no \`${name}\``;
    if (NAMES_FILES.test(text ?? "")) return `\`${name}\` names other files`;
    if (!names.includes(name)) names.push(name);
  }
  const unknown = names.filter((name) => files[name] === undefined);
  return {
    files: names,
    assumptions: unknown.length > 0 ? [`${listOf(unknown)} names no other files, such as by \`-r\` or \`-e .\`.`] : [],
  };
}

/** The sources are copied over what is installed: what the host has under that name must not come with them. */
function environmentIn(folder: string, files: Files, manifests: Manifests): Manifests | string {
  const ignoreFile = files[".dockerignore"];
  if (ignoreFile === undefined)
    return {
      ...manifests,
      assumptions: [
        ...manifests.assumptions,
        `\`.dockerignore\` keeps \`${folder}\` out: the host's would be copied over what is installed.`,
      ],
    };
  const last = readIgnorePatterns(ignoreFile ?? "").findLast((pattern) => matchesIgnorePattern(pattern, folder));
  return last && !last.negated
    ? manifests
    : `\`.dockerignore\` does not keep \`${folder}\` out, so that the host's would be copied over what is installed`;
}
