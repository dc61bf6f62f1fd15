/**
 * What a RUN does, as far as a stage can be split behind it: what it installs, what it builds and where that goes, what only
 * prepares the file system and can be done again. A command of which that is not known makes its RUN unknown.
 */
import { baseName, type Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { normalise } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { condaStep } from "./conda-environment.ts";
import { isInside } from "./stage-split.ts";

export interface Step {
  readonly run: Run;
  /** The working directory. */
  readonly directory: string | undefined;
  /** Installs of the system's packages. */
  readonly packages: readonly PackageOperation[];
  readonly builds: readonly Build[];
  /** All that it does is to prepare the file system, in a way that can be repeated. */
  readonly isPreparing: boolean;
  /** What it makes, or sets the mode or the owner of; `undefined`: not known. */
  readonly paths: readonly (string | undefined)[];
  /** Whose owner it sets. */
  readonly owners: readonly { readonly owner: string; readonly path: string; readonly isDeep: boolean }[];
  /** The first program of which it is not known what it writes. */
  readonly unknown: string | undefined;
}

export interface Build {
  readonly kind: BuildKind;
  readonly command: Command;
  readonly operation: PackageOperation | undefined;
  /** Of a tool: its names. Of a virtual environment: its path. */
  readonly names: readonly string[];
}

/**
 * `tool`: a program that builds with, and is not part of, the application. `project`: a Python project's manager that keeps
 * the packages in an environment of the project. `directory`: whatever it writes is in the working directory. `aside`:
 * nothing that lasts.
 */
export type BuildKind =
  | "aside"
  | "bundle"
  | "composer"
  | "conda"
  | "directory"
  | "environment"
  | "gem"
  | "node"
  | "node tool"
  | "php"
  | "pip"
  | "pip tool"
  | "project"
  | "tool"
  | "uv pip";

/** Tools that install an application's packages and are not needed to run it. */
const INSTALLERS = /^(?:uv|poetry|poetry-plugin-export|pdm|pipenv|pip|setuptools|wheel|build|hatch|virtualenv)$/i;
/** Programs that only prepare the file system, and can do it again in the final stage. */
const PREPARING =
  /^(?:mkdir|touch|chown|chmod|useradd|groupadd|adduser|addgroup|usermod|ln|true|:|a2enmod|a2dismod|a2enconf|a2ensite|a2dissite)$/;
const CLEANING = /^(?:set|export|true|:|test|\[|ls|date|sync|unset)$/;
/** Bundlers and compilers that write into the project: what `npx` runs, or `node_modules/.bin` has. */
const PROJECT_TOOLS =
  /^(?:tsc|vite|webpack|webpack-cli|rollup|esbuild|tsup|swc|babel|parcel|ng|next|nuxt|nuxi|nest|vue-cli-service|react-scripts|astro|svelte-kit|remix|turbo|nx|gulp|grunt|prisma|tailwindcss|postcss|sass|lerna|tsc-alias|node-gyp|cmake|configure)$/;

export function stepOf(run: Run): Step {
  const directory = run.stage.workdirBefore(run.instruction);
  const { commands, packageOperations } = run;
  const packages: PackageOperation[] = [];
  const builds: Build[] = [];
  const prepared: Command[] = [];
  let unknown = commands.length === 0 ? (run.instruction.rest.text.split(/\s/)[0] ?? "") : undefined;
  let at = directory;
  for (const command of commands) {
    const operation = packageOperations.find((one) => one.command === command);
    if (isSystemPackages(operation)) {
      if (operation!.action === "install") packages.push(operation!);
      const isSelected = operation!.has("-t", "--target-release", "--default-release") !== false;
      if (/^(?:upgrade|other)$/.test(operation!.action) || (isSelected && operation!.manager !== "apk"))
        unknown ??= `${command.program} ${operation!.verb.text}${isSelected === true ? " -t" : ""}`;
      continue;
    }
    if (command.program === "cd") {
      at = pathOf(command.args[0], at);
      if (at === undefined || directory === undefined || directory === "/" || !isInside(at, directory))
        unknown ??= "cd";
      continue;
    }
    if (!isActivationAtLogin(command) && writesElsewhere(command, at, directory)) unknown ??= nameOfCommand(command);
    if (isActivationAtLogin(command)) continue;
    const kind = kindOf(command, operation, run);
    if (kind) builds.push({ command, operation, ...kind });
    else if (PREPARING.test(command.program ?? "") || isImageSetting(command)) prepared.push(command);
    else if (command.program === "rm") {
      if (!command.args.every((word) => word.text.startsWith("-") || isJunk(word.text) || isBelow(word, at, directory)))
        prepared.push(command);
    } else if (!CLEANING.test(command.program ?? "") && !isPrinted(command)) unknown ??= nameOfCommand(command);
  }
  const isMixed = builds.length > 0 || packages.length > 0;
  // What is prepared in the same RUN as a build comes with it only where the build's own files do.
  const outside = prepared.find((command) => isMixed && !staysInside(command, directory));
  if (outside) unknown ??= nameOfCommand(outside);
  return {
    run,
    directory,
    packages: packages.filter((operation) => !isTakenAway(operation, packageOperations)),
    builds,
    isPreparing: prepared.length > 0 && !isMixed && unknown === undefined,
    paths: prepared.flatMap((command) => pathsOf(command, at)),
    owners: prepared.flatMap((command) => ownersOf(command, at)),
    unknown,
  };
}

function isSystemPackages(operation: PackageOperation | undefined): boolean {
  return operation !== undefined && /^(?:apt-get|apt|apk)$/.test(operation.manager);
}

/** The same RUN removes all of them again, by name. */
function isTakenAway(install: PackageOperation, operations: readonly PackageOperation[]): boolean {
  const removed = operations
    .filter(({ action, command }) => action === "remove" && command.range.start > install.command.range.start)
    .flatMap(({ packages }) => packages.map(({ name }) => name));
  return install.packages.length > 0 && install.packages.every(({ name }) => removed.includes(name));
}

type Kind = Pick<Build, "kind" | "names">;

function kind(name: BuildKind, ...names: readonly string[]): Kind {
  return { kind: name, names };
}

/** What a command builds; `undefined`: nothing that is known. */
function kindOf(command: Command, operation: PackageOperation | undefined, run: Run): Kind | undefined {
  const { program = "", args } = command;
  const values = args.map(({ value }) => value);
  const [first, second] = values;
  if (operation) return kindOfOperation(operation);
  const installer = installerOf(command) ?? addedInstaller(command, run);
  if (installer !== undefined) return kind("tool", installer);
  const venv = environmentOf(command, run);
  if (venv !== undefined) return kind("environment", venv);
  if (program === "uv" && first === "pip") {
    if (second !== "install" && second !== "sync") return undefined;
    return values.some((value) => /^--(?:target|prefix|python)(?:=|$)|^-[tp]$/.test(value ?? ""))
      ? undefined
      : kind("uv pip");
  }
  if (/^(?:pdm|pipenv)$/.test(program)) {
    if (/^(?:install|sync|lock)$/.test(first ?? "")) return kind("project", program);
    return /^(?:config|cache)$|^--clear$/.test(first ?? "") ? kind("aside") : undefined;
  }
  if (program === "corepack") return kind("node tool", "yarn", "pnpm");
  if (/^(?:source|\.)$/.test(program)) return /\/bin\/activate$/.test(first ?? "") ? kind("aside") : undefined;
  if (/^python[\d.]*$/.test(program)) {
    if (first === "setup.py") return second === "install" || second === "develop" ? kind("pip", ".") : undefined;
    return first === "-m" && second === "compileall" ? kind("directory") : undefined;
  }
  if (program === "npx" || program === "bunx") {
    const name = values.find((value) => value !== undefined && !value.startsWith("-"));
    return PROJECT_TOOLS.test(name ?? "") ? kind("directory") : undefined;
  }
  if (/^docker-php-(?:ext-(?:install|configure|enable)|source)$/.test(program) || program === "pecl")
    return kind("php");
  if (/^(?:rails|rake|bootsnap)$/.test(program)) return isRailsBuild(values) ? kind("directory") : undefined;
  if (program === "php" && first === "artisan")
    return /^(?:config|route|view|event):cache$|^optimize$|^package:discover$/.test(second ?? "")
      ? kind("directory")
      : undefined;
  if (program === "make")
    return values.some((value) => value === undefined || /install|^-C|^--directory|^\//.test(value))
      ? undefined
      : kind("directory");
  return PROJECT_TOOLS.test(program) ? kind("directory") : undefined;
}

function kindOfOperation(operation: PackageOperation): Kind | undefined {
  const { manager, action, packages, verb, command, scope } = operation;
  // `poetry==$VERSION`: its name is known.
  const names = packages.map(
    ({ name, word }) => (word.value === undefined ? /^["']?([\w.-]+)(?=[=<>~!@])/.exec(word.text)?.[1] : name) ?? "",
  );
  const values = command.args.map(({ value }) => value ?? "");
  if (action === "clean") return kind("aside");
  switch (manager) {
    case "pip": {
      if (action === "remove" || /^(?:config|list|freeze|check|show)$/.test(verb.value ?? "")) return kind("aside");
      const elsewhere = /^(?:--user|--target|-t|--prefix|--root)(?:=|$)/;
      if (action !== "install" || values.some((value) => elsewhere.test(value))) return undefined;
      const isListed = values.some((value) => /^(?:-r|-e|--requirement|--editable)/.test(value));
      return !isListed && names.length > 0 && names.every((name) => INSTALLERS.test(name))
        ? kind("pip tool", ...names)
        : kind("pip", ...names);
    }
    case "uv":
      if (verb.value === "sync") return kind("project", "uv");
      if (verb.value === "venv")
        return kind(
          "environment",
          ...packages
            .slice(0, 1)
            .flatMap(({ word }) => operation.run.resolve(word))
            .map(({ value, text }) => value ?? text),
        );
      return /^(?:lock|export)$/.test(verb.value ?? "") ? kind("aside") : undefined;
    case "poetry":
      if (action === "install" && packages.length === 0) return kind("project", "poetry");
      if (verb.value === "self" && packages[0]?.name === "add") return kind("tool", manager);
      return /^(?:config|lock|export)$/.test(verb.value ?? "") ? kind("aside") : undefined;
    case "npm":
    case "yarn":
    case "pnpm": {
      if (operation.has("-g", "--global") !== false || scope === "global") return kind("node tool", ...names);
      if (/^(?:config|set|--version)$/.test(verb.value ?? "")) return kind("aside");
      if (operation.has("--prefix", "-C", "--dir", "--cwd") !== false) return undefined;
      return kind(action === "install" && verb.value !== "deploy" ? "node" : "directory");
    }
    case "bundle":
      if (action === "install" || verb.value === "config") return kind("bundle");
      return verb.value === "exec" && isRailsBuild(values) ? kind("directory") : undefined;
    case "gem":
      return action === "install" || action === "upgrade" ? kind("gem", ...names) : undefined;
    case "composer":
      if (scope === "global") return undefined;
      return action === "install" || /^(?:dump-?autoload|run-script)$/.test(verb.value ?? "")
        ? kind("composer")
        : undefined;
    case "conda": {
      const step = condaStep(operation);
      if (typeof step !== "object") return step && kind(step, manager);
      return kind("conda", ...(step.prefix === undefined ? [] : [step.prefix]));
    }
    case "cargo":
      return verb.value === "build" || verb.value === "fetch" ? kind("directory") : undefined;
    default:
      return undefined;
  }
}

/** `echo "conda activate shop" >> ~/.bashrc`: nothing to a program that is started without a shell of somebody who logs in. */
function isActivationAtLogin({ program, shell, args }: Command): boolean {
  return (
    program === "echo" &&
    args.some(({ text }) => /\b(?:conda|source|mamba) activate\b/.test(text)) &&
    shell?.redirects.every(({ target }) => /\.(?:bashrc|bash_profile|profile)["']?$/.test(target?.text ?? "")) === true
  );
}

function isRailsBuild(values: readonly (string | undefined)[]): boolean {
  return values.some((value) =>
    /^(?:assets:(?:precompile|clean|clobber)|webpacker:compile|tailwindcss:build|vite:build|css:build|javascript:build|precompile)$/.test(
      value ?? "",
    ),
  );
}

/** The tool that a script from the net installs for the build: `curl https://install.python-poetry.org | python3 -`. */
function installerOf({ shell, program, args }: Command): string | undefined {
  const words = shell?.pipeline?.commands.flatMap(({ words: all }) => all) ?? args;
  const text = words.map((word) => word.text).join(" ");
  if (!/^(?:curl|wget|sh|bash|python[\d.]*|php|rm)$/.test(program ?? "")) return undefined;
  if (/\binstall\.python-poetry\.org\b/.test(text)) return "poetry";
  if (/\bastral\.sh\/uv\b/.test(text)) return "uv";
  return /\bgetcomposer\.org\/installer\b|^composer-setup\.php\b/.test(text) ? "composer" : undefined;
}

/** The same, where ADD has fetched the script: `sh /uv-installer.sh && rm /uv-installer.sh`. */
function addedInstaller({ program, args }: Command, { stage, instruction }: Run): string | undefined {
  if (!/^(?:sh|bash|chmod|rm)$/.test(program ?? "") && !program?.endsWith(".sh")) return undefined;
  const added = stage
    .effective(instruction)
    .find(
      ({ keyword, arguments: words }) => keyword === "ADD" && /^https:\/\/astral\.sh\/uv\//.test(words[0]?.value ?? ""),
    );
  const path = added?.arguments.at(-1)?.value;
  const named = args.filter(({ text }) => !/^[-+]/.test(text));
  const isIt = program?.endsWith(".sh")
    ? path?.endsWith(`/${program}`)
    : named.length === 1 && named[0]!.value === path;
  return path !== undefined && isIt ? "uv" : undefined;
}

/** The directory that `python -m venv` or `virtualenv` makes; a name in the working directory as it is written. */
function environmentOf({ program, args }: Command, run: Run): string | undefined {
  const values = args.flatMap((word) => run.resolve(word)).map(({ value, text }) => value ?? text);
  const isVenv =
    program === "virtualenv" ||
    (/^python[\d.]*$/.test(program ?? "") && values[0] === "-m" && /^(?:venv|virtualenv)$/.test(values[1] ?? ""));
  return isVenv ? values.findLast((value) => !value.startsWith("-")) : undefined;
}

/** It changes the image's own configuration: `mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"`, `sed -i … /etc/…`. */
function isImageSetting({ program, args }: Command): boolean {
  const paths = args.filter(({ value, text }) =>
    /^["']?(?:\$PHP_INI_DIR|\/(?:etc|usr\/local\/etc)\/)/.test(value ?? text),
  );
  if (program === "mv" || program === "cp") return paths.length === 2 && paths.length === args.length;
  return program === "sed" && paths.length > 0 && args.some(({ text }) => /^-\w*i/.test(text));
}

/** `echo`, `cat` or `printf` to the output of the build. */
function isPrinted({ program, shell }: Command): boolean {
  return (
    /^(?:echo|printf|cat|node|npm|yarn|pnpm|python[\d.]*|ruby|php|which|command)$/.test(program ?? "") &&
    !shell?.redirects.some(({ operator }) => operator.includes(">")) &&
    (/^(?:echo|printf|which|command)$/.test(program ?? "") || /(?:^|\s)(?:--version|-[vV])$/.test(textOf(shell)))
  );
}

function textOf(shell: Command["shell"]): string {
  return shell?.words.map(({ text }) => text).join(" ") ?? "";
}

/** A redirect leads out of the working directory. */
function writesElsewhere({ shell }: Command, at: string | undefined, directory: string | undefined): boolean {
  return (shell?.redirects ?? []).some(({ operator, target }) => {
    if (!operator.includes(">") || target === undefined || /^(?:&|\d+$|\/dev\/|\/tmp\/)/.test(target.text))
      return false;
    const path = pathOf(target, at);
    return path === undefined || directory === undefined || !isInside(path, directory);
  });
}

/** Caches and lists, which no program needs. */
function isJunk(text: string): boolean {
  return /^["']?(?:\/var\/(?:lib\/apt\/lists|cache|tmp|log)|\/tmp|(?:\/root|~|\$HOME|\$\{HOME\})\/\.(?:cache|npm|bundle|cargo|composer|config\/pip)|\/usr\/local\/bundle\/cache|\/usr\/share\/(?:doc|man)|\$\{?(?:BUNDLE_PATH|GEM_HOME)\}?)(?:\/|["']?$)/.test(
    text,
  );
}

function isBelow(word: ShellWord, at: string | undefined, directory: string | undefined): boolean {
  const path = pathOf(word, at);
  return path !== undefined && directory !== undefined && directory !== "/" && isInside(path, directory);
}

/** The files and folders that a preparing command names. */
function pathsOf({ program, args }: Command, at: string | undefined): Step["paths"] {
  if (!/^(?:mkdir|touch|chown|chmod|rm)$/.test(program ?? "")) return [];
  const plain = args.filter(({ text }, index) => !text.startsWith("-") && args[index - 1]?.text !== "-m");
  return plain.slice(program === "chown" || program === "chmod" ? 1 : 0).map((word) => pathOf(word, at));
}

function staysInside({ program, args }: Command, directory: string | undefined): boolean {
  if (!/^(?:mkdir|touch|chmod|true|:)$/.test(program ?? "") || directory === undefined) return false;
  const paths = args.filter(({ value }) => !value?.startsWith("-")).slice(program === "chmod" ? 1 : 0);
  return paths.every((word) => isInside(pathOf(word, directory) ?? "/", directory));
}

function ownersOf({ program, args }: Command, at: string | undefined): Step["owners"] {
  if (program !== "chown") return [];
  const [owner, ...paths] = args.filter(({ text }) => !text.startsWith("-"));
  const isDeep = args.some(({ text }) => /^-\w*R|^--recursive$/.test(text));
  return paths.map((word) => ({ owner: owner?.text ?? "", path: pathOf(word, at) ?? "/", isDeep }));
}

function pathOf(word: ShellWord | undefined, at: string | undefined): string | undefined {
  const value = word?.value;
  if (value === undefined || value.startsWith("~")) return undefined;
  if (value.startsWith("/")) return normalise(value);
  return at === undefined ? undefined : normalise(`${at}/${value}`);
}

function nameOfCommand({ program, words }: Command): string {
  return program ?? baseName(words[0]?.text ?? "");
}
