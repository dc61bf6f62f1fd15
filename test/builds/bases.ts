/**
 * The images that the cases start from, made from Debian's packages (and Node from the machine's own), since the proof needs no
 * registry. They have the official images' names only inside of a build, so that nobody's images are touched.
 */
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { LABEL } from "./engine.ts";

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
