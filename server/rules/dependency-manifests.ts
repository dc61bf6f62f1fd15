/** What an install needs of the build context. */
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { PackageOperation } from "../model/packages.ts";
import { includedRequirements } from "../model/requirements.ts";
import { nodeManifests } from "./node-manifests.ts";
import { named, readOptions } from "./options.ts";

export interface Manifests {
  readonly files: readonly string[];
  readonly assumptions: readonly string[];
}

/** It installs what a manifest or a lock file names, and nothing else. */
export function installsDependencies(operation: PackageOperation): boolean {
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

export function listOf(files: readonly string[]): string {
  return files.map((file) => `\`${file}\``).join(files.length === 2 ? " and " : ", ");
}

/** What the install needs of the context; or why that is more than its manifests, or not known. */
export function manifestsOf(install: PackageOperation): Manifests | string {
  const { manager } = install;
  const files = install.run.stage.dockerfile.context.files ?? {};
  const lock = (name: string): readonly string[] => (files[name] === null ? [] : [name]);
  switch (manager) {
    case "npm":
    case "yarn":
    case "pnpm":
      return nodeManifests(install);
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
    case "bundle": {
      const text = files["Gemfile"];
      if (text === undefined) return "a `Gemfile` may name gems by their folder, or read the project's gemspec";
      if (text === null) return "the build context has no `Gemfile`";
      if (/^[^#\n]*(?:\bpath\b|\bgemspec\b|\beval_gemfile\b|\brequire_relative\b|File\.)/m.test(text))
        return "the `Gemfile` reads other files";
      return { files: ["Gemfile", ...lock("Gemfile.lock")], assumptions: [] };
    }
    case "composer":
      if (install.has("--no-autoloader") === true && install.has("--no-scripts") === true)
        return { files: ["composer.json", ...lock("composer.lock")], assumptions: [] };
      return "`composer install` makes the autoloader from the sources: `--no-autoloader --no-scripts` needs none, and `composer dump-autoload` below them does the rest";
    default:
      return "what it needs is not known";
  }
}

export type Files = Readonly<Record<string, string | null>>;

/** A line of a requirements file that installs from a file or folder, rather than including one: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
const NAMES_FILES = new RegExp(
  [
    /^\s*(?:-e|--editable|\.|file:)/,
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
    // The install works where the sources are.
    const directory = install.run.stage.workdirBefore(install.run.instruction);
    const isInside = directory !== undefined && option.value?.startsWith(`${directory}/`);
    const name = option.value?.slice(isInside ? directory.length + 1 : 0).replace(/^\.\//, "");
    if (name === undefined || !/^\w[\w./-]*$/.test(name)) return "a file in another folder may name others beside it";
    const problem = addRequirements(name, names, files);
    if (problem) return problem;
  }
  const unknown = names.filter((name) => files[name] === undefined);
  return {
    files: names,
    assumptions: unknown.length > 0 ? [`${listOf(unknown)} names no other files, such as by \`-r\` or \`-e .\`.`] : [],
  };
}

/** Adds a requirements file and those that it includes to the names; or why that cannot be. */
function addRequirements(name: string, names: string[], files: Files): string | undefined {
  if (names.includes(name)) return undefined;
  const text = files[name];
  if (text === null) return `the build context has no \`${name}\``;
  if (text === undefined && name.includes("/")) return "a file in another folder may name others beside it";
  if (NAMES_FILES.test(text ?? "")) return `\`${name}\` names other files`;
  names.push(name);
  const included = includedRequirements(name, text ?? "");
  const written = [...(text ?? "").matchAll(/^[ \t]*(?:-[rc]|--(?:requirement|constraint))/gm)];
  if (included.length < written.length || included.some((one) => files[one] === undefined))
    return `\`${name}\` names other files, which are not known`;
  for (const one of included) {
    const problem = addRequirements(one, names, files);
    if (problem) return problem;
  }
  return undefined;
}

/** The sources are copied over what is installed: what the host has under that name must not come with them. */
export function environmentIn(folder: string, files: Files, manifests: Manifests): Manifests | string {
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
