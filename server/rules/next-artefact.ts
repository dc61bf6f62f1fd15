/** Next.js collects what its server needs when it is told to: https://nextjs.org/docs/app/api-reference/config/next-config-js/output. */
import type { Stage } from "../model/stage.ts";
import { type Leftover, moveBuild, type Remedy } from "./artefact.ts";
import { type BuildCommand, buildCommands, inDirectory } from "./build-command.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { keyword } from "./edit.ts";
import { hasFolder, manifest } from "./manifest.ts";
import { NODE_BUILD, runsScript } from "./node-build.ts";
import { scriptWords } from "./package-script.ts";
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
  if (program === "next" || program === "npx") return args.some(({ value }) => value === "build");
  return runsScript(stage, command, /\bnext build\b/);
}

function repair(stage: Stage, start: ContainerStart, words: readonly string[], text: string): Remedy {
  const settings = text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, "");
  if (!/\boutput\s*:\s*["'`]standalone["'`]/.test(settings))
    return {
      refusal: 'it takes `output: "standalone"` in `next.config.js`, with which Next.js collects what the server needs',
    };
  // Next.js names the folders below it by the project's place in it.
  const unusual = /\boutputFileTracingRoot\b/.exec(settings)?.[0];
  if (unusual) return { refusal: `\`${unusual}\` in the configuration may put the files elsewhere` };
  const [named, folder] = /\bdistDir\s*:\s*(?:["'`]([\w./-]+)["'`])?/.exec(settings) ?? [undefined, ".next"];
  if (folder === undefined)
    return { refusal: `what \`${named!.split(":")[0]}\` in the configuration says is not known` };
  const workdir = stage.workdirBefore();
  if (workdir === undefined || workdir === "/") return { refusal: "in which directory it is built is not known" };
  const port = words.findIndex((word) => /^(?:-p|--port)/.test(word));
  const number = port === -1 ? undefined : (/\d+$/.exec(words[port]!)?.[0] ?? words[port + 1]);
  const environment = [...(number ? [`PORT=${number}`] : []), "HOSTNAME=0.0.0.0"];
  const output = inDirectory(folder, workdir)!;
  const hasPublic = hasFolder(stage, "public", "package.json");
  return moveBuild(stage, start, {
    ...NODE_BUILD,
    copies: [
      { from: `${output}/standalone`, to: workdir, chown: "node:node" },
      { from: `${output}/static`, chown: "node:node" },
      ...(hasPublic === false ? [] : [{ from: `${workdir}/public` }]),
    ],
    isOutput: (path) => isInside(path, output),
    image: slimSibling(stage) ?? stage.imageWord!.text,
    settings: [`${keyword(stage, "ENV")} ${environment.join(" ")}`],
    start: '["node", "server.js"]',
    assumptions:
      hasPublic === undefined
        ? ["The project has a folder `public`: without one, the line that copies it has to go."]
        : [],
  });
}
