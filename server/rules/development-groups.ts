/** Which installs bring along what only development needs: shared by `development-dependencies` and what splits a stage. */
import type { Manager, PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import { insertArguments } from "./edit.ts";
import { isConfigured } from "./package-rules.ts";
import type { Edit } from "./rule.ts";

/**
 * It installs what the manifest lists, the development dependencies included, though what the container starts needs none.
 * A build behind it may.
 */
export function installsDevelopment(install: PackageOperation): boolean {
  const tool = DEVELOPMENT_TOOLS[install.manager];
  const { finalStage } = install.run.stage.dockerfile;
  if (!tool || !finalStage || install.run.onbuild || install.packages.length > 0) return false;
  if (install.action !== "install" || !tool.verbs.test(install.verb.value!)) return false;
  return !leavesOut(install, tool) && !hasNone(install, tool) && isStarted(finalStage, tool);
}

/** The option that leaves them out. */
export function withoutDevelopment({ command, verb, manager }: PackageOperation): Edit {
  return insertArguments(command, verb, ...DEVELOPMENT_TOOLS[manager]!.fix);
}

/** The manifest is known, and lists some. */
export function listsDevelopment({ run, manager }: PackageOperation): boolean {
  const [name, lists] = DEVELOPMENT_TOOLS[manager]?.manifest ?? ["", /$^/];
  return lists.test(run.stage.dockerfile.context.files?.[name] ?? "");
}

export interface DevelopmentTool {
  /** Those that install what the manifest lists. */
  readonly verbs: RegExp;
  /** Arguments, written together, that say which groups are wanted. */
  readonly flags: RegExp;
  /** Variables that say so, with the values that leave the development dependencies out; any other value is a choice too. */
  readonly variables: RegExp;
  /** The file in which they are listed, and what it has when there are some. */
  readonly manifest: readonly [string, RegExp];
  /** What a container that does not develop starts. */
  readonly programs: RegExp;
  readonly fix: readonly string[];
}

const NODE = {
  manifest: ["package.json", /"devDependencies"\s*:\s*\{\s*"/],
  programs: /^node$/,
} as const;
const PYTHON = {
  programs: /^(?:python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|celery|granian|waitress-serve|fastapi|streamlit)$/,
} as const;

export const DEVELOPMENT_TOOLS: Readonly<Partial<Record<Manager, DevelopmentTool>>> = {
  npm: {
    ...NODE,
    verbs: /^(?:install|i|in|ci|ic|clean-install|install-clean)$/,
    flags: /--(?:omit|include|only|also|production|prod|dev|global|location|package-lock-only)\b|(?:^| )-\w*g/,
    variables: /^(?:NODE_ENV|npm_config_(?:omit|only|production|include))$/i,
    fix: ["--omit=dev"],
  },
  yarn: {
    ...NODE,
    verbs: /^(?:install|yarn)$/,
    // Those of Yarn 2 and later have no such flag.
    flags: /--(?:production|prod|immutable|mode|inline-builds|check-cache)\b/,
    variables: /^(?:NODE_ENV|YARN_PRODUCTION|npm_config_production)$/i,
    fix: ["--production"],
  },
  pnpm: {
    ...NODE,
    verbs: /^(?:install|i)$/,
    flags: /--(?:production|prod|dev|global|lockfile-only)\b|(?:^| )-\w*[PDg]/,
    variables: /^(?:NODE_ENV|npm_config_(?:omit|only|production))$/i,
    fix: ["--prod"],
  },
  composer: {
    verbs: /^install$/,
    flags: /--(?:no-dev|dev)\b/,
    variables: /^COMPOSER_NO_DEV$/,
    manifest: ["composer.json", /"require-dev"\s*:\s*\{\s*"/],
    programs: /^(?:php(?:-fpm)?|apache2-foreground|frankenphp|supervisord|nginx)$/,
    fix: ["--no-dev"],
  },
  bundle: {
    verbs: /^install$/,
    flags: /--(?:without|with|only)\b/,
    variables: /^(?:BUNDLE_(?:WITHOUT|WITH|ONLY)|RAILS_ENV|RACK_ENV)$/,
    manifest: ["Gemfile", /\bgroups?\s*:?\(?\s*:(?:development|test)|\bgroups?:.*:(?:development|test)/],
    programs: /^(?:rails|puma|unicorn|sidekiq|rackup|thrust|bundle|ruby)$/,
    fix: [],
  },
  poetry: {
    ...PYTHON,
    verbs: /^(?:install|sync)$/,
    flags: /--(?:only|without|with|no-dev|dev-only|all-groups)\b/,
    variables: /^POETRY_WITHOUT$/,
    manifest: ["pyproject.toml", /\[tool\.poetry\.(?:group\.|dev-dependencies)|\[dependency-groups\]/],
    fix: ["--only", "main"],
  },
  uv: {
    ...PYTHON,
    verbs: /^sync$/,
    flags: /--(?:no-dev|dev|only-dev|group|only-group|no-group|all-groups|no-default-groups|production)\b/,
    variables: /^UV_(?:NO_DEV|DEV|NO_DEFAULT_GROUPS|NO_GROUP)$/,
    manifest: ["pyproject.toml", /\[dependency-groups\]|dev-dependencies/],
    fix: ["--no-dev"],
  },
};

/** It says which dependencies it wants, or may do so. */
function leavesOut(install: PackageOperation, { flags, variables }: DevelopmentTool): boolean {
  const { run, command, args } = install;
  const words = args.map(({ value, text }) => value ?? text);
  if (flags.test(words.join(" ")) || args.some(({ value, text }) => value === undefined && /^["']?[$`]/.test(text)))
    return true;
  if ([...run.stage.environmentBefore(run.instruction)].some(([name, value]) => variables.test(name) && value !== ""))
    return true;
  const sets = run.commands.flatMap(({ shell }) => [
    ...(shell?.assignments ?? []).map(({ name }) => name),
    ...(shell?.words ?? []).map(({ text }) => text.split("=")[0]!),
  ]);
  if (sets.some((name) => variables.test(name))) return true;
  if (
    isConfigured(
      install,
      /\bbundle\s+config\b.*\b(?:without|with|only|deployment)\b|\bconfig\s+set\b.*\b(?:omit|production|no-dev)\b/,
    )
  )
    return true;
  if (/^\s*(?:omit|production|only)\s*=/m.test(run.stage.dockerfile.context.files?.[".npmrc"] ?? "")) return true;
  // Yarn 2 and later do it by another command.
  return (
    install.manager === "yarn" &&
    isConfigured(install, /\bcorepack\b|\byarn set version\b|\.yarnrc\.yml|\.yarn\b/) &&
    command !== undefined
  );
}

/** The manifest is known, and lists none. */
function hasNone({ run }: PackageOperation, { manifest: [name, lists] }: DevelopmentTool): boolean {
  const text = run.stage.dockerfile.context.files?.[name];
  return typeof text === "string" && !lists.test(text);
}

/** What the container starts is known, and is no tool of development. */
function isStarted(stage: Stage, { programs, manifest }: DevelopmentTool): boolean {
  const words = startWords(stage);
  // Images for PHP start a server of their own.
  if (words.length === 0)
    return manifest[0] === "composer.json" && /^php$/.test(stage.lineage[0]!.image?.repository ?? "");
  if (
    /--reload|--watch|--inspect|\b(?:dev|development|watch|test|spec|debug)\b|\.tsx?\b|ts-node|\btsx\b|nodemon/.test(
      words.join(" "),
    )
  )
    return false;
  const [first, ...rest] = words.filter(
    (word) =>
      !/^(?:.*\/)?(?:dumb-init|tini|docker-entrypoint\.sh|docker-php-entrypoint|exec|--|-s|-g|bundle|exec|uv|run|poetry)$/.test(
        word,
      ),
  );
  const name = (first ?? "").slice((first ?? "").lastIndexOf("/") + 1);
  if (programs.test(name)) return true;
  const script = /^(?:npm|yarn|pnpm)$/.test(name) ? rest.find((word) => !/^(?:run|-.*)$/.test(word)) : undefined;
  const text = script && stage.dockerfile.context.files?.["package.json"];
  const line = text && new RegExp(`"${script.replace(/\W/g, "\\$&")}"\\s*:\\s*"([^"]*)"`).exec(text)?.[1];
  return line ? /^node\s/.test(line) && !/--watch|ts-node|\.ts\b/.test(line) : false;
}
