/**
 * A site of files that Node.js only builds and hands out: https://github.com/vercel/serve, https://github.com/http-party/http-server,
 * https://vite.dev/guide/cli#vite-preview, https://github.com/nginx/docker-nginx-unprivileged.
 */
import { NGINX_UNPRIVILEGED } from "../model/data/runtime-images.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Leftover, Remedy } from "./artefact.ts";
import { inDirectory } from "./build-command.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { docusaurusSite } from "./development-site.ts";
import { keyword, removeInstruction } from "./edit.ts";
import { manifest } from "./manifest.ts";
import { scriptWords } from "./package-script.ts";
import { changing, type Edit } from "./rule.ts";
import { lineNumber, splitFix, splitObstacle } from "./stage-split.ts";
import { isTrusted } from "./untrusted-registry.ts";

export interface Server {
  /** Inside of the container. */
  readonly directory: string;
  /** `undefined`: not known. */
  readonly port: number | undefined;
  /** What is no file is answered with `index.html`; by `serve` even where there is a page of this name. */
  readonly isSinglePage: boolean;
  readonly hasPages: boolean;
  /** An option that nginx would have to be taught. */
  readonly problem: string | undefined;
}

export function siteLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "docker.io" || image.repository !== "node") return undefined;
  const [command, ...others] = foreignPrograms(start.commands);
  if (!command || others.length > 0) return undefined;
  const words = scriptWords(stage, command);
  const server = words && serverOf(stage, words);
  if (!server || !builds(stage)) return undefined;
  return {
    tools: "Node.js and all packages",
    needed: [server.directory],
    remedy: () => serveFiles(stage, start, server),
  };
}

/** Something is built here, so that the files are no sources. */
function builds(stage: Stage): boolean {
  return stage.runs.some(({ commands }) =>
    commands.some(({ program = "", args }) => {
      const words = args.map(({ value }) => value ?? "");
      if (/^(?:npm|yarn|pnpm|bun)$/.test(program))
        return words.some((word) => /^(?:build|generate|export)(?::|$)/.test(word));
      return (
        /^(?:npx|vite|ng|react-scripts|vue-cli-service|astro|gatsby|docusaurus|vuepress|eleventy|parcel|webpack)$/.test(
          program,
        ) && words.includes("build")
      );
    }),
  );
}

function serverOf(stage: Stage, words: readonly string[]): Server | undefined {
  const [program = "", ...rest] = words;
  if (program === "vite" || program === "vite-preview")
    return rest[0] === "preview" ? previewOf(stage, rest.slice(1)) : undefined;
  if (program === "docusaurus" && rest[0] === "serve") return pagesOf(stage, rest.slice(1));
  if (program !== "serve" && program !== "http-server") return undefined;
  const isServe = program === "serve";
  const valued = isServe ? /^(?:-l|--listen|-p|--port)$/ : /^(?:-p|--port|-a)$/;
  const harmless = isServe
    ? /^(?:-s|--single|-n|--no-clipboard|-L|--no-request-logging|-u|--no-compression|--no-port-switching|--no-etag|-d|--debug)$/
    : /^(?:-s|--silent|-g|--gzip|-b|--brotli|-r|--robots|-c-?\d*|-d(?:=?false)?|-i(?:=?false)?|--no-dotfiles)$/;
  let folder: string | undefined;
  let listen: string | undefined;
  let problem: string | undefined;
  let isSinglePage = false;
  for (let i = 0; i < rest.length; i++) {
    const [name = "", attached] = rest[i]!.startsWith("--") ? rest[i]!.split("=") : [rest[i]!];
    if (!name.startsWith("-")) folder ??= name;
    else if (valued.test(name)) {
      const value = attached ?? rest[++i];
      if (name !== "-a") listen = value;
    } else if (harmless.test(name)) isSinglePage ||= isServe && /^(?:-s|--single)$/.test(name);
    else problem ??= name;
  }
  const directory = folder === undefined ? undefined : inDirectory(folder, stage.workdirBefore());
  if (directory === undefined || directory === "/" || directory === stage.workdirBefore()) return undefined;
  const given = Number(/(?:^|:)(\d+)$/.exec(listen ?? "")?.[1] ?? Number.NaN);
  const variable = Number((isServe ? stage.environmentBefore().get("PORT") : undefined) ?? Number.NaN);
  const port = [given, variable, ...exposed(stage)].find((number) => number > 0) ?? (isServe ? undefined : 8080);
  return {
    directory,
    port: listen !== undefined && Number.isNaN(given) ? undefined : port,
    isSinglePage,
    hasPages: !isSinglePage,
    problem,
  };
}

/** It serves what `docusaurus build` made: https://docusaurus.io/docs/cli#docusaurus-serve-sitedir */
function pagesOf(stage: Stage, words: readonly string[]): Server | undefined {
  const site = docusaurusSite(stage);
  const directory = inDirectory("build", stage.workdirBefore());
  if (directory === undefined) return undefined;
  const index = words.findIndex((word) => /^(?:-p|--port)(?:=|$)/.test(word));
  const given = index === -1 ? "3000" : (words[index]!.split("=")[1] ?? words[index + 1]);
  const other = words.find((word) => /^-/.test(word) && !/^(?:-p|--port|-h|--host|--no-open)(?:=|$)/.test(word));
  return {
    directory,
    port: Number(given) || undefined,
    isSinglePage: false,
    hasPages: true,
    problem: other ?? ("refusal" in site ? "baseUrl` in the configuration of `docusaurus" : undefined),
  };
}

/** It serves what `vite build` made: `dist`, unless the configuration says otherwise. */
function previewOf(stage: Stage, words: readonly string[]): Server | undefined {
  const configurations = ["vite.config.js", "vite.config.mjs", "vite.config.ts"].map((name) => manifest(stage, name));
  const text = configurations.find((one) => one !== undefined);
  if (text === undefined || words.some((word) => /^--(?:outDir|base|config|mode)/.test(word))) return undefined;
  const directory = inDirectory("dist", stage.workdirBefore());
  if (directory === undefined || directory === "/dist") return undefined;
  const index = words.findIndex((word) => /^--port(?:=|$)/.test(word));
  const given = index === -1 ? "4173" : (words[index]!.split("=")[1] ?? words[index + 1]);
  const problem = /\b(?:outDir|base|preview|appType|root)\s*:/.exec(text)?.[0].replace(/\s*:/, "");
  return {
    directory,
    port: Number(given) || undefined,
    isSinglePage: true,
    hasPages: true,
    problem: problem && `${problem}\` in the configuration of \`vite`,
  };
}

function exposed(stage: Stage): readonly number[] {
  const ports = stage
    .effective()
    .filter(({ keyword: name }) => name === "EXPOSE")
    .flatMap(({ arguments: words }) => words);
  return ports.length === 1 ? [Number.parseInt(ports[0]!.value, 10)] : [];
}

/** Says nothing to a server of files, or is said by its image. */
const DROPPED = /^(?:CMD|ENTRYPOINT|ENV|WORKDIR|USER|ARG|STOPSIGNAL|SHELL)$/;

/**
 * nginx in place of a server of files.
 * @param build the last line of the builder, where it does not build yet.
 */
export function serveFiles(
  stage: Stage,
  start: ContainerStart,
  { directory, port, isSinglePage, hasPages, problem }: Server,
  build?: string,
): Remedy {
  const { dockerfile, instructions } = stage;
  if (problem) return { refusal: `what nginx has to do for \`${problem}\` is not known` };
  if (port === undefined) return { refusal: "on which port the server listens is not known" };
  const obstacle = splitObstacle(stage);
  if (obstacle) return { refusal: obstacle };
  const image = `${NGINX_UNPRIVILEGED}${stage.base.distribution === "alpine" ? "-alpine" : ""}`;
  if (!isTrusted(dockerfile, image)) return { refusal: `\`${image}\` comes from none of the trusted registries` };
  const frontend = dockerfile.syntax.directives.find(({ name }) => name === "syntax")?.value ?? "";
  if (/:1\.[0-3](?:\.\d+)?(?:-|@|$)/.test(frontend))
    return { refusal: "the frontend that `# syntax=` names knows no heredoc in COPY" };
  const last = instructions.findLastIndex(({ keyword: name }) => /^(?:RUN|COPY|ADD)$/.test(name));
  const behind = instructions.slice(last + 1);
  if (start.instructions.some((instruction) => !behind.includes(instruction)))
    return { refusal: `line ${lineNumber(stage, start.instructions[0]!)} stands above a step of the build` };
  const other = instructions.find(({ keyword: name }) => name === "HEALTHCHECK" || name === "VOLUME");
  if (other) return { refusal: `whether line ${lineNumber(stage, other)} is right for nginx is not known` };

  const dropped = behind.filter(({ keyword: name }) => DROPPED.test(name));
  const edits: Edit[] = dropped.map((instruction) => removeInstruction(dockerfile.syntax, instruction));
  const split = splitFix(stage, {
    title: `Build in a stage of its own, and serve the files with \`${image}\``,
    lastOfBuilder: instructions[last]!,
    finalImage: image,
    closing: build === undefined ? [] : [build],
    settings: [
      configuration(stage, port, `${hasPages ? "$uri.html $uri/ " : ""}${isSinglePage ? "/index.html" : "=404"}`),
    ],
    copies: [{ from: directory, to: "/usr/share/nginx/html" }],
    fateOf: ({ keyword: name }: Instruction) => (name === "LABEL" || name === "EXPOSE" ? "final" : "builder"),
    edits,
    assumptions: [
      `The server only hands out the files of \`${directory}\`: it sends no requests on, and sets no headers of its own.`,
      ...(isSinglePage
        ? ["Paths that are no file are the pages of a single-page application, and get `index.html`."]
        : []),
      ...(port < 1024
        ? [`Opening port ${port} needs no root: so with Docker 20.10 and later, but not everywhere with Kubernetes.`]
        : []),
    ],
  });
  return { fix: changing(split, "CMD", "ENTRYPOINT", "WORKDIR", "USER", "STOPSIGNAL") };
}

/** `try_files` as the server did: a page without its ending, a folder's index, and what is left. */
function configuration(stage: Stage, port: number, rest: string): string {
  return `${keyword(stage, "COPY")} <<'EOF' /etc/nginx/conf.d/default.conf
server {
    listen ${port};
    root /usr/share/nginx/html;
    location / {
        try_files $uri ${rest};
    }
}
EOF`;
}
