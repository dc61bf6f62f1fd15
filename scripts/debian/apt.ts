import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What apt says of one Debian release, asked in a private root: the machine's own lists and packages are not touched. */
export type Apt = {
  /** The newest version of every binary package, as paragraphs of a `Packages` file. */
  readonly newestPackages: string;
  /** The `Packages` files. A package may be there in several versions. */
  readonly packages: string;
  /** The `Sources` files, likewise. */
  readonly sources: string;
  /** The heads of the signed release files, one for each suite. */
  readonly releaseFiles: readonly string[];
  /** The packages that apt would unpack into an empty root for these, without the recommended ones. */
  simulateInstall(names: readonly string[]): readonly string[];
  /** Where the newest versions of these packages can be had, by name. */
  downloads(names: readonly string[]): ReadonlyMap<string, Download>;
};

/** A package file on the mirror. */
export type Download = {
  readonly uri: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
};

/**
 * Fetches the indexes of a release (its own suite, updates and security; `main`; amd64) with apt, from the mirrors and with
 * the keys that this machine's sources name, and hands them to `use`. Throws when a suite cannot be had or is not signed.
 */
export function withApt<Result>(release: string, use: (apt: Apt) => Result): Result {
  const root = mkdtempSync(join(tmpdir(), "plimsoll-apt-"));
  try {
    const options = prepareRoot(root, sourcesFor(release));
    update(release, options);
    return use({
      newestPackages: run("apt-cache", ["dumpavail", ...options]),
      packages: readTargets("Packages", options),
      sources: readTargets("Sources", options),
      releaseFiles: readReleaseFiles(join(root, "lists")),
      simulateInstall: (names) => simulateInstall(names, options),
      downloads: (names) => findDownloads(names, options),
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function prepareRoot(root: string, sources: string): string[] {
  for (const folder of ["lists/partial", "cache/archives/partial", "state"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, "sources.list"), sources);
  writeFileSync(join(root, "status"), "");
  const options = {
    "Dir::State": join(root, "state"),
    "Dir::State::lists": join(root, "lists"),
    "Dir::State::status": join(root, "status"),
    "Dir::Cache": join(root, "cache"),
    "Dir::Etc::sourcelist": join(root, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::Etc::preferences": "-",
    "Dir::Etc::preferencesparts": "-",
    "APT::Architecture": "amd64",
    "APT::Architectures": "amd64",
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    // The lists of a release that is no longer updated are past their date.
    "Acquire::Check-Valid-Until": "false",
  };
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

// What apt says on the way names the mirror, so it is not repeated.
function update(release: string, options: readonly string[]): void {
  try {
    run("apt-get", ["update", "--error-on=any", ...options]);
  } catch {
    throw new Error(
      `apt cannot fetch the suites ${release}, ${release}-updates and ${release}-security, or one of them`,
    );
  }
}

type Mirror = { readonly uri: string; readonly suite: string; readonly signedBy: string | undefined };

function sourcesFor(release: string): string {
  const mirrors = machineMirrors();
  const archive = mirrors.find(({ suite }) => /^[a-z]+$/.test(suite));
  const security = mirrors.find(({ suite }) => suite.endsWith("-security"));
  if (archive === undefined || security === undefined) {
    throw new Error("the apt sources of this machine name no Debian archive with its security updates");
  }
  const line = (type: string, { uri, signedBy }: Mirror, suite: string) =>
    `${type} [arch=amd64${signedBy === undefined ? "" : ` signed-by=${signedBy}`}] ${uri} ${suite} main\n`;
  return ["deb", "deb-src"]
    .flatMap((type) => [
      line(type, archive, release),
      line(type, archive, `${release}-updates`),
      line(type, security, `${release}-security`),
    ])
    .join("");
}

function machineMirrors(): Mirror[] {
  const folder = "/etc/apt/sources.list.d";
  const files = (existsSync(folder) ? readdirSync(folder).sort() : []).map((name) => join(folder, name));
  return ["/etc/apt/sources.list", ...files].filter(existsSync).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    if (file.endsWith(".sources")) return text.split(/\n\s*\n/).flatMap(mirrorsOfParagraph);
    return file.endsWith(".list") ? text.split("\n").flatMap(mirrorsOfLine) : [];
  });
}

function mirrorsOfParagraph(paragraph: string): Mirror[] {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.+)$`, "im").exec(paragraph)?.[1]?.trim();
  const words = (name: string) => field(name)?.split(/\s+/) ?? [];
  if (!words("Types").includes("deb") || field("Enabled") === "no") return [];
  const signedBy = field("Signed-By");
  return words("URIs").flatMap((uri) => words("Suites").map((suite) => ({ uri, suite, signedBy })));
}

function mirrorsOfLine(line: string): Mirror[] {
  const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s/.exec(line);
  if (match === null) return [];
  return [{ uri: match[2]!, suite: match[3]!, signedBy: /signed-by=(\S+)/.exec(match[1] ?? "")?.[1] }];
}

function readTargets(kind: string, options: readonly string[]): string {
  const files = run("apt-get", ["indextargets", "--format", "$(FILENAME)", `Created-By: ${kind}`, ...options]);
  const paths = files.split("\n").filter((path) => path !== "");
  return paths.map((path) => run("/usr/lib/apt/apt-helper", ["cat-file", path])).join("\n");
}

function readReleaseFiles(lists: string): string[] {
  const files = readdirSync(lists).filter((name) => name.endsWith("_InRelease"));
  return files.sort().map((name) => readFileSync(join(lists, name), "utf8").split("\nSHA256:")[0]!);
}

function simulateInstall(names: readonly string[], options: readonly string[]): string[] {
  const output = run("apt-get", ["install", "--simulate", "--no-install-recommends", "-y", ...options, ...names]);
  return [...output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!).sort();
}

function findDownloads(names: readonly string[], options: readonly string[]): Map<string, Download> {
  const output = run("apt-get", ["download", "--print-uris", ...options, ...names]);
  const lines = output.matchAll(/^'([^']+)' (\S+?)_\S+ (\d+) SHA256:([0-9a-f]{64})$/gm);
  return new Map(
    [...lines].map(([, uri, name, size, sha256]) => [name!, { uri: uri!, size: Number(size), sha256: sha256! }]),
  );
}

function run(command: string, parameters: readonly string[]): string {
  return execFileSync(command, parameters, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8", APT_CONFIG: "" },
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
