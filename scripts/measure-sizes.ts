import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// `npm run size:measure`: installs the package sets of test/size/package-sets.json for real, with and without recommended packages,
// on each release, and writes what the image grows by to test/size/measured.json. As root on a Debian with mmdebstrap; no
// Docker: a layer is the upper folder of an overlay, of which the files are counted as Docker counts them.
// What is in the file already is not measured again. --from <number> begins with a later set, --only <words> takes the sets that have them; --slim installs on the slim
// image, too, to show that its growth is the other's without the files that it leaves out.

type Measurement = {
  readonly release: string;
  readonly packages: string;
  readonly recommends: boolean;
  readonly fitted: boolean;
  /** Bytes that `debian:<release>` grows by. */
  readonly full: number;
  /** The same of `debian:<release>-slim`: without what its dpkg leaves out. */
  readonly slim: number;
  /** As measured on the slim image itself. */
  readonly slimAlone?: number;
  /** How many packages came. */
  readonly count: number;
  readonly date: string;
};

/** The images have apt read its lists anew each time; here they are read once. What it keeps for that is not counted. */
const CACHED = ["-o", "Dir::Cache::pkgcache=pkgcache.bin", "-o", "Dir::Cache::srcpkgcache=srcpkgcache.bin"];

const output = new URL("../test/size/measured.json", import.meta.url);
const sets = JSON.parse(readFileSync(new URL("../test/size/package-sets.json", import.meta.url), "utf8")) as {
  readonly fitted: readonly string[];
  readonly "held out": readonly string[];
};
const cache = join(process.env["PLIMSOLL_CACHE"] ?? ".cache", "roots");
const option = (name: string): string | undefined => {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? undefined : process.argv[index + 1];
};
const only = option("only");
const releases = option("release")?.split(",") ?? ["bookworm", "trixie"];
const file = option("output") ?? output;
const measured = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Measurement[]) : [];

mkdirSync(cache, { recursive: true });
for (const release of releases) {
  for (const [packages, fitted] of [
    ...sets["held out"].slice(Number(option("from") ?? 0)).map((one) => [one, false] as const),
    ...sets.fitted.map((one) => [one, true] as const),
  ]) {
    if ((only !== undefined && !packages.includes(only)) || (fitted && process.argv.includes("--held-out"))) continue;
    for (const recommends of process.argv.includes("--plain") ? [false] : [false, true])
      measure(release, packages, recommends, fitted);
  }
}

function measure(release: string, packages: string, recommends: boolean, fitted: boolean): void {
  const wantsSlim = process.argv.includes("--slim");
  const known = measured.find(
    (one) => one.release === release && one.packages === packages && one.recommends === recommends,
  );
  if (known && (!wantsSlim || known.slimAlone !== undefined)) return;
  const start = Date.now();
  try {
    const slimAlone = wantsSlim ? grow(`${release}-slim`, packages, recommends).full : undefined;
    const plain = measured.find((one) => one.release === release && one.packages === packages && !one.recommends);
    const grown =
      known ??
      (recommends && plain && recommendsNothing(release, packages)
        ? plain
        : grow(`${release}-full`, packages, recommends));
    const { full, slim, count } = grown;
    const date = new Date().toISOString().slice(0, 10);
    const entry = { release, packages, recommends, fitted, full, slim, count, date };
    if (known) measured.splice(measured.indexOf(known), 1);
    measured.push(slimAlone === undefined ? entry : { ...entry, slimAlone });
    const lines = measured.toSorted((a, b) => key(a).localeCompare(key(b))).map((one) => JSON.stringify(one));
    writeFileSync(file, `[\n${lines.join(",\n")}\n]\n`);
    console.log(
      `${release} ${packages}${recommends ? " +" : ""}: ${full} ${slim} ${slimAlone ?? ""} (${Date.now() - start} ms)`,
    );
  } catch (error) {
    console.log(`${release} ${packages}${recommends ? " +" : ""}: FAILED ${String(error).slice(0, 300)}`);
  }
}

function key({ release, fitted, packages, recommends }: Measurement): string {
  return `${release} ${fitted} ${packages} ${recommends}`;
}

/** apt would install the same packages without recommended ones. */
function recommendsNothing(release: string, packages: string): boolean {
  const root = `${release}-full`;
  return withLayer(root, (mounted) => {
    const simulate = (...flags: readonly string[]) =>
      inRoot(mounted, ["apt-get", ...CACHED, "install", "--simulate", "-y", ...flags, ...packages.split(" ")])
        .split("\n")
        .filter((line) => line.startsWith("Inst "))
        .sort()
        .join();
    return simulate() === simulate("--no-install-recommends");
  });
}

/** Installs in a layer above a root file system, and counts the layer. */
function grow(root: string, packages: string, recommends: boolean): { full: number; slim: number; count: number } {
  const flags = recommends ? [] : ["--no-install-recommends"];
  return withLayer(root, (mounted, upper) => {
    inRoot(mounted, ["apt-get", ...CACHED, "install", "-y", ...flags, ...packages.split(" ")]);
    const report = option("unowned");
    if (report !== undefined) tellUnowned(upper, rootOf(root), report, `${root} ${packages} ${recommends}`);
    const countPackages = ["sh", "-c", "grep -c '^Package:' /var/lib/dpkg/status"];
    const count = Number(inRoot(mounted, countPackages)) - Number(inRoot(rootOf(root), countPackages));
    return { ...countLayer(upper), count };
  });
}

/** Mounts an empty layer above a root file system and apt's lists, and takes it away again. */
function withLayer<Result>(root: string, use: (mounted: string, upper: string) => Result): Result {
  const work = mkdtempSync("/dev/shm/plimsoll-size-");
  const [upper, mounted] = [join(work, "upper"), join(work, "root")];
  for (const folder of ["upper", "work", "root"]) mkdirSync(join(work, folder));
  const lower = `${listsOf(root)}:${rootOf(root)}`;
  run("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=${lower},upperdir=${upper},workdir=${work}/work`, mounted]);
  try {
    return use(mounted, upper);
  } finally {
    run("umount", [mounted]);
    rmSync(work, { recursive: true, force: true });
  }
}

/** Files and links count, folders and what is deleted do not; a hard link counts once. */
function countLayer(folder: string): { full: number; slim: number } {
  const lines = run("find", [folder, "(", "-type", "f", "-o", "-type", "l", ")", "-printf", "%i %s %P\\n"]).split("\n");
  const seen = new Set<string>();
  let [full, slim] = [0, 0];
  for (const line of lines) {
    const [, inode, size, path] = /^(\d+) (\d+) (.*)$/s.exec(line) ?? [];
    if (
      path === undefined ||
      /^(?:var\/lib\/apt\/lists\/|tmp\/|var\/cache\/apt\/\w+\.bin$)/.test(path) ||
      seen.has(inode!)
    )
      continue;
    seen.add(inode!);
    full += Number(size);
    const isDropped =
      /^usr\/share\/(?:doc|groff|info|linda|lintian\/overrides|locale|man)\/./.test(path) &&
      !/^usr\/share\/(?:doc\/.*\/copyright$|locale\/locale\.alias$)/.test(path);
    if (!isDropped) slim += Number(size);
  }
  return { full, slim };
}

/** What the installation made that belongs to no package: for `server/size/made.ts`. */
function tellUnowned(upper: string, root: string, report: string, title: string): void {
  const owned = new Set<string>();
  for (const info of [join(root, "var/lib/dpkg/info"), join(upper, "var/lib/dpkg/info")]) {
    if (!existsSync(info)) continue;
    for (const path of run("find", [info, "-name", "*.list", "-exec", "cat", "{}", "+"]).split("\n")) owned.add(path);
  }
  const sums = new Map<string, number>();
  for (const line of run("find", [upper, "(", "-type", "f", "-o", "-type", "l", ")", "-printf", "%s /%P\\n"]).split(
    "\n",
  )) {
    const [, size, path] = /^(\d+) (.*)$/s.exec(line) ?? [];
    if (path === undefined || /^\/(?:var\/lib\/(?:dpkg|apt)|tmp)\//.test(path)) continue;
    if ([path, `/usr${path}`, path.replace(/^\/usr/, "")].some((one) => owned.has(one))) continue;
    const group = path.endsWith(".pyc") ? "*.pyc" : path.split("/").slice(0, 5).join("/");
    sums.set(group, (sums.get(group) ?? 0) + Number(size));
  }
  const big = [...sums].filter(([, size]) => size > 50_000).toSorted((a, b) => b[1] - a[1]);
  writeFileSync(report, `${title}\n${big.map(([group, size]) => `  ${size} ${group}\n`).join("")}`, { flag: "a" });
}

/** A root file system like that of Debian's image. */
function rootOf(root: string): string {
  const folder = join(cache, root);
  if (!existsSync(folder)) {
    const [release, kind] = root.split("-") as [string, string];
    execFileSync("bash", [new URL("debian/make-root.sh", import.meta.url).pathname, release, kind, folder], {
      stdio: "inherit",
    });
  }
  return folder;
}

/** A layer with apt's lists alone: as if each installation fetched them and removed them again. */
function listsOf(root: string): string {
  const folder = join(cache, `${root}-lists`);
  if (!existsSync(join(folder, "upper"))) {
    for (const part of ["upper", "work", "root"]) mkdirSync(join(folder, part), { recursive: true });
    const options = `lowerdir=${rootOf(root)},upperdir=${folder}/upper,workdir=${folder}/work`;
    run("mount", ["-t", "overlay", "overlay", "-o", options, join(folder, "root")]);
    try {
      inRoot(join(folder, "root"), ["apt-get", "update"]);
      inRoot(join(folder, "root"), ["apt-cache", ...CACHED, "gencaches"]);
      console.log(
        `${root}: lists of ${run("du", ["-sb", join(folder, "upper/var/lib/apt/lists")]).split("\t")[0]} bytes`,
      );
    } finally {
      run("umount", [join(folder, "root")]);
    }
  }
  return join(folder, "upper");
}

function inRoot(root: string, command: readonly string[]): string {
  const mounts = [
    ["--bind", "/dev", join(root, "dev")],
    ["-t", "proc", "proc", join(root, "proc")],
  ];
  const resolver = join(root, "etc/resolv.conf");
  for (const mount of mounts) run("mount", mount);
  run("mount", ["--bind", "/etc/resolv.conf", resolver]);
  try {
    return run("chroot", [root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", ...command]);
  } finally {
    for (const target of [resolver, join(root, "proc"), join(root, "dev")]) run("umount", ["-l", target]);
  }
}

function run(command: string, parameters: readonly string[]): string {
  return execFileSync(command, parameters, { encoding: "utf8", maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "pipe"] });
}
