/**
 * What a development server hands out, once it is built: by the defaults of https://vite.dev/guide/build,
 * https://create-react-app.dev/docs/production-build, https://cli.vuejs.org/config, https://angular.dev/reference/configs/workspace-config.
 */
import type { Stage } from "../model/stage.ts";
import { manifest } from "./manifest.ts";
import { scriptOf } from "./package-script.ts";

/** Files in a folder of the project, or why they cannot be served by another server. */
export type Site =
  | {
      readonly folder: string;
      readonly port: number;
      /** Pages by their names, rather than one for all. */
      readonly hasPages?: true;
    }
  | { readonly refusal: string };

/** `undefined`: these words start no server of a site of files. */
export function developmentSite(stage: Stage, words: readonly string[]): Site | undefined {
  const [program = ""] = words;
  const kind = KINDS.find(({ pattern }) => pattern.test(words.join(" ")));
  if (!kind) return undefined;
  const script = scriptOf(stage, "build");
  if (script === undefined || !kind.build.test(script))
    return { refusal: `no script \`build\` of \`package.json\` is known to build what \`${program}\` serves` };
  const unknown = words.slice(1).find((word) => /^-/.test(word) && !HARMLESS.test(word));
  if (unknown) return { refusal: `what \`${unknown}\` does is not known for another server` };
  const site = kind.site(stage);
  if ("refusal" in site) return site;
  const at = words.findIndex((word) => /^(?:-p|--port)(?:=|$)/.test(word));
  const given = at === -1 ? undefined : (words[at]!.split("=")[1] ?? words[at + 1]);
  const port = given === undefined ? site.port : Number(given);
  return port > 0 ? { ...site, port } : { refusal: "on which port the server listens is not known" };
}

const HARMLESS =
  /^(?:--host|-H|--port|-p|--open|-o|--no-open|--poll|--disable-host-check|--strictPort|--clearScreen)(?:=|$)/;

interface Kind {
  readonly pattern: RegExp;
  readonly build: RegExp;
  site(stage: Stage): Site;
}

const KINDS: readonly Kind[] = [
  {
    pattern: /^(?:react-scripts|craco|react-app-rewired) start\b/,
    build: /\b(?:react-scripts|craco|react-app-rewired) build\b/,
    site: reactSite,
  },
  { pattern: /^vite(?: (?:dev|serve))?(?: -|$)/, build: /\bvite build\b/, site: viteSite },
  { pattern: /^vue-cli-service serve\b/, build: /\bvue-cli-service build\b/, site: vueSite },
  { pattern: /^docusaurus start\b/, build: /\bdocusaurus build\b/, site: docusaurusSite },
  { pattern: /^astro dev\b/, build: /\bastro build\b/, site: astroSite },
  { pattern: /^ng (?:serve|s|dev)\b/, build: /\bng build\b/, site: angularSite },
];

function reactSite(stage: Stage): Site {
  const text = manifest(stage, "package.json") ?? "";
  const homepage = /"homepage"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? "/";
  if (!/^(?:\.?\/?|https?:\/\/[^/]*\/?)$/.test(homepage))
    return { refusal: "`homepage` in `package.json` puts the site into a folder" };
  const { tree } = stage.dockerfile.context;
  const proxy =
    tree?.find((path) => /(?:^|\/)src\/setupProxy\.[jt]s$/.test(path)) ?? /"proxy"\s*:/.exec(text)?.[0].slice(1, 6);
  if (proxy) return handsOn(proxy);
  const environment = stage.environmentBefore();
  if (environment.has("BUILD_PATH")) return { refusal: "`BUILD_PATH` puts the files elsewhere" };
  return { folder: "build", port: Number(environment.get("PORT") ?? 3000) };
}

/** What makes a server of it, or another folder. */
const OF_VITE_SERVERS =
  /"(?:@sveltejs\/kit|@remix-run\/dev|@react-router\/dev|astro|vike|vite-plugin-ssr|@tanstack\/(?:react|solid)-start|@solidjs\/start|@builder\.io\/qwik-city|laravel-vite-plugin|vitepress|nuxt)"\s*:/;

function viteSite(stage: Stage): Site {
  const other = OF_VITE_SERVERS.exec(manifest(stage, "package.json") ?? "")?.[0].split('"')[1];
  if (other) return { refusal: `what \`${other}\` builds needs a server of its own` };
  const names = ["vite.config.js", "vite.config.mjs", "vite.config.ts"];
  const text = names.map((name) => manifest(stage, name)).find((one) => one !== undefined);
  if (text === undefined && names.some((name) => stage.dockerfile.context.files?.[name] === undefined))
    return { refusal: "what the configuration of `vite` says is not known" };
  const setting = /\b(?:outDir|base|appType|root|proxy|middlewareMode|configureServer)\b(?=\s*[:(])/.exec(
    text ?? "",
  )?.[0];
  if (setting === "proxy") return handsOn(setting);
  if (setting)
    return { refusal: `what nginx has to do for \`${setting}\` in the configuration of \`vite\` is not known` };
  const port = /\bport\s*:\s*([^\s,}]+)/.exec(text ?? "")?.[1] ?? "5173";
  return { folder: "dist", port: Number(port) };
}

function vueSite(stage: Stage): Site {
  const text = manifest(stage, "vue.config.js") ?? "";
  const setting = /\b(?:outputDir|publicPath|baseUrl|proxy|pages)\b(?=\s*:)/.exec(text)?.[0];
  if (setting === "proxy") return handsOn(setting);
  if (setting) return { refusal: `what nginx has to do for \`${setting}\` in \`vue.config.js\` is not known` };
  return { folder: "dist", port: Number(/\bport\s*:\s*([^\s,}]+)/.exec(text)?.[1] ?? 8080) };
}

/** https://docusaurus.io/docs/api/docusaurus-config */
export function docusaurusSite(stage: Stage): Site {
  const text = configuration(stage, "docusaurus.config.js", "docusaurus.config.ts");
  const base = /\bbaseUrl\s*:\s*["'`]([^"'`]*)["'`]/.exec(text ?? "")?.[1];
  if (base !== "/") return { refusal: "`baseUrl` in the configuration of `docusaurus` is not known to be `/`" };
  if (/\b(?:trailingSlash|i18n)\s*:/.test(text!))
    return { refusal: "which page an address means, the configuration of `docusaurus` says otherwise" };
  return { folder: "build", port: 3000, hasPages: true };
}

/** https://docs.astro.build/en/reference/configuration-reference */
function astroSite(stage: Stage): Site {
  const text = configuration(stage, "astro.config.mjs", "astro.config.ts");
  if (text === undefined) return { refusal: "what the configuration of `astro` says is not known" };
  const setting = /\b(?:adapter|output|outDir|base|redirects|proxy)\b(?=\s*:)/.exec(text)?.[0];
  if (setting)
    return { refusal: `what nginx has to do for \`${setting}\` in the configuration of \`astro\` is not known` };
  return { folder: "dist", port: Number(/\bport\s*:\s*([^\s,}]+)/.exec(text)?.[1] ?? 4321), hasPages: true };
}

function configuration(stage: Stage, ...names: readonly string[]): string | undefined {
  return names.map((name) => manifest(stage, name)).find((one) => one !== undefined);
}

interface Target {
  readonly builder?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

function angularSite(stage: Stage): Site {
  const [name, targets, ...others] = angularProjects(manifest(stage, "angular.json"));
  const { build, serve } = targets ?? {};
  if (name === undefined || others.length > 0 || !build?.builder)
    return { refusal: "which project `ng` builds, and where to, is not known" };
  const { outputPath = `dist/${name}`, baseHref, ssr, server } = build.options ?? {};
  if (ssr || server || baseHref) return { refusal: `what \`${name}\` builds needs a server of its own` };
  if (serve?.options?.["proxyConfig"]) return handsOn("proxyConfig");
  if (typeof outputPath !== "string") return { refusal: "`outputPath` in `angular.json` names several folders" };
  return {
    // https://angular.dev/tools/cli/build-system-migration: below it, what is for the browser.
    folder: /:application$/.test(build.builder) ? `${outputPath}/browser` : outputPath,
    port: Number(serve?.options?.["port"] ?? 4200),
  };
}

/** The name of the first project and its targets, and the names of the others. */
function angularProjects(text: string | undefined): readonly [string?, Readonly<Record<string, Target>>?, ...string[]] {
  try {
    const { projects } = JSON.parse(text ?? "{}") as {
      projects?: Record<string, { architect?: Record<string, Target> }>;
    };
    const [first, ...others] = Object.keys(projects ?? {});
    return first === undefined ? [] : [first, projects![first]?.architect ?? {}, ...others];
  } catch {
    return [];
  }
}

function handsOn(name: string): Site {
  return { refusal: `the development server hands requests on, as \`${name}\` says, which another one would have to` };
}
