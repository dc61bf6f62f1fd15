/** A case: a Dockerfile with its build context, and what must hold of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** `cases/<name>/case.json`; beside it, or where it says, is the build context with the Dockerfile. */
export interface Case {
  readonly name: string;
  /** The build context. */
  readonly directory: string;
  readonly stack: string;
  /** What it is about, for the table. */
  readonly about: string;
  /** Rules that must have changed something. */
  readonly fixes: readonly string[];
  /** How much smaller the image must be, in percent; 0: it is not about size, and the image must not grow. */
  readonly saves: number;
  /** What the image is started with, once for each; one start without arguments unless there are requests. */
  readonly runs: readonly Start[];
  /** What is asked of it when it serves. */
  readonly requests?: Requests;
  /** What an answer must contain, so that two failures are not taken for the same answer. */
  readonly expects: string;
  /** Variables that it gets when it starts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Directories in which it must be able to write, as the user that it runs as. */
  readonly writes: readonly string[];
  /** The optimised image also runs with a read-only root, but for what it writes. */
  readonly readOnly: boolean;
  /** Values that the original has and of which the optimised image must have no trace. */
  readonly secrets: readonly string[];
  /** What the optimised build gets as secrets, by id. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  /** A file of the context: after a change to it, the optimised image must be built again without its dependencies. */
  readonly edits?: string;
  /** Its health check must become healthy. */
  readonly isHealthy: boolean;
  /** It must end within seconds when it is told to. */
  readonly stops: boolean;
  /** Part of the short form. */
  readonly isShort: boolean;
}

export interface Start {
  readonly entrypoint?: string;
  readonly arguments: readonly string[];
}

export interface Requests {
  readonly port: number;
  readonly paths: readonly string[];
}

const FOLDER = fileURLToPath(new URL("cases", import.meta.url));

/** All cases, by name. @throws an error that names the declaration that is wrong. */
export function readCases(folder: string = FOLDER): readonly Case[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const file = join(folder, name, "case.json");
      try {
        return readCase(name, join(folder, name), JSON.parse(readFileSync(file, "utf8")));
      } catch (error) {
        throw new Error(`${file}: ${(error as Error).message}`);
      }
    });
}

/** @param folder the case's own. @throws when the declaration is not one. */
export function readCase(name: string, folder: string, declaration: unknown): Case {
  if (!isObject(declaration)) throw new Error("it is no object");
  const unknown = Object.keys(declaration).find((key) => !(key in READERS));
  if (unknown !== undefined) throw new Error(`\`${unknown}\` is nothing that a case declares`);
  const read = <T>(key: string): T => {
    try {
      return READERS[key]!(declaration[key]) as T;
    } catch (error) {
      throw new Error(`\`${key}\` ${(error as Error).message}`);
    }
  };
  const requests = read<Requests | undefined>("requests");
  const edits = read<string | undefined>("edits");
  const runs = read<readonly Start[] | undefined>("runs");
  return {
    name,
    directory: resolve(folder, read("context")),
    stack: read("stack"),
    about: read("about"),
    fixes: read("fixes"),
    saves: read("saves"),
    runs: runs ?? (requests ? [] : [{ arguments: [] }]),
    ...(requests ? { requests } : {}),
    expects: read("expects"),
    environment: read("environment"),
    writes: read("writes"),
    readOnly: read("readOnly"),
    secrets: read("secrets"),
    buildSecrets: read("buildSecrets"),
    ...(edits === undefined ? {} : { edits }),
    isHealthy: read("healthy"),
    stops: read("stops"),
    isShort: read("short"),
  };
}

type Reader = (value: unknown) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  context: (value) => text(value ?? "context"),
  stack: text,
  about: text,
  fixes: (value) => {
    const list = texts(value);
    if (list.length === 0) throw new Error("is empty: a case in which nothing is fixed proves nothing");
    return list;
  },
  saves: (value) => {
    if (typeof value !== "number" || value < 0 || value >= 100) throw new Error("is no percentage");
    return value;
  },
  runs: optional((value) => {
    if (!Array.isArray(value) || value.length === 0) throw new Error("is no list of starts");
    return value.map(start);
  }),
  requests: optional(requests),
  expects: text,
  environment: (value) => textsByName(value ?? {}),
  writes: (value) => texts(value ?? []),
  readOnly: (value) => flag(value ?? true),
  secrets: (value) => texts(value ?? []),
  buildSecrets: (value) => textsByName(value ?? {}),
  edits: optional(text),
  healthy: (value) => flag(value ?? false),
  stops: (value) => flag(value ?? false),
  short: (value) => flag(value ?? false),
};

function optional(reader: Reader): Reader {
  return (value) => (value === undefined ? undefined : reader(value));
}

function text(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new Error("is no text");
  return value;
}

function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new Error("is no list of texts");
  return value.map(text);
}

function textsByName(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) throw new Error("is no object of texts");
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, text(one)]));
}

function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw new Error("is neither true nor false");
  return value;
}

function start(value: unknown): Start {
  if (!isObject(value)) throw new Error("is no list of starts");
  const { entrypoint, arguments: args = [] } = value;
  return { ...(entrypoint === undefined ? {} : { entrypoint: text(entrypoint) }), arguments: texts(args) };
}

function requests(value: unknown): Requests {
  if (!isObject(value) || typeof value["port"] !== "number") throw new Error("has no port");
  return { port: value["port"], paths: texts(value["paths"]) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
