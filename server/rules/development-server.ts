import type { Stage } from "../model/stage.ts";
import { inDirectory } from "./build-command.ts";
import { type ContainerStart, containerStart, foreignPrograms } from "./container-start.ts";
import { isForDevelopment } from "./development-image.ts";
import { developmentSite } from "./development-site.ts";
import { insertInstructionsAfter, keyword, replace } from "./edit.ts";
import { scriptOf, scriptWords, startedPrograms } from "./package-script.ts";
import { assuming, changing, defineRule, type Finding, unsafe } from "./rule.ts";
import { serveFiles } from "./site-artefact.ts";

export default defineRule({
  id: "development-server",
  category: "efficiency",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",
  mentions: /node|npm|yarn|pnpm|bun/,

  *check({ finalStage: stage, context }) {
    if (!stage || isForDevelopment(stage, context.path)) return;
    const words = startedPrograms(stage).find((one) => kindOf(one) !== undefined);
    const start = containerStart(stage);
    const instruction = stage.last("CMD") ?? stage.last("ENTRYPOINT");
    if (!words || !instruction) return;
    yield {
      at: instruction.rest.range,
      message: `\`${nameOf(words)}\` ${MESSAGES[kindOf(words)!]}`,
      ...(start ? remedy(stage, start) : { refusal: "what else the container starts is not known" }),
    };
  },
});

const SERVERS =
  /^(?:(?:react-scripts|craco|react-app-rewired) start|vue-cli-service serve|vite(?: (?:dev|serve))?(?= -|$)|ng (?:serve|s|dev)|next dev|nux[ti] dev|astro dev|gatsby develop|docusaurus start|vitepress dev|(?:remix|react-router) (?:vite:)?dev|svelte-kit dev|strapi develop|webpack serve|webpack-dev-server)\b/;
const WATCHERS = /^(?:nodemon|ts-node-dev|tsnd|tsx watch|bun --(?:watch|hot)|node (?:\S+ )*--watch)\b/;

/** They compile, and then start what they have compiled. */
const BUILDERS = /^nest start\b/;

const MESSAGES = {
  server: "is a server for development: it builds what it is asked for, and shows the sources to everybody",
  builder: "builds the program whenever the container starts, and needs the compiler there",
  watcher: "waits for changes of the sources, which an image does not have",
} as const;

function kindOf(words: readonly string[]): keyof typeof MESSAGES | undefined {
  const text = words.join(" ");
  if (WATCHERS.test(text)) return "watcher";
  return SERVERS.test(text) ? "server" : BUILDERS.test(text) ? "builder" : undefined;
}

function nameOf(words: readonly string[]): string {
  const text = words.join(" ");
  return (WATCHERS.exec(text) ?? SERVERS.exec(text) ?? BUILDERS.exec(text))![0];
}

function remedy(stage: Stage, start: ContainerStart): Pick<Finding, "fixes" | "refusal"> {
  const [command, ...others] = foreignPrograms(start.commands);
  const words = command && others.length === 0 ? scriptWords(stage, command) : undefined;
  if (!words || start.instructions.length > 1) return { refusal: "it is not all that the container starts" };
  if (kindOf(words) === "watcher") return withoutWatcher(stage, start, words);
  const obstacle = buildObstacle(stage);
  if (obstacle) return { refusal: obstacle };
  const site = developmentSite(stage, words);
  if (!site) return withServer(stage, start, words);
  if ("refusal" in site) return site;
  const directory = inDirectory(site.folder, stage.workdirBefore());
  if (directory === undefined) return { refusal: "in which directory it is built is not known" };
  const result = serveFiles(
    stage,
    start,
    { directory, port: site.port, isSinglePage: !site.hasPages, hasPages: site.hasPages === true, problem: undefined },
    buildLine(stage),
  );
  return "refusal" in result ? result : { fixes: [assuming(result.fix, AT_BUILD, NOBODY_WORKS)] };
}

const NOBODY_WORKS = "Nobody works on the sources in the container, by a volume or by `docker compose watch`.";
const AT_BUILD =
  "The script `build` works, which may check more than a development server does, and needs no variable that the container only gets when it starts.";

/** `nodemon server.js` is `node server.js`, which does not wait for changes. */
function withoutWatcher(
  stage: Stage,
  start: ContainerStart,
  words: readonly string[],
): Pick<Finding, "fixes" | "refusal"> {
  const operands = words.slice(1).filter((word) => !/^(?:--watch|-L|--legacy-watch|-q|--quiet)$/.test(word));
  const own = ["node", ...operands];
  if (isPlainNode(own)) return { fixes: [assuming(starting(start, `Start \`${own.join(" ")}\``, own), NOBODY_WORKS)] };
  const production = ["start:prod", "start"]
    .map((name) => scriptOf(stage, name)?.trim().split(/\s+/))
    .find(isPlainNode);
  if (!production || scriptOf(stage, "build") === undefined)
    return { refusal: "what it starts is no plain file of JavaScript" };
  const obstacle = buildObstacle(stage);
  return obstacle ? { refusal: obstacle } : built(stage, start, production);
}

function isPlainNode(words: readonly string[] | undefined): words is readonly string[] {
  return words?.[0] === "node" && words.length === 2 && /^[\w./-]+$/.test(words[1]!) && !/\.[cm]?tsx?$/.test(words[1]!);
}

/** A framework with a server of its own for what it has built. */
function withServer(stage: Stage, start: ContainerStart, words: readonly string[]): Pick<Finding, "fixes" | "refusal"> {
  const [program = ""] = words;
  const build = scriptOf(stage, "build") ?? "";
  const options = words.slice(2).filter((word) => !/^--turbo(?:pack)?$/.test(word));
  if (
    program === "next" &&
    /\bnext build\b/.test(build) &&
    options.every((word) => /^(?:-p|-H|--port|--hostname|[\w.]+)$/.test(word))
  )
    return built(stage, start, ["npx", "next", "start", ...options]);
  if (
    /^nux[ti]$/.test(program) &&
    /\bnux[ti] build\b/.test(build) &&
    options.every((word) => /^--host$|^0\.0\.0\.0$/.test(word))
  )
    return built(stage, start, ["node", ".output/server/index.mjs"]);
  const production = scriptOf(stage, "start:prod")?.trim().split(/\s+/);
  if (program === "nest" && /\bnest build\b/.test(build) && isPlainNode(production))
    return built(stage, start, production);
  return { refusal: `how what \`${program}\` builds is served is not known` };
}

function built(stage: Stage, start: ContainerStart, words: readonly string[]): Pick<Finding, "fixes"> {
  const last = stage.instructions.findLast(({ keyword: name }) => /^(?:RUN|COPY|ADD)$/.test(name))!;
  const line = buildLine(stage);
  const insertions = line === undefined ? [] : [insertInstructionsAfter(stage.dockerfile.syntax, last, line)];
  return {
    fixes: [
      assuming(
        starting(start, `${line ? "Build it, and start" : "Start"} \`${words.join(" ")}\``, words, ...insertions),
        AT_BUILD,
        NOBODY_WORKS,
      ),
    ],
  };
}

function starting(
  start: ContainerStart,
  title: string,
  words: readonly string[],
  ...edits: readonly ReturnType<typeof replace>[]
) {
  const instruction = start.instructions[0]!;
  const text = `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
  return changing(
    unsafe(title, ...edits, replace(instruction.rest.range, text)),
    instruction.keyword as "CMD" | "ENTRYPOINT",
  );
}

/** Why a build cannot follow the stage's last step. */
function buildObstacle(stage: Stage): string | undefined {
  const last = stage.instructions.findLast(({ keyword: name }) => /^(?:RUN|COPY|ADD)$/.test(name));
  if (!last || stage.parent) return "the sources come from another stage or image";
  const installs = installsOf(stage);
  if (installs.length === 0) return "the packages that a build needs are not installed here";
  if (installs.some(({ run }) => stage.workdirBefore(run.instruction) !== stage.workdirBefore()))
    return "the packages are installed in another directory than the program starts in";
  if (stage.userBefore(last)?.isRoot !== true)
    return "the build may not be allowed to write, as it would not be root's";
  return undefined;
}

function installsOf(stage: Stage) {
  return stage.dockerfile.packageOperations.filter(
    (operation) =>
      operation.run.stage === stage &&
      /^(?:npm|yarn|pnpm)$/.test(operation.manager) &&
      operation.action === "install" &&
      operation.packages.length === 0,
  );
}

/** `undefined`: a RUN builds it already. */
function buildLine(stage: Stage): string | undefined {
  const isBuilt = stage.runs.some(({ commands }) =>
    commands.some(
      ({ program, args }) =>
        /^(?:npm|yarn|pnpm|bun)$/.test(program ?? "") &&
        args.find(({ value }) => !/^-|^run(?:-script)?$/.test(value ?? ""))?.value === "build",
    ),
  );
  return isBuilt ? undefined : `${keyword(stage, "RUN")} ${installsOf(stage)[0]!.manager} run build`;
}
