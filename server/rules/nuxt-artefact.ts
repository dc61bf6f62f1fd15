/**
 * Nitro, the server of Nuxt and others, bundles the program and the packages that it needs into `.output`:
 * https://nuxt.com/docs/getting-started/deployment#nodejs-server, https://nitro.build/deploy/runtimes/node.
 */
import type { Stage } from "../model/stage.ts";
import { type Leftover, moveBuild } from "./artefact.ts";
import { type BuildCommand, buildCommands, inDirectory } from "./build-command.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { NODE_BUILD, runsScript } from "./node-build.ts";
import { scriptWords } from "./package-script.ts";
import { slimSibling } from "./slim-image.ts";
import { isInside } from "./stage-split.ts";

/** Of the frameworks that are built on it. */
const BUILDS = /\b(?:nux[ti]|nitro|nitropack|vinxi) build\b/;

export function nuxtLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "docker.io" || image.repository !== "node") return undefined;
  const [command, ...others] = foreignPrograms(start.commands);
  const words = command && others.length === 0 ? scriptWords(stage, command) : undefined;
  const file = words?.[0] === "node" ? words[1] : undefined;
  const server = file === undefined ? undefined : inDirectory(file, stage.workdirBefore());
  const output = server === undefined ? undefined : /^(.+\/\.output)\/server\/index\.mjs$/.exec(server)?.[1];
  if (output === undefined || !buildCommands(stage).some((one) => buildsIt(stage, one))) return undefined;
  return {
    tools: "all of `node_modules`",
    // What is smaller is still Node.js.
    weight: "medium",
    needed: [output],
    remedy: () =>
      moveBuild(stage, start, {
        ...NODE_BUILD,
        copies: [{ from: output }],
        isOutput: (path) => isInside(path, output),
        image: slimSibling(stage) ?? stage.imageWord!.text,
        // npm would find no `package.json` there.
        ...(command!.program === "node" ? {} : { start: JSON.stringify(words).replaceAll('","', '", "') }),
      }),
  };
}

function buildsIt(stage: Stage, { command }: BuildCommand): boolean {
  const text = [command.program, ...command.args.map(({ value }) => value ?? "")].join(" ");
  return BUILDS.test(text) || runsScript(stage, command, BUILDS);
}
