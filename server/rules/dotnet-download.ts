/** What `dotnet restore` needs before the sources come: https://learn.microsoft.com/dotnet/core/tools/dotnet-restore. */
import type { Command } from "../model/command.ts";
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import { normalise, type Stage } from "../model/stage.ts";
import { closureOf, projectsOf } from "./dotnet-project.ts";
import type { FirstInstall } from "./first-install.ts";

const PROJECT = /\.(?:cs|fs|vb)proj$/i;
const SOLUTION = /\.slnx?$/i;
/** What MSBuild and NuGet look for in the folder of a project and above it. */
const SHARED = /^(?:Directory\.(?:Build|Packages)\.(?:props|targets)|nuget\.config|global\.json)$/i;

/** The first step of `dotnet restore`, `build` or `publish`; or why there is none; `undefined`: it is not known what is built. */
export function dotnetDownload(stage: Stage, { args }: Command): FirstInstall | string | undefined {
  const { files = {}, tree } = stage.dockerfile.context;
  const values = args.map(({ value, text }) => value ?? text.replace(/["']/g, ""));
  const [verb, ...rest] = values;
  if (!tree || !/^(?:restore|build|publish)$/.test(verb ?? "") || rest.includes("--no-restore")) return undefined;
  const given = rest.find((value, index) => !/^[-/]/.test(value) && !VALUED.test(rest[index - 1] ?? ""));
  if (given !== undefined && /[$`*]/.test(given)) return undefined;
  const target = targetIn(tree, normalise(`/${(given ?? ".").replaceAll("\\", "/")}`).slice(1));
  if (target === undefined) return undefined;
  const parts = partsOf(stage, target);
  if (typeof parts === "string") return parts;
  const folders = new Set(parts.flatMap(foldersAbove));
  const shared = tree.filter((path) => SHARED.test(baseOf(path)) && folders.has(folderOf(path)));
  const locks = tree.filter(
    (path) => baseOf(path) === "packages.lock.json" && parts.some((one) => folderOf(one) === folderOf(path)),
  );
  const all = [...new Set([...(SOLUTION.test(target) ? [target] : []), ...shared, ...parts, ...locks])];
  const patterns = readIgnorePatterns(files[".dockerignore"] ?? "");
  const isLeftOut = (path: string): boolean =>
    patterns.findLast((pattern) => matchesIgnorePattern(pattern, path))?.negated === false;
  const unread = shared.find((path) => typeof files[path] !== "string" || /<Import\b/.test(files[path]!));
  if (unread !== undefined) return `\`${unread}\` names other files`;
  const platform = rest.flatMap((value, index) => (/^(?:-r|--runtime)$/.test(value) ? [`-r ${rest[index + 1]}`] : []));
  // The host's `obj` would say where the host has the packages.
  const isKeptOut = isLeftOut("obj") && isLeftOut("a/obj");
  return {
    files: all,
    folders: [],
    command:
      verb === "restore"
        ? `dotnet ${values.join(" ")}`
        : ["dotnet restore", ...(given ? [given] : []), ...platform].join(" "),
    ...(verb === "restore" && isKeptOut ? { isWhole: true } : {}),
    assumptions: [],
  };
}

const VALUED =
  /^(?:-c|--configuration|-o|--output|-f|--framework|-r|--runtime|--os|-a|--arch|-v|--verbosity|--source|-s|--packages|--configfile|--version-suffix|--self-contained|--sc)$/;

/** The project or solution that MSBuild takes; in a folder, the only one. */
function targetIn(tree: readonly string[], path: string): string | undefined {
  if (tree.includes(path)) return PROJECT.test(path) || SOLUTION.test(path) ? path : undefined;
  const folder = path === "" ? "" : `${path}/`;
  const found = tree.filter((one) => folderOf(one) === folder && (PROJECT.test(one) || SOLUTION.test(one)));
  return found.length === 1 ? found[0] : undefined;
}

/** The manifests of all projects that are restored; or which of them is not known. */
function partsOf(stage: Stage, target: string): readonly string[] | string {
  const { files = {} } = stage.dockerfile.context;
  const projects = projectsOf(stage);
  const text = files[target];
  if (typeof text !== "string") return `what \`${target}\` says is not known`;
  const folder = folderOf(target);
  const names = SOLUTION.test(target)
    ? [...text.matchAll(/"([^"\n]+proj)"/g)].map(([, name]) =>
        normalise(`/${folder}${name!.replaceAll("\\", "/")}`).slice(1),
      )
    : [target];
  const parts = new Set<string>();
  for (const name of names) {
    const project = projects.find(({ path }) => path === name);
    const closure = project && closureOf(stage, project);
    if (!closure) return `which projects and files \`${name}\` needs is not known`;
    for (const { path } of closure) parts.add(path);
  }
  return parts.size === 0 ? `\`${target}\` names no project` : [...parts];
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return ["", ...names.map((_, index) => `${names.slice(0, index + 1).join("/")}/`)];
}

function folderOf(path: string): string {
  return path.replace(/[^/]*$/, "");
}

function baseOf(path: string): string {
  return path.replace(/^.*\//, "");
}
