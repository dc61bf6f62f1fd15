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
import { type Building, NO_DEVELOPMENT, type SplitPart } from "./split-part.ts";

/** Global packages that are there to build, or to install. */
const BUILD_TOOLS =
  /^(?:npm|yarn|pnpm|node-gyp|typescript|@angular\/cli|@nestjs\/cli|@vue\/cli|@sveltejs\/kit|gatsby-cli|grunt-cli|gulp|gulp-cli|webpack|webpack-cli|vite|parcel|rollup|esbuild|turbo|nx|lerna|rimraf|cross-env|sass|less|bower|eslint|prettier|create-react-app)$/;

/** What is installed by npm, Yarn and pnpm; or why it is not known where that is. */
export function nodePart(building: Building): SplitPart | string {
  const { stage } = building;
  const installs = building.builds("node");
  const tools = building.builds("node tool");
  const wanted = tools.filter(({ names }) => names.some((name) => isWanted(building, name)));
  const mixed = wanted.find(({ step }) => step.builds.some(({ kind }) => kind !== "node tool" && kind !== "aside"));
  if (mixed) return `\`${mixed.names[0]}\`, which the program may need, is installed along with what is built`;
  const repeated = [...new Set(wanted.map(({ step }) => step.run.instruction))];
  if (installs.length === 0) return { repeated };
  const directories = [...new Set(installs.map(({ step }) => step.directory))];
  if (directories.some((path) => path === undefined)) return "where the packages are installed is not known";
  const usesYarn = installs.some(({ operation }) => operation?.manager === "yarn");
  if (usesYarn && yarnOf(stage) === undefined) return "where this version of Yarn keeps the packages is not known";
  const browser = browserOf(stage);
  if (browser) return `\`${browser}\` downloads a browser to the home directory`;
  const operations = installs.flatMap(({ operation }) => operation ?? []);
  const isLast = building
    .builds("directory")
    .every(({ command }) => command.range.start < operations[0]!.command.range.start);
  const unneeded = operations.filter(installsDevelopment);
  const edits = isLast ? unneeded.map(withoutDevelopment) : [];
  const prune = isLast ? undefined : pruneOf(building, operations);
  return {
    outputs: directories.map((path) => `${path}/node_modules`),
    repeated,
    edits,
    closing: prune === undefined ? [] : [`${keyword(stage, "RUN")} ${prune}`],
    assumptions: prune === undefined && edits.length === 0 ? [] : [NO_DEVELOPMENT],
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

function isWanted(building: Building, name: string): boolean {
  const plain = name.replace(/(?<=.)@.*$/, "");
  if (building.starts(plain)) return true;
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
