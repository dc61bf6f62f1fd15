/**
 * What programs of Node.js write in their project when a container runs them, by the defaults of their documentation:
 * https://vite.dev/config/shared-options#cachedir, https://angular.dev/cli/cache,
 * https://nextjs.org/docs/app/guides/self-hosting#configuring-caching, https://nuxt.com/docs/guide/directory-structure/nuxt,
 * https://docs.astro.build/en/reference/configuration-reference/#cachedir, https://www.gatsbyjs.com/docs/build-caching,
 * https://docs.nestjs.com/cli/usages#nest-start, https://docs.strapi.io/cms/project-structure.
 */
import type { Stage } from "../model/stage.ts";
import { manifest } from "./manifest.ts";
import { dependenciesOf } from "./native-packages.ts";
import { startedPrograms } from "./package-script.ts";
import { startsOf } from "./start-program.ts";

/** A program with its first arguments, and the folders of the project that it writes to. */
const WRITERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:react-scripts|craco|react-app-rewired) start\b/, ["node_modules/.cache"]],
  [/^vue-cli-service serve\b/, ["node_modules/.cache"]],
  [/^vite(?: (?:dev|serve|preview))?(?: -|$)/, ["node_modules/.vite", "node_modules/.vite-temp"]],
  [/^next(?: (?:dev|start))?(?: -|$)/, [".next"]],
  [/^nux[ti] dev\b/, [".nuxt", "node_modules/.cache"]],
  [/^ng (?:serve|s|dev)\b/, [".angular"]],
  [/^astro dev\b/, [".astro", "node_modules/.astro", "node_modules/.vite"]],
  [/^gatsby develop\b/, [".cache", "public"]],
  [/^docusaurus start\b/, [".docusaurus", "node_modules/.cache"]],
  [/^nest start\b/, ["dist"]],
  [/^strapi (?:start|develop)\b/, [".cache", ".tmp", "build", "dist", "public/uploads"]],
];

/** Programs that build, or install, so that what they write is where the project keeps it. */
const BUILDERS =
  /^(?:tsc|tsup|swc|babel|webpack|rollup|esbuild|gulp|grunt|parcel|sass|turbo|nx|lerna) |^(?:tsc|tsup|webpack|rollup|gulp|grunt)$|^(?:next|nux[ti]|vite|ng|nest|astro|react-scripts|vue-cli-service|gatsby|prisma generate) ?(?:build|generate)\b|^(?:npm|yarn|pnpm|bun) (?:run )?(?:build|install|ci|i)\b|^(?:yarn|pnpm)$/;

/** Packages that keep something in files, wherever the program says. */
const KEEPERS: Readonly<Record<string, string>> = {
  "@seald-io/nedb": "a database",
  "better-sqlite3": "a database",
  "classic-level": "a database",
  "file-stream-rotator": "logs",
  level: "a database",
  lowdb: "a database",
  multer: "what is uploaded",
  nedb: "a database",
  "node-localstorage": "data",
  "node-persist": "data",
  "quick.db": "a database",
  "rotating-file-stream": "logs",
  sqlite3: "a database",
  "winston-daily-rotate-file": "logs",
};

/** Folders, relative to the project, that what the container starts writes to. */
export function nodeFolders(stage: Stage): readonly string[] {
  const started = startedPrograms(stage).map((words) => words.join(" "));
  const folders = WRITERS.filter(([pattern]) => started.some((text) => pattern.test(text))).flatMap(
    ([, names]) => names,
  );
  // Pages that are made anew, and pictures: of the server that a build has made, too.
  const isNext = stage
    .effective()
    .some(
      (copy) =>
        copy.keyword === "COPY" &&
        !copy.flag("chown") &&
        copy.arguments.slice(0, -1).some(({ value }) => /(?:^|\/)\.next(?:\/standalone)?\/?$/.test(value)),
    );
  return [...new Set([...folders, ...(isNext ? [".next"] : [])])];
}

/**
 * Why a program of Node.js may have to be root, as far as its project tells.
 * @param written directories that are known to be for it to write to.
 */
export function nodeObstacle(stage: Stage, written: readonly string[]): string | undefined {
  const manager = startsOf(stage).find(({ name }) => name === "yarn" || name === "pnpm")?.name;
  if (manager && isOfCorepack(stage))
    return `\`${manager}\` comes from Corepack, which keeps it in root's home directory unless \`COREPACK_HOME\` names another one`;
  const started = startedPrograms(stage).map((words) => words.join(" "));
  const builder = started.find((text) => BUILDERS.test(text));
  if (builder) return `\`${short(builder)}\` writes into the project when the container starts`;
  const text = manifest(stage, "package.json");
  if (text === undefined || !startsNode(started)) return undefined;
  if (started.some((one) => /^vite\b/.test(one)) && /"vite"\s*:\s*"[\^~]?[2-5]\b/.test(text))
    return "this version of `vite` writes next to its configuration, into the working directory";
  const keeper = Object.keys(dependenciesOf(text)).find((name) => Object.hasOwn(KEEPERS, name));
  return keeper && written.length === 0
    ? `\`${keeper}\` keeps ${KEEPERS[keeper]} in files, and in which directory is not known`
    : undefined;
}

/** It is not the program of another image, or in another language. */
function startsNode(started: readonly string[]): boolean {
  return started.some((text) =>
    /^(?:node|nodejs|nodemon|ts-node|ts-node-dev|tsx|pm2|pm2-runtime|npm|yarn|pnpm|bun|vite|next|nux[ti]|nest|strapi|remix-serve|react-router-serve)(?: |$)/.test(
      text,
    ),
  );
}

function isOfCorepack(stage: Stage): boolean {
  if (stage.environmentBefore().has("COREPACK_HOME")) return false;
  return stage.lineage
    .flatMap(({ runs }) => runs)
    .some(({ commands }) =>
      commands.some(({ program, args }) => program === "corepack" && args[0]?.value !== "disable"),
    );
}

function short(text: string): string {
  return text.split(" ").slice(0, 3).join(" ");
}
