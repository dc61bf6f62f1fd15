/**
 * The images that the cases start from, made from Debian's packages (and Node from the machine's own), since the proof needs no
 * registry. They have the official images' names only inside of a build, so that nobody's images are touched.
 */
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { LABEL } from "./engine.ts";

export interface Base {
  /** Of the file `bases/<name>.Dockerfile`. */
  readonly name: string;
  /** The official image that it is like. */
  readonly official: string;
  /** What it stands for in a Dockerfile. */
  readonly references: RegExp;
  /** How far it can be trusted to be like the official one. */
  readonly remark: string;
  /** It is made by mmdebstrap. Absent: by its Dockerfile. */
  readonly debian?: { readonly release: string; readonly isSlim: boolean };
}

const DEBIAN = "Debian's packages, laid out like the official image";
const LANGUAGE = "a stand-in: Debian's packages with the paths and variables of the official image";

const WHEELS = `${LANGUAGE}, and the wheels that the cases install (10 MB)`;

/** The first that fits stands for a name. Where the tag names a version, any does: it is Debian's in the end. */
export const BASES: readonly Base[] = [
  {
    name: "debian-slim",
    official: "debian:bookworm-slim",
    references: /^debian:(?:bookworm|12)-slim$/,
    remark: DEBIAN,
    debian: { release: "bookworm", isSlim: true },
  },
  {
    name: "debian",
    official: "debian:bookworm",
    references: /^debian:(?:bookworm|12)$/,
    remark: DEBIAN,
    debian: { release: "bookworm", isSlim: false },
  },
  {
    name: "debian-trixie-slim",
    official: "debian:trixie-slim",
    references: /^debian:(?:trixie|13)-slim$/,
    remark: DEBIAN,
    debian: { release: "trixie", isSlim: true },
  },
  {
    name: "debian-trixie",
    official: "debian:trixie",
    references: /^debian:(?:trixie|13)$/,
    remark: DEBIAN,
    debian: { release: "trixie", isSlim: false },
  },
  {
    name: "buildpack-deps",
    official: "buildpack-deps:bookworm",
    references: /^buildpack-deps:bookworm$/,
    remark: LANGUAGE,
  },
  {
    name: "buildpack-deps-trixie",
    official: "buildpack-deps:trixie",
    references: /^buildpack-deps:trixie$/,
    remark: LANGUAGE,
  },
  {
    name: "node-slim",
    official: "node:20-bookworm-slim",
    references: /^node:\d+(?:-bookworm)?-slim$/,
    remark: "a stand-in: the Node.js and npm of the machine on debian:bookworm-slim",
  },
  {
    name: "node",
    official: "node:20-bookworm",
    references: /^node:\d+(?:-bookworm)?$/,
    remark: "a stand-in: the Node.js and npm of the machine on buildpack-deps:bookworm",
  },
  {
    name: "python-packages",
    official: `${LABEL}/python-packages`,
    references: new RegExp(`^${LABEL}/python-packages$`),
    remark: "wheels made of Debian's packages, since no index of Python's is needed; uv and psycopg-c are stand-ins",
  },
  {
    name: "python-trixie-slim",
    official: "python:3.13-slim-trixie",
    references: /^python:(?:3\.1[34]-|3-)?slim(?:-trixie)?$/,
    remark: WHEELS,
  },
  {
    name: "python-trixie",
    official: "python:3.13-trixie",
    references: /^python:(?:(?:3\.1[34]|3)(?:-trixie)?|latest)$/,
    remark: WHEELS,
  },
  {
    name: "uv",
    official: "ghcr.io/astral-sh/uv:0.9",
    references: /^ghcr\.io\/astral-sh\/uv:/,
    remark: "a stand-in: what the cases need of uv, done with Python's venv and pip",
  },
  {
    name: "python-slim",
    official: "python:3.11-slim-bookworm",
    references: /^python:3\.\d+-slim(?:-bookworm)?$/,
    remark: LANGUAGE,
  },
  { name: "python", official: "python:3.11-bookworm", references: /^python:3\.\d+(?:-bookworm)?$/, remark: LANGUAGE },
  { name: "golang", official: "golang:1.19-bookworm", references: /^golang:1\.\d+(?:-bookworm)?$/, remark: LANGUAGE },
  { name: "rust", official: "rust:1.63-bookworm", references: /^rust:1\.\d+(?:-bookworm)?$/, remark: LANGUAGE },
  { name: "gcc", official: "gcc:12-bookworm", references: /^gcc:\d+(?:-bookworm)?$/, remark: LANGUAGE },
  {
    name: "temurin-jdk",
    official: "eclipse-temurin:17-jdk",
    references: /^eclipse-temurin:17(?:-jdk)?$/,
    remark: "a stand-in: Debian's OpenJDK 17 under Temurin's name and paths; Temurin's own is on Ubuntu",
  },
  {
    name: "temurin-jre",
    official: "eclipse-temurin:17-jre",
    references: /^eclipse-temurin:17-jre$/,
    remark: "a stand-in, as above",
  },
  {
    name: "maven",
    official: "maven:3.8-eclipse-temurin-17",
    references: /^maven:3[.\d]*-eclipse-temurin-17$/,
    remark: "a stand-in: Debian's Maven on the JDK above",
  },
  {
    name: "ruby-slim",
    official: "ruby:3.1-slim-bookworm",
    references: /^ruby:3\.\d+-slim(?:-bookworm)?$/,
    remark: LANGUAGE,
  },
  { name: "ruby", official: "ruby:3.1-bookworm", references: /^ruby:3\.\d+(?:-bookworm)?$/, remark: LANGUAGE },
  { name: "php", official: "php:8.2-cli-bookworm", references: /^php:8\.\d+-cli(?:-bookworm)?$/, remark: LANGUAGE },
  { name: "nginx", official: "nginx:1.22", references: /^nginx:1\.\d+(?:-bookworm)?$/, remark: LANGUAGE },
  {
    name: "nginx-unprivileged",
    official: "nginxinc/nginx-unprivileged:1.22",
    references: /^nginxinc\/nginx-unprivileged:1\.\d+(?:-bookworm)?$/,
    remark: LANGUAGE,
  },
  {
    name: "distroless-static",
    official: "gcr.io/distroless/static-debian12:nonroot",
    references: /^gcr\.io\/distroless\/static-debian12:nonroot$/,
    remark: "a stand-in: the same few files from Debian's packages",
  },
  {
    name: "distroless-base",
    official: "gcr.io/distroless/base-debian12:nonroot",
    references: /^gcr\.io\/distroless\/base-debian12:nonroot$/,
    remark: "a stand-in: the above with libc6 and libssl3",
  },
  {
    name: "distroless-cc",
    official: "gcr.io/distroless/cc-debian12:nonroot",
    references: /^gcr\.io\/distroless\/cc-debian12:nonroot$/,
    remark: "a stand-in: the above with libgcc-s1 and libstdc++6",
  },
];

export function baseOf(reference: string): Base | undefined {
  const name = reference.replace(/^docker\.io\/(?:library\/)?/, "");
  return BASES.find(({ references }) => references.test(name));
}

/** How our images are called: by no name that anybody else uses. */
export function tagOf({ name }: Base): string {
  return `${LABEL}/base:${name}`;
}

/** The arguments of `docker build` that give the build of a Dockerfile our images for the names that it uses. */
export function buildContexts(text: string): readonly string[] {
  return referencesOf(text).flatMap((reference) => {
    const base = baseOf(reference);
    return base ? ["--build-context", `${reference}=docker-image://${tagOf(base)}`] : [];
  });
}

/** The images of ours that a Dockerfile names. */
export function basesOf(text: string): readonly Base[] {
  return [...new Set(referencesOf(text).flatMap((reference) => baseOf(reference) ?? []))];
}

function referencesOf(text: string): readonly string[] {
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
  return [...new Set(names.filter((name) => name !== undefined))];
}
