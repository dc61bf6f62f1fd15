/** Next.js collects what its server needs when it is told to: https://nextjs.org/docs/app/api-reference/config/next-config-js/output. */
import type { Stage } from "../model/stage.ts";
import { type Leftover, moveBuild, type Remedy } from "./artefact.ts";
import { type BuildCommand, buildCommands, inDirectory } from "./build-command.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { keyword } from "./edit.ts";
import { manifest } from "./manifest.ts";
import { scriptOf, scriptWords } from "./package-script.ts";
import { slimSibling } from "./slim-image.ts";
import { isInside } from "./stage-split.ts";

const CONFIGURATIONS = ["next.config.js", "next.config.mjs", "next.config.ts"];

export function nextLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "docker.io" || image.repository !== "node") return undefined;
  const [command, ...others] = foreignPrograms(start.commands);
  const words = command && others.length === 0 ? scriptWords(stage, command) : undefined;
  if (words?.[0] !== "next" || words[1] !== "start") return undefined;
  const commands = buildCommands(stage);
  if (!commands.some((one) => buildsNext(stage, one))) return undefined;
  const { files = {} } = stage.dockerfile.context;
  const text = CONFIGURATIONS.map((name) => manifest(stage, name)).find((one) => one !== undefined);
  if (text === undefined && CONFIGURATIONS.some((name) => files[name] === undefined)) return undefined;
  return {
    tools: "all of `node_modules`",
    // What is smaller is still Node.js.
    weight: "medium",
    needed: [`${stage.workdirBefore() ?? ""}/.next`],
    remedy: () => repair(stage, start, words, text ?? ""),
  };
}

function buildsNext(stage: Stage, { command }: BuildCommand): boolean {
  const { program = "", args } = command;
  const words = args.map(({ value }) => value ?? "");
  if (program === "next" || program === "npx") return words.includes("build");
  return (
    /^(?:npm|yarn|pnpm|bun)$/.test(program) &&
    words.includes("build") &&
    /\bnext build\b/.test(scriptOf(stage, "build") ?? "")
  );
}

function repair(stage: Stage, start: ContainerStart, words: readonly string[], text: string): Remedy {
  if (!/\boutput\s*:\s*["'`]standalone["'`]/.test(text))
    return {
      refusal: 'it takes `output: "standalone"` in `next.config.js`, with which Next.js collects what the server needs',
    };
  const unusual = /\b(?:distDir|basePath|assetPrefix|outputFileTracingRoot)\b/.exec(text)?.[0];
  if (unusual) return { refusal: `\`${unusual}\` in the configuration may put the files elsewhere` };
  const workdir = stage.workdirBefore();
  if (workdir === undefined || workdir === "/") return { refusal: "in which directory it is built is not known" };
  const port = words.findIndex((word) => /^(?:-p|--port)/.test(word));
  const number = port === -1 ? undefined : (/\d+$/.exec(words[port]!)?.[0] ?? words[port + 1]);
  const environment = [...(number ? [`PORT=${number}`] : []), "HOSTNAME=0.0.0.0"];
  const standalone = `${workdir}/.next/standalone`;
  return moveBuild(stage, start, {
    tools: "the builder",
    copies: [
      { from: standalone, to: workdir, chown: "node:node" },
      { from: `${workdir}/.next/static` },
      { from: inDirectory("public", workdir)! },
    ],
    isOutput: (path) => isInside(path, `${workdir}/.next`),
    isBuild: ({ command }) => /^(?:npm|npx|yarn|pnpm|bun|corepack|next|node)$/.test(command.program ?? ""),
    buildVariables: /^(?:NEXT_TELEMETRY_DISABLED|npm_config_.*|YARN_.*|PNPM_.*|CI)$/i,
    sources:
      /(?:^|\/)(?:package\*?\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock\*?|pnpm-lock\.yaml\*?|\.npmrc|\.yarnrc(?:\.yml)?|tsconfig[\w.]*\.json|next\.config\.\w+|(?:postcss|tailwind)\.config\.\w+|[^/]*\.[jt]sx?)$|^(?:src|app|pages|components|lib|styles|\.yarn)\/?$/,
    image: slimSibling(stage) ?? stage.imageWord!.text,
    hasSamePackages: true,
    settings: [`${keyword(stage, "ENV")} ${environment.join(" ")}`],
    start: '["node", "server.js"]',
    assumptions: ["The project has a folder `public`, and its server is started from the root of the project."],
  });
}
