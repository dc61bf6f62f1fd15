/**
 * The images that the cases start from, made from Debian's packages (and Node from the machine's own), since the proof needs no
 * registry. They have the official images' names only inside of a build, so that nobody's images are touched.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { type Engine, LABEL } from "./engine.ts";
import { succeed } from "./process.ts";

export interface Base {
  /** Of the file `bases/<name>.Dockerfile`. */
  readonly name: string;
  /** What Dockerfiles call it. */
  readonly references: readonly string[];
  /** How far it can be trusted to be like the official one. */
  readonly remark: string;
}

const DEBIAN = "Debian's packages, laid out like the official image";
const LANGUAGE =
  "a stand-in: Debian's packages under the name, and with the paths and variables, of the official image";

export const BASES: readonly Base[] = [
  { name: "debian-slim", references: ["debian:bookworm-slim", "debian:12-slim"], remark: DEBIAN },
  { name: "debian", references: ["debian:bookworm", "debian:12"], remark: DEBIAN },
  { name: "buildpack-deps", references: ["buildpack-deps:bookworm"], remark: LANGUAGE },
  {
    name: "node-slim",
    references: ["node:20-bookworm-slim", "node:20-slim"],
    remark: "a stand-in: the Node.js and npm of the machine on debian:bookworm-slim",
  },
  {
    name: "node",
    references: ["node:20-bookworm", "node:20"],
    remark: "a stand-in: the Node.js and npm of the machine on buildpack-deps:bookworm",
  },
  { name: "python-slim", references: ["python:3.11-slim-bookworm", "python:3.11-slim"], remark: LANGUAGE },
  { name: "python", references: ["python:3.11-bookworm", "python:3.11"], remark: LANGUAGE },
  { name: "golang", references: ["golang:1.19-bookworm", "golang:1.19"], remark: LANGUAGE },
  { name: "rust", references: ["rust:1.63-bookworm", "rust:1.63"], remark: LANGUAGE },
  { name: "gcc", references: ["gcc:12-bookworm", "gcc:12"], remark: LANGUAGE },
  {
    name: "temurin-jdk",
    references: ["eclipse-temurin:17-jdk", "eclipse-temurin:17"],
    remark: "a stand-in: Debian's OpenJDK 17 under Temurin's name and paths; Temurin's own is on Ubuntu",
  },
  { name: "temurin-jre", references: ["eclipse-temurin:17-jre"], remark: "as above" },
  {
    name: "maven",
    references: ["maven:3.8-eclipse-temurin-17", "maven:3-eclipse-temurin-17"],
    remark: "a stand-in: Debian's Maven on the JDK above",
  },
  { name: "ruby", references: ["ruby:3.1-bookworm", "ruby:3.1"], remark: LANGUAGE },
  { name: "ruby-slim", references: ["ruby:3.1-slim-bookworm", "ruby:3.1-slim"], remark: LANGUAGE },
  { name: "php", references: ["php:8.2-cli-bookworm", "php:8.2-cli"], remark: LANGUAGE },
  { name: "nginx", references: ["nginx:1.22-bookworm", "nginx:1.22"], remark: LANGUAGE },
  {
    name: "nginx-unprivileged",
    references: ["nginxinc/nginx-unprivileged:1.22-bookworm", "nginxinc/nginx-unprivileged:1.22"],
    remark: LANGUAGE,
  },
  {
    name: "distroless-static",
    references: ["gcr.io/distroless/static-debian12:nonroot"],
    remark: "a stand-in: the same few files from Debian's packages",
  },
  {
    name: "distroless-base",
    references: ["gcr.io/distroless/base-debian12:nonroot"],
    remark: "a stand-in: the above with libc6 and libssl3",
  },
  {
    name: "distroless-cc",
    references: ["gcr.io/distroless/cc-debian12:nonroot"],
    remark: "a stand-in: the above with libgcc-s1 and libstdc++6",
  },
];

export function baseOf(reference: string): Base | undefined {
  return BASES.find(({ references }) => references.includes(reference.replace(/^docker\.io\/(?:library\/)?/, "")));
}

/** How our images are called: by no name that anybody else uses. */
export function tagOf({ name }: Base): string {
  return `${LABEL}/base:${name}`;
}

/** The arguments of `docker build` that give a build our images for the names that it uses. */
export function buildContexts(bases: Iterable<Base>): readonly string[] {
  return [...bases].flatMap((base) =>
    base.references.flatMap((reference) => ["--build-context", `${reference}=docker-image://${tagOf(base)}`]),
  );
}

/** The images of ours that a Dockerfile names. */
export function basesOf(text: string): readonly Base[] {
  const { stages } = new Dockerfile(text);
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .flatMap((one) => [
      one.flag("from")?.value?.value,
      ...(one.keyword === "RUN"
        ? [...text.slice(one.range.start, one.range.end).matchAll(/from=([^,\s]+)/g)].map((match) => match[1])
        : []),
    ]);
  const names = [...stages.map(({ image }) => image?.reference), ...copied];
  return [...new Set(names.flatMap((name) => (name && baseOf(name)) || []))];
}

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
    const file = join(FOLDER, `${base.name}.Dockerfile`);
    const isMadeOfPackages = !existsSync(file);
    const parents = isMadeOfPackages ? [] : basesOf(await readFile(file, "utf8"));
    await this.make(parents);
    this.#say(`making ${base.references[0]}, once`);
    if (isMadeOfPackages) await this.#importDebian(base);
    else {
      const context = join(this.#cache, "contexts", base.name);
      await rm(context, { recursive: true, force: true });
      await mkdir(context, { recursive: true });
      if (base.name.startsWith("node")) await gatherNode(context);
      await this.#engine.succeed(
        [
          ...["build", "--network", "host", "--label", `${LABEL}=base`, "--tag", tagOf(base), "--file", file],
          ...buildContexts(parents),
          context,
        ],
        { seconds: 900 },
      );
      await rm(context, { recursive: true, force: true });
    }
  }

  async #importDebian(base: Base): Promise<void> {
    const archive = join(this.#cache, `${base.name}.tar`);
    if (!existsSync(archive))
      await makeDebian(archive, base.name === "debian-slim", join(this.#cache, "contexts", base.name));
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

/** A root file system as `debian:bookworm` and `debian:bookworm-slim` have it. */
async function makeDebian(archive: string, isSlim: boolean, work: string): Promise<void> {
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
      ...["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", ...excludes, ...includes],
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=Acquire::GzipIndexes "true"',
      '--aptopt=Apt::AutoRemove::SuggestsImportant "false"',
      '--aptopt=Dir::Cache::pkgcache ""',
      '--aptopt=Dir::Cache::srcpkgcache ""',
      `--customize-hook=sync-in ${work} /`,
      '--customize-hook=rm -rf "$1"/etc/resolv.conf "$1"/etc/hostname "$1"/var/log/apt "$1"/var/log/*.log',
      "bookworm",
      `${archive}.unfinished`,
    ],
    { seconds: 600 },
  );
  await cp(`${archive}.unfinished`, archive);
  await rm(`${archive}.unfinished`);
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
