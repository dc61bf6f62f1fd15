/**
 * What Node's package managers leave for the final stage, and how they take out again what only the build needs.
 *
 * https://docs.npmjs.com/cli/v11/commands/npm-prune, https://pnpm.io/cli/prune,
 * https://classic.yarnpkg.com/en/docs/cli/install, https://yarnpkg.com/cli/workspaces/focus
 */
import type { PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import { installsDevelopment, withoutDevelopment } from "./development-groups.ts";
import { keyword } from "./edit.ts";
import { dependenciesOf } from "./native-packages.ts";
import type { Edit } from "./rule.ts";
import { packageScript, WITHOUT_SCRIPT, withoutScript } from "./script-runner.ts";
import { type Building, NO_DEVELOPMENT, type SplitPart } from "./split-part.ts";
import { keywordOf } from "./start-program.ts";

/** Global packages that are there to build, or to install. */
const BUILD_TOOLS =
  /^(?:npm|yarn|pnpm|node-gyp|typescript|@angular\/cli|@nestjs\/cli|@vue\/cli|@sveltejs\/kit|gatsby-cli|grunt-cli|gulp|gulp-cli|webpack|webpack-cli|vite|parcel|rollup|esbuild|turbo|nx|lerna|rimraf|cross-env|sass|less|bower|eslint|prettier|create-react-app)$/;

/** What is installed by npm, Yarn and pnpm; or why it is not known where that is. */
export function nodePart(building: Building): SplitPart | string {
  const { stage } = building;
  const installs = building.builds("node");
  const tools = building.builds("node tool");
  const direct = directStart(building);
  const wanted = tools.filter(({ names }) => names.some((name) => isWanted(building, name, direct?.manager)));
  const mixed = wanted.find(({ step }) => step.builds.some(({ kind }) => kind !== "node tool" && kind !== "aside"));
  if (mixed) return `\`${mixed.names[0]}\`, which the program may need, is installed along with what is built`;
  const repeated = [...new Set(wanted.map(({ step }) => step.run.instruction))];
  const started: SplitPart = direct
    ? { edits: [direct.edit], changes: [direct.keyword], assumptions: WITHOUT_SCRIPT }
    : {};
  if (installs.length === 0) return { ...started, repeated };
  const directories = [...new Set(installs.map(({ step }) => step.directory))];
  if (directories.some((path) => path === undefined)) return "where the packages are installed is not known";
  const usesYarn = installs.some(({ operation }) => operation?.manager === "yarn");
  if (usesYarn && yarnOf(stage) === undefined) return "where this version of Yarn keeps the packages is not known";
  const browser = browserOf(stage);
  if (browser) return `\`${browser}\` downloads a browser to the home directory`;
  const corepack = direct ? undefined : corepackHome(building);
  if (corepack === null) return "where Corepack keeps the package manager that the container starts is not known";
  const operations = installs.flatMap(({ operation }) => operation ?? []);
  const isLast = building
    .builds("directory")
    .every(({ command }) => command.range.start < operations[0]!.command.range.start);
  const unneeded = operations.filter(installsDevelopment);
  const edits = isLast ? unneeded.map(withoutDevelopment) : [];
  const prune = isLast ? undefined : pruneOf(building, operations);
  return {
    outputs: [...directories.map((path) => `${path}/node_modules`), ...(corepack ? [corepack] : [])],
    repeated,
    edits: [...edits, ...(started.edits ?? [])],
    changes: started.changes ?? [],
    closing: prune === undefined ? [] : [`${keyword(stage, "RUN")} ${prune}`],
    assumptions: [
      ...(prune === undefined && edits.length === 0 ? [] : [NO_DEVELOPMENT]),
      ...(started.assumptions ?? []),
    ],
  };
}

/** A package that keeps what it downloads outside of `node_modules`: https://pptr.dev/guides/configuration */
function browserOf(stage: Stage): string | undefined {
  const isElsewhere = [...stage.environmentBefore().keys()].some((name) =>
    /^(?:PUPPETEER_(?:CACHE_DIR|SKIP_(?:CHROMIUM_)?DOWNLOAD)|PLAYWRIGHT_(?:BROWSERS_PATH|SKIP_BROWSER_DOWNLOAD))$/.test(
      name,
    ),
  );
  const names = Object.keys(dependenciesOf(stage.dockerfile.context.files?.["package.json"] ?? ""));
  return isElsewhere ? undefined : names.find((name) => /^(?:puppeteer|playwright)$/.test(name));
}

/**
 * Where Corepack keeps the package manager that the container starts, so that it need not be downloaded there:
 * https://github.com/nodejs/corepack#environment-variables. `null`: not known; `undefined`: it is not Corepack's.
 */
function corepackHome(building: Building): string | null | undefined {
  const { stage } = building;
  const isUsed = building.builds("node tool").some(({ command }) => command.program === "corepack");
  if (!isUsed || !(building.starts("yarn") || building.starts("pnpm"))) return undefined;
  const environment = stage.environmentBefore();
  if (environment.has("COREPACK_HOME")) return environment.get("COREPACK_HOME") ?? null;
  const isRoots = building.steps.every(({ run }) => stage.userBefore(run.instruction)?.isRoot === true);
  return isRoots && !environment.has("XDG_CACHE_HOME") && !environment.has("HOME")
    ? "/root/.cache/node/corepack"
    : null;
}

interface DirectStart {
  /** It only runs a script. */
  readonly manager: string;
  readonly edit: Edit;
  readonly keyword: "CMD" | "ENTRYPOINT";
}

/** The program that a script starts, in place of a package manager that a RUN installs to start it; `undefined`: none, or it stays. */
function directStart({ stage, steps, start }: Building): DirectStart | undefined {
  const script = start?.isExec ? packageScript(start) : undefined;
  const manager = start?.name;
  const isInstalled = steps.some(({ builds }) =>
    builds.some(({ kind, names }) => kind === "node tool" && names.some((name) => name.split("@")[0] === manager)),
  );
  if (!script || !manager || !isInstalled) return undefined;
  const last = steps.at(-1)!.run.instruction.range.end;
  const unwrapped =
    start!.instructions.every(({ range }) => range.start > last) && withoutScript(stage, start!, script);
  return unwrapped && typeof unwrapped === "object"
    ? { manager, edit: unwrapped.edit, keyword: keywordOf(start!, script.words[0]!) }
    : undefined;
}

/** @param unneeded the package manager that the container does not start any more. */
function isWanted(building: Building, name: string, unneeded: string | undefined): boolean {
  const plain = name.replace(/(?<=.)@.*$/, "");
  if (building.starts(plain) && plain !== unneeded) return true;
  return !BUILD_TOOLS.test(plain);
}

/** The command that takes the development dependencies out behind the build; `undefined`: none, or none is needed. */
function pruneOf({ stage, steps }: Building, installs: readonly PackageOperation[]): string | undefined {
  const last = installs.at(-1);
  if (!last || !installs.some(installsDevelopment)) return undefined;
  const commands = steps
    .flatMap(({ run }) => run.commands)
    .filter(({ range }) => range.start > last.command.range.start);
  // It is done already.
  if (
    commands.some(({ args }) => args.some(({ value }) => /^prune$|^--(?:omit=dev|production|prod)$/.test(value ?? "")))
  )
    return undefined;
  if (
    installs.some(
      ({ run }) => run.stage.workdirBefore(run.instruction) !== stage.workdirBefore(steps.at(-1)!.run.instruction),
    )
  )
    return undefined;
  const known = stage.dockerfile.context.files ?? {};
  const manifest = known["package.json"] ?? "";
  switch (last.manager) {
    case "npm":
      return "npm prune --omit=dev";
    case "pnpm":
      // In a workspace it looks at one member; it runs `prepare`, which may need what it has just removed.
      // What Prisma has generated lies in a folder that is named after the packages around it.
      return typeof known["pnpm-workspace.yaml"] === "string" || /"prepare"\s*:|"@prisma\/client"\s*:/.test(manifest)
        ? undefined
        : "CI=true pnpm prune --prod";
    case "yarn":
      return yarnOf(stage) === "classic"
        ? "yarn install --production --ignore-scripts --prefer-offline"
        : /"packageManager"\s*:\s*"yarn@[4-9]/.test(manifest)
          ? "yarn workspaces focus --all --production"
          : undefined;
    default:
      return undefined;
  }
}

/** Yarn 1, or a later one that makes a `node_modules`; `undefined`: not known, or neither. */
function yarnOf({ dockerfile, runs, image }: Stage): "classic" | "modern" | undefined {
  const files = dockerfile.context.files ?? {};
  const version = /"packageManager"\s*:\s*"yarn@(\d+)/.exec(files["package.json"] ?? "")?.[1];
  const settings = files[".yarnrc.yml"];
  const mentions = runs.some(({ commands }) =>
    commands.some(
      ({ program, args }) => program === "corepack" || args.some(({ text }) => /^berry$|^set$|\.yarn\b/.test(text)),
    ),
  );
  if (version === "1") return "classic";
  if (typeof settings === "string" || version !== undefined)
    return /^nodeLinker:\s*["']?(?:node-modules|pnpm)\b/m.test(settings ?? "") ? "modern" : undefined;
  return !mentions && image?.repository === "node" ? "classic" : undefined;
}
