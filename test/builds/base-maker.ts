/** Makes the images of bases.ts in an engine. */
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Base, basesOf, buildContexts, tagOf } from "./bases.ts";
import { build, type Engine, LABEL } from "./engine.ts";
import { prepare } from "./own-engine.ts";
import { lastLines, succeed } from "./process.ts";

/** Makes images that are not there yet, each once, with those that they are made on. */
export class BaseMaker {
  readonly #engine: Engine;
  readonly #cache: string;
  readonly #say: (line: string) => void;
  readonly #making = new Map<string, Promise<void>>();

  constructor(engine: Engine, cache: string, say: (line: string) => void) {
    this.#engine = engine;
    this.#cache = cache;
    this.#say = say;
  }

  /** @throws when one cannot be made. */
  async make(bases: Iterable<Base>): Promise<void> {
    for (const base of bases) {
      const making = this.#making.get(base.name) ?? this.#makeOne(base);
      this.#making.set(base.name, making);
      await making;
    }
  }

  async #makeOne(base: Base): Promise<void> {
    if ((await this.#engine.docker(["image", "inspect", tagOf(base)])).code === 0) return;
    if (!this.#engine.isOwn && (await this.#pull(base))) return;
    const file = join(FOLDER, `${base.name}.Dockerfile`);
    const parents = base.debian ? [] : basesOf(await readFile(file, "utf8"));
    await this.make(parents);
    this.#say(`making ${base.official}, once`);
    if (base.debian) await this.#importDebian(base, base.debian);
    else {
      const context = join(this.#cache, "contexts", base.name);
      await rm(context, { recursive: true, force: true });
      await mkdir(context, { recursive: true });
      if (existsSync(join(FOLDER, base.name))) await cp(join(FOLDER, base.name), context, { recursive: true });
      if (base.name.startsWith("node")) await gatherNode(context);
      const outcome = await build(this.#engine, [
        ...["--label", `${LABEL}=base`, "--tag", tagOf(base), "--file", file],
        ...buildContexts(await readFile(file, "utf8")),
        context,
      ]);
      if (outcome.code !== 0) throw new Error(`${base.official} cannot be made:\n${lastLines(outcome)}`);
      await rm(context, { recursive: true, force: true });
    }
  }

  /** Whoever has an engine can mostly reach the registry, and the official image is better than one that is like it. */
  async #pull(base: Base): Promise<boolean> {
    if ((await this.#engine.docker(["pull", "--quiet", base.official], { seconds: 600 })).code !== 0) return false;
    this.#say(`${base.official} comes from its registry`);
    return (await this.#engine.docker(["tag", base.official, tagOf(base)])).code === 0;
  }

  async #importDebian(base: Base, { release, isSlim }: NonNullable<Base["debian"]>): Promise<void> {
    const archive = join(this.#cache, `${base.name}.tar`);
    if (!existsSync(archive)) {
      await prepare("the images to start from cannot be pulled, and to make them", this.#say);
      await makeDebian(archive, release, isSlim, join(this.#cache, "contexts", base.name));
    }
    await this.#engine.succeed(
      [
        ...["import", "--change", 'CMD ["bash"]', "--change", `LABEL ${LABEL}=base`],
        ...["--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", archive, tagOf(base)],
      ],
      { seconds: 300 },
    );
  }
}

const FOLDER = fileURLToPath(new URL("bases", import.meta.url));

/** What the slim images leave out: https://github.com/debuerreotype/debuerreotype (.slimify-excludes). */
const SLIM_EXCLUDES = ["doc", "groff", "info", "linda", "lintian/overrides", "locale", "man"];
const SLIM_INCLUDES = ["doc/*/copyright", "locale/locale.alias"];

/** Files of the official images that no package has: apt keeps no archives, and starts no services. */
const CLEAN = `DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
`;

/** A root file system as `debian:<release>` and `debian:<release>-slim` have it. */
async function makeDebian(archive: string, release: string, isSlim: boolean, work: string): Promise<void> {
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, "etc/apt/apt.conf.d"), { recursive: true });
  await mkdir(join(work, "usr/sbin"), { recursive: true });
  await writeFile(join(work, "etc/apt/apt.conf.d/docker-clean"), CLEAN);
  await writeFile(join(work, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  // Certificates of a network that has its own, so that builds get out of it.
  const certificates = join(work, "usr/local/share/ca-certificates");
  await mkdir(certificates, { recursive: true });
  for (const path of await ownCertificates()) await cp(path, join(certificates, path.split("/").at(-1)!));
  const excludes = isSlim ? SLIM_EXCLUDES.map((path) => `--dpkgopt=path-exclude=/usr/share/${path}/*`) : [];
  const includes = isSlim ? SLIM_INCLUDES.map((path) => `--dpkgopt=path-include=/usr/share/${path}`) : [];
  await succeed(
    "mmdebstrap",
    [
      ...["--quiet", "--variant=minbase", "--mode=root", "--format=tar", "--include=usr-is-merged"],
      // As the official images have it: dpkg does not wait for the disk after each file.
      "--dpkgopt=force-unsafe-io",
      ...["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", ...excludes, ...includes],
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=Acquire::GzipIndexes "true"',
      '--aptopt=Apt::AutoRemove::SuggestsImportant "false"',
      '--aptopt=Dir::Cache::pkgcache ""',
      '--aptopt=Dir::Cache::srcpkgcache ""',
      `--customize-hook=sync-in ${work} /`,
      '--customize-hook=rm -rf "$1"/etc/resolv.conf "$1"/etc/hostname "$1"/var/log/apt "$1"/var/log/*.log',
      release,
      `${archive}.unfinished`,
    ],
    { seconds: 600 },
  );
  await rename(`${archive}.unfinished`, archive);
  await rm(work, { recursive: true });
}

async function ownCertificates(): Promise<readonly string[]> {
  const folder = "/usr/local/share/ca-certificates";
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => name.endsWith(".crt")).map((name) => join(folder, name));
}

/** The Node.js that runs this, its headers and its npm, where the official image has them. */
async function gatherNode(context: string): Promise<void> {
  const prefix = dirname(dirname(process.execPath));
  const local = join(context, "usr/local");
  await mkdir(join(local, "bin"), { recursive: true });
  await mkdir(join(local, "etc"), { recursive: true });
  await cp(process.execPath, join(local, "bin/node"), { dereference: true });
  await symlink("node", join(local, "bin/nodejs"));
  await cp(join(prefix, "lib/node_modules/npm"), join(local, "lib/node_modules/npm"), { recursive: true });
  for (const name of ["npm", "npx"])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, "bin", name));
  const headers = join(prefix, "include/node");
  if (existsSync(headers)) await cp(headers, join(local, "include/node"), { recursive: true });
  const certificates = await Promise.all((await ownCertificates()).map((path) => readFile(path, "utf8")));
  if (certificates.length > 0) {
    // npm asks Node, which asks this file, as well as those that it knows.
    await writeFile(join(local, "etc/own-certificates.pem"), certificates.join("\n"));
    await writeFile(join(local, "etc/npmrc"), "cafile=/usr/local/etc/own-certificates.pem\n");
  }
}
