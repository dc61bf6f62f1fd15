/** What package managers do in a RUN: one table, one reading. */
import type { ShellWord } from "../syntax/shell.ts";
import { type Command, hasFlag } from "./command.ts";
import type { Run } from "./run.ts";

export type Manager =
  | "apt-get"
  | "apt"
  | "aptitude"
  | "apk"
  | "dnf"
  | "microdnf"
  | "yum"
  | "zypper"
  | "pip"
  | "npm"
  | "yarn"
  | "pnpm"
  | "gem"
  | "go"
  | "cargo"
  | "composer"
  | "bundle"
  | "uv"
  | "poetry"
  | "conda";

/** What the subcommand does, by one name for all managers. */
export type Action = "install" | "update" | "upgrade" | "remove" | "clean" | "other";

export interface PackageName {
  readonly word: ShellWord;
  /** Without version, extras and architecture; `undefined` when the word is not known. */
  readonly name: string | undefined;
  /** As written behind the name: `=1.2`, `==1.2`, `@1.2`; `undefined`: none. */
  readonly version: string | undefined;
}

export class PackageOperation {
  readonly run: Run;
  readonly command: Command;
  readonly manager: Manager;
  readonly action: Action;
  /** The word of the subcommand: `install`, `add`. */
  readonly verb: ShellWord;
  /** What follows the subcommand and is neither an option nor an option's value. */
  readonly packages: readonly PackageName[];
  /** What stands before the verb and says what it works on: `group` of `dnf group install`, `global` of `yarn global add`. */
  readonly scope: string | undefined;
  #args: readonly ShellWord[] | undefined;

  constructor(
    run: Run,
    command: Command,
    manager: Manager,
    action: Action,
    verb: ShellWord,
    packages: readonly PackageName[],
    scope?: string,
  ) {
    this.run = run;
    this.command = command;
    this.manager = manager;
    this.action = action;
    this.verb = verb;
    this.packages = packages;
    this.scope = scope;
  }

  /** What follows the program; a variable whose value is known is replaced by the words that it holds. */
  get args(): readonly ShellWord[] {
    this.#args ??= this.command.args.flatMap((word) => this.run.resolve(word));
    return this.#args;
  }

  /** Whether a flag is given: `-y` also in a bundle, `--yes` also with a value. `undefined`: a variable may hold it. */
  has(...flags: readonly string[]): boolean | undefined {
    return hasFlag(this.args, ...flags);
  }
}

/** The package operations of a RUN, in order; `run.packageOperations` keeps them. */
export function readPackageOperations(run: Run): readonly PackageOperation[] {
  return run.commands.flatMap((command) => readOperation(run, command) ?? []);
}

interface ManagerFacts {
  readonly actions: Readonly<Record<string, Action>>;
  /** Options whose value is the next word. */
  readonly valued: readonly string[];
  /** Splits a package's word into name and version. */
  readonly version: RegExp;
  /** Words before the subcommand that are none themselves: `dnf group install`. */
  readonly scopes?: readonly string[];
}

const DEBIAN: ManagerFacts = {
  actions: {
    install: "install",
    reinstall: "install",
    satisfy: "install",
    update: "update",
    upgrade: "upgrade",
    "dist-upgrade": "upgrade",
    "full-upgrade": "upgrade",
    "safe-upgrade": "upgrade",
    remove: "remove",
    purge: "remove",
    autoremove: "remove",
    "auto-remove": "remove",
    autopurge: "remove",
    clean: "clean",
    autoclean: "clean",
    distclean: "clean",
    "dist-clean": "clean",
  },
  valued: [
    "-t",
    "--target-release",
    "--default-release",
    "-o",
    "--option",
    "-c",
    "--config-file",
    "-a",
    "--host-architecture",
  ],
  version: /^([^=/:]+)(?::[a-z0-9-]+)?(?:(=.+)|(\/.+))?$/,
};

const RPM: ManagerFacts = {
  actions: {
    install: "install",
    in: "install",
    localinstall: "install",
    groupinstall: "install",
    reinstall: "install",
    rei: "install",
    update: "upgrade",
    upgrade: "upgrade",
    up: "upgrade",
    "upgrade-minimal": "upgrade",
    "up-min": "upgrade",
    "distro-sync": "upgrade",
    makecache: "update",
    "check-update": "update",
    "check-upgrade": "update",
    remove: "remove",
    erase: "remove",
    autoremove: "remove",
    clean: "clean",
  },
  valued: [
    "-c",
    "--config",
    "-x",
    "--exclude",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--installroot",
    "--releasever",
    "--setopt",
    "--forcearch",
    "--repofrompath",
    "-d",
    "-e",
  ],
  scopes: ["group", "groups", "module", "environment"],
  version: /^(.+?)(-\d[\w.~^+:]*(?:-[\w.~^+]+)?)?$/,
};

const MANAGERS: Readonly<Record<Manager, ManagerFacts>> = {
  "apt-get": DEBIAN,
  apt: DEBIAN,
  aptitude: DEBIAN,
  apk: {
    actions: { add: "install", update: "update", upgrade: "upgrade", del: "remove", cache: "clean" },
    valued: [
      "-t",
      "--virtual",
      "-X",
      "--repository",
      "-p",
      "--root",
      "--arch",
      "--keys-dir",
      "--repositories-file",
      "--wait",
      "--cache-dir",
    ],
    version: /^([^=~<>]+)([=~<>].+)?$/,
  },
  dnf: RPM,
  microdnf: RPM,
  yum: RPM,
  zypper: {
    actions: {
      install: "install",
      in: "install",
      refresh: "update",
      ref: "update",
      update: "upgrade",
      up: "upgrade",
      "dist-upgrade": "upgrade",
      dup: "upgrade",
      patch: "upgrade",
      remove: "remove",
      rm: "remove",
      clean: "clean",
      cc: "clean",
    },
    valued: ["-t", "--type", "-r", "--repo", "--from", "-R", "--root", "-C", "--config"],
    version: /^([^=<>]+)([=<>].+)?$/,
  },
  pip: {
    actions: { install: "install", uninstall: "remove", cache: "clean", download: "other", wheel: "other" },
    valued: [
      "-r",
      "--requirement",
      "-c",
      "--constraint",
      "-e",
      "--editable",
      "-t",
      "--target",
      "--prefix",
      "--root",
      "--src",
      "-i",
      "--index-url",
      "--extra-index-url",
      "-f",
      "--find-links",
      "--trusted-host",
      "--platform",
      "--python-version",
      "--implementation",
      "--abi",
      "--proxy",
      "--retries",
      "--timeout",
      "--cache-dir",
      "--progress-bar",
      "--root-user-action",
      "--report",
      "--upgrade-strategy",
      "--log",
      "--no-binary",
      "--only-binary",
      "--python",
      "--cert",
      "--client-cert",
      "--exists-action",
      "--use-feature",
      "--global-option",
      "--install-option",
      "--build-option",
      "--use-deprecated",
      "--keyring-provider",
      "--group",
      "--config-settings",
      "-C",
    ],
    version: /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*([=<>!~].+)?$/,
  },
  npm: {
    actions: {
      install: "install",
      i: "install",
      add: "install",
      in: "install",
      ci: "install",
      ic: "install",
      "clean-install": "install",
      "install-clean": "install",
      update: "upgrade",
      upgrade: "upgrade",
      uninstall: "remove",
      prune: "remove",
      cache: "clean",
    },
    valued: [
      "--loglevel",
      "--registry",
      "--prefix",
      "-C",
      "--cache",
      "--omit",
      "--include",
      "-w",
      "--workspace",
      "--fetch-retries",
      "--fetch-timeout",
      "--userconfig",
      "--tag",
      "--only",
      "--cpu",
      "--os",
      "--libc",
      "--maxsockets",
      "--audit-level",
      "--install-strategy",
    ],
    version: /^(@?[^@]+)(@.+)?$/,
  },
  yarn: {
    actions: {
      install: "install",
      add: "install",
      upgrade: "upgrade",
      up: "upgrade",
      remove: "remove",
      cache: "clean",
    },
    valued: ["--cwd", "--registry", "--cache-folder", "--network-timeout", "--modules-folder", "--mutex"],
    scopes: ["global"],
    version: /^(@?[^@]+)(@.+)?$/,
  },
  pnpm: {
    actions: {
      install: "install",
      i: "install",
      add: "install",
      fetch: "install",
      deploy: "install",
      update: "upgrade",
      remove: "remove",
      prune: "remove",
      store: "clean",
    },
    valued: ["-C", "--dir", "--filter", "-F", "--store-dir", "--registry", "--reporter"],
    version: /^(@?[^@]+)(@.+)?$/,
  },
  gem: {
    actions: { install: "install", i: "install", update: "upgrade", uninstall: "remove", cleanup: "clean" },
    valued: [
      "-v",
      "--version",
      "-i",
      "--install-dir",
      "-n",
      "--bindir",
      "-P",
      "--trust-policy",
      "-s",
      "--source",
      "--platform",
    ],
    version: /^([^:]+)(:.+)?$/,
  },
  go: {
    actions: { install: "install", get: "install", mod: "other", run: "other", clean: "clean", build: "other" },
    valued: ["-o", "-ldflags", "-tags", "-mod", "-C", "-p", "-gcflags", "-asmflags"],
    version: /^([^@]+)(@.+)?$/,
  },
  cargo: {
    actions: { install: "install", build: "other", fetch: "other", clean: "clean" },
    valued: [
      "--version",
      "--git",
      "--branch",
      "--tag",
      "--rev",
      "--path",
      "--root",
      "--features",
      "-F",
      "--target",
      "--profile",
      "-j",
    ],
    version: /^([^@]+)(@.+)?$/,
  },
  composer: {
    actions: {
      install: "install",
      require: "install",
      update: "upgrade",
      remove: "remove",
      "clear-cache": "clean",
      clearcache: "clean",
    },
    valued: ["-d", "--working-dir"],
    scopes: ["global"],
    version: /^([^:=]+)([:=].+)?$/,
  },
  bundle: {
    actions: { install: "install", update: "upgrade", clean: "clean", config: "other", exec: "other" },
    valued: ["--gemfile", "--jobs", "-j", "--path", "--retry", "--without", "--with"],
    version: /^(.+)()$/,
  },
  uv: {
    actions: {
      sync: "install",
      add: "install",
      remove: "remove",
      cache: "clean",
      run: "other",
      venv: "other",
      lock: "other",
      tool: "other",
    },
    valued: [
      "--group",
      "--extra",
      "--python",
      "-p",
      "--project",
      "--directory",
      "--cache-dir",
      "--index",
      "--index-url",
    ],
    version: /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*([=<>!~@].+)?$/,
  },
  poetry: {
    actions: {
      install: "install",
      sync: "install",
      add: "install",
      update: "upgrade",
      remove: "remove",
      cache: "clean",
      run: "other",
      config: "other",
      export: "other",
    },
    valued: ["--with", "--without", "--only", "-E", "--extras", "-C", "--directory", "-P", "--project"],
    version: /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*([=<>!~@^].+)?$/,
  },
  conda: {
    // `conda env create`
    actions: {
      install: "install",
      create: "install",
      env: "install",
      update: "upgrade",
      remove: "remove",
      clean: "clean",
    },
    valued: ["-n", "--name", "-p", "--prefix", "-c", "--channel", "-f", "--file"],
    version: /^([^=<>!]+)([=<>!].+)?$/,
  },
};

const ALIASES: Readonly<Record<string, Manager>> = {
  mamba: "conda",
  micromamba: "conda",
  bundler: "bundle",
  "dnf-3": "dnf",
  dnf5: "dnf",
  tdnf: "dnf",
};

function readOperation(run: Run, command: Command): PackageOperation | undefined {
  const { program } = command;
  if (program === undefined) return undefined;
  if (/^pip(?:\d(?:\.\d+)?)?$/.test(program)) return operationOf(run, command, "pip", command.args);
  const module = /^python(?:\d(?:\.\d+)?)?$/.test(program) ? command.args.findIndex(({ value }) => value === "-m") : -1;
  if (module !== -1 && command.args[module + 1]?.value === "pip")
    return operationOf(run, command, "pip", command.args.slice(module + 2));
  if (program === "uv" && command.args[0]?.value === "pip") return undefined;
  const manager = Object.hasOwn(MANAGERS, program)
    ? (program as Manager)
    : Object.hasOwn(ALIASES, program)
      ? ALIASES[program]
      : undefined;
  return manager && operationOf(run, command, manager, command.args);
}

function operationOf(
  run: Run,
  command: Command,
  manager: Manager,
  args: readonly ShellWord[],
): PackageOperation | undefined {
  const { actions, valued, version, scopes } = MANAGERS[manager];
  const words = withoutOptions(args, valued);
  const scope = words[0]?.value !== undefined && scopes?.includes(words[0].value) ? words[0].value : undefined;
  const plain = scope === undefined ? words : words.slice(1);
  const verb = plain[0];
  if (verb?.value === undefined) {
    // `yarn` alone installs.
    if (manager !== "yarn" || verb || scope !== undefined || !command.programWord) return undefined;
    if (hasFlag(args, "--version", "-v", "--help", "-h") !== false) return undefined;
    return new PackageOperation(run, command, manager, "install", command.programWord, []);
  }
  const action = Object.hasOwn(actions, verb.value) ? actions[verb.value]! : "other";
  const packages = plain.slice(1).map((word) => {
    const match = word.value === undefined ? undefined : version.exec(word.value);
    return { word, name: match?.[1] ?? word.value, version: match?.[2] ?? match?.[3] };
  });
  return new PackageOperation(run, command, manager, action, verb, packages, scope);
}

function withoutOptions(args: readonly ShellWord[], valued: readonly string[]): readonly ShellWord[] {
  const plain: ShellWord[] = [];
  let onlyPlain = false;
  for (let i = 0; i < args.length; i++) {
    const { value, text } = args[i]!;
    if (!onlyPlain && value === "--") onlyPlain = true;
    else if (!onlyPlain && (value ?? text).startsWith("-")) {
      if (value !== undefined && valued.includes(value)) i++;
    } else plain.push(args[i]!);
  }
  return plain;
}
