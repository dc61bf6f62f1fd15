/**
 * What an install with npm, Yarn or pnpm needs of the build context: https://docs.npmjs.com/cli/v11/using-npm/scripts,
 * https://docs.npmjs.com/cli/v11/using-npm/workspaces, https://yarnpkg.com/configuration/yarnrc, https://pnpm.io/cli/fetch.
 */
import type { PackageOperation } from "../model/packages.ts";
import { environmentIn, type Manifests } from "./dependency-manifests.ts";
import type { FirstInstall } from "./first-install.ts";
import { scriptOf } from "./package-script.ts";

const HOOKS = ["preinstall", "install", "postinstall", "prepare"];
/** Does nothing to the project where there is no history; or only looks at who installs. */
const HARMLESS =
  /^(?:husky(?: install)?(?: \|\| (?:true|:|exit 0))?|(?:npx )?only-allow \w+|simple-git-hooks|lefthook install|is-ci \|\| husky(?: install)?)$/;

/** The manifests; or why more is needed, or it is not known. */
export function nodeManifests(install: PackageOperation): Manifests | string {
  const { dockerfile } = install.run.stage;
  const { files = {} } = dockerfile.context;
  const { manager } = install;
  if (install.has("--prefix", "-C", "--cwd", "--dir", "--workspace", "-w", "--workspaces", "--filter", "-r") !== false)
    return "it works in another folder, or in several";
  const manifest = files["package.json"];
  if (manifest === null) return "the build context has no `package.json`";
  // Without a script of its own, https://docs.npmjs.com/cli/v10/using-npm/scripts#npm-install builds it.
  if (typeof files["binding.gyp"] === "string")
    return "`binding.gyp` says that it also builds a native addon of the sources";
  const members = membersOf(install);
  if (members === undefined) return "a workspace needs the manifests of its members, too";
  for (const path of ["package.json", ...members]) {
    const problem = problemOf(install, path, files[path] ?? "");
    if (problem) return problem;
  }
  const schema = prismaSchema(install);
  if (typeof schema === "string") return schema;
  const settings = manager === "yarn" ? yarnFiles(install) : [];
  if (typeof settings === "string") return settings;
  const lockFile = { npm: undefined, yarn: "yarn.lock", pnpm: "pnpm-lock.yaml" }[manager as "npm" | "yarn" | "pnpm"];
  const names =
    lockFile === undefined ? ["package*.json"] : ["package.json", ...(files[lockFile] === null ? [] : [lockFile])];
  if (typeof files[".npmrc"] === "string" && manager !== "yarn") names.push(".npmrc");
  if (manager === "pnpm" && members.length > 0) names.push("pnpm-workspace.yaml");
  const found: Manifests = {
    files: [...names, ...settings, ...members, ...schema],
    assumptions: [
      ...(manifest === undefined
        ? [
            ...(lockFile === undefined ? [] : [`The build context has a \`${lockFile}\`, and is no workspace.`]),
            "No script of `package.json` that runs at the install, such as `postinstall`, needs the sources.",
          ]
        : []),
      ...(members.length > 0 ? ["Who adds a member to the workspace adds its `package.json` here, too."] : []),
    ],
  };
  const folders = ["node_modules", ...members.map((path) => path.replace(/package\.json$/, "node_modules"))];
  return folders.reduce<Manifests | string>(
    (result, folder) => (typeof result === "string" ? result : environmentIn(folder, files, found)),
    found,
  );
}

/** What pnpm downloads by its lock file alone, where an install needs more; why it does not, where that is so. */
export function pnpmFetch(install: PackageOperation): FirstInstall | string | undefined {
  const { tree, files = {} } = install.run.stage.dockerfile.context;
  if (files["pnpm-lock.yaml"] !== "" || install.has("--prefix", "-C", "--dir") !== false) return undefined;
  if (typeof prismaSchema(install) === "string") return undefined;
  const isThere = (path: string): boolean => typeof files[path] === "string" || (tree?.includes(path) ?? false);
  const settings = `${files["package.json"] ?? ""}\n${files["pnpm-workspace.yaml"] ?? ""}`;
  const patches = [...settings.matchAll(/["']?([\w./@+-]+\.patch)\b/g)].map(([, path]) => path!);
  if (patches.some((path) => !path.startsWith("patches/"))) return undefined;
  return {
    files: ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", ".pnpmfile.cjs"].filter(isThere),
    ...(patches.length > 0 ? { folders: ["patches"] } : {}),
    command: `pnpm fetch${install.has("--prod", "-P", "--production") === true ? " --prod" : ""}`,
    assumptions: tree ? [] : ["The project has no `.pnpmfile.cjs`."],
  };
}

/** The manifests of the members of a workspace; `undefined`: it is one, and they are not known. */
function membersOf(install: PackageOperation): readonly string[] | undefined {
  const { stage } = install.run;
  const { tree, files = {} } = stage.dockerfile.context;
  const manifest = files["package.json"] ?? "";
  const isWorkspace = /"workspaces"\s*:/.test(manifest) || typeof files["pnpm-workspace.yaml"] === "string";
  // `pnpm --filter=api run build` below tells of one, too.
  const tellsOfIt = stage.runs.some(({ commands }) =>
    commands.some(({ program, args }) =>
      [program ?? "", ...args.map(({ text }) => text)].some((word) =>
        /^(?:--filter|--workspaces?|turbo|nx|lerna)(?:=|$)/.test(word),
      ),
    ),
  );
  if (!isWorkspace) return tellsOfIt && manifest === "" ? undefined : [];
  const globs = globsOf(manifest, files["pnpm-workspace.yaml"]);
  if (!tree || globs.length === 0 || !globs.every((glob) => /^!?(?:\.\/)?[\w@./-]*(?:\*\*?)?\/?$/.test(glob)))
    return undefined;
  const patterns = globs.map((glob) => ({ isLeftOut: glob.startsWith("!"), pattern: patternOf(glob) }));
  const members = tree.filter(
    (path) =>
      path.endsWith("/package.json") && patterns.findLast(({ pattern }) => pattern.test(path))?.isLeftOut === false,
  );
  return members.length > 0 && members.every((path) => typeof files[path] === "string") ? members : undefined;
}

function globsOf(manifest: string, settings: string | null | undefined): readonly string[] {
  const list = /"workspaces"\s*:\s*(?:\{\s*"packages"\s*:\s*)?\[([^\]]*)\]/.exec(manifest)?.[1];
  if (list !== undefined) return [...list.matchAll(/"([^"]+)"/g)].map(([, glob]) => glob!);
  const lines = /^packages:[ \t]*\r?\n((?:[ \t]*(?:-[^\n]*|#[^\n]*)?(?:\r?\n|$))*)/m.exec(settings ?? "")?.[1] ?? "";
  return [...lines.matchAll(/^[ \t]*-[ \t]*["']?([^"'\s#]+)/gm)].map(([, glob]) => glob!);
}

function patternOf(glob: string): RegExp {
  const plain = glob.replace(/^!?(?:\.\/)?/, "").replace(/\/$/, "");
  const text = plain.replace(/[.+]/g, "\\$&").replace(/\*\*?/g, (stars) => (stars === "*" ? "[^/]+" : ".+"));
  return new RegExp(`^${text}/package\\.json$`);
}

/** What of a manifest needs the sources. */
function problemOf(install: PackageOperation, path: string, text: string): string | undefined {
  if (/:\s*"(?:file|link|portal|patch):/.test(text))
    return `\`${path}\` names a dependency by its folder, or patches one`;
  // The command of a member is linked where it is there.
  if (path !== "package.json" && /"bin"\s*:/.test(text))
    return `\`${path}\` names a command, which is linked when its file is there`;
  if (install.has("--ignore-scripts") === true) return undefined;
  const hook = HOOKS.find((name) => {
    const [, script] = new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`).exec(text) ?? [];
    return script !== undefined && !HARMLESS.test(script.trim()) && !/^(?:npx )?prisma generate$/.test(script.trim());
  });
  return hook && `\`${hook}\` in \`${path}\` may need the sources`;
}

/** What Prisma generates its client from, when it is installed: https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration */
function prismaSchema(install: PackageOperation): readonly string[] | string {
  const { stage } = install.run;
  const { tree, files = {} } = stage.dockerfile.context;
  const manifest = files["package.json"] ?? "";
  if (!/"(?:@prisma\/client|prisma)"\s*:/.test(manifest)) return [];
  const later = stage.runs
    .flatMap(({ commands }) => commands)
    .filter(({ range }) => range.start > install.command.range.start)
    .map(({ words }) => words.map(({ value, text }) => value ?? text));
  const isMadeLater = later.some((words) => {
    const name = words.find((word, index) => index > 0 && !/^-|^run$/.test(word));
    return (
      words.join(" ").includes("prisma generate") || (scriptOf(stage, name ?? "") ?? "").includes("prisma generate")
    );
  });
  if (isMadeLater && !/"(?:post|pre)?install"\s*:\s*"[^"]*prisma/.test(manifest)) return [];
  const schemas = tree?.filter((path) => path.endsWith(".prisma")) ?? [];
  return schemas.length === 1 && schemas[0] === "prisma/schema.prisma"
    ? schemas
    : "Prisma generates its client when it is installed, from files of which it is not known where they are";
}

/** What Yarn 2 and later runs, and is told, beside the lock file. */
function yarnFiles(install: PackageOperation): readonly string[] | string {
  const { tree, files = {} } = install.run.stage.dockerfile.context;
  const text = files[".yarnrc.yml"];
  if (typeof text !== "string") return [];
  if (!tree || tree.some((path) => path.startsWith(".yarn/cache/"))) return "`.yarnrc.yml` may name files in `.yarn`";
  const named = [...text.matchAll(/^\s*(?:-\s*)?(?:yarnPath|path):\s*["']?([^"'\s]+)/gm)].map(([, path]) =>
    path!.replace(/^\.\//, ""),
  );
  const missing = named.find((path) => !tree.includes(path));
  return missing
    ? `\`.yarnrc.yml\` names \`${missing}\`, which the build context does not have`
    : [".yarnrc.yml", ...named];
}
