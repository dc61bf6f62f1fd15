/** Images as the engine has them. */
import type { Engine } from "./engine.ts";

export interface Image {
  readonly tag: string;
  /** As the engine counts it. */
  readonly bytes: number;
  readonly layers: number;
  /** `root`, or the name or number of another user, with its number. */
  readonly user: { readonly name: string; readonly id: number };
  readonly volumes: readonly string[];
}

/** @throws when the user is none that the image has. */
export async function inspect(engine: Engine, tag: string): Promise<Image> {
  const { stdout } = await engine.succeed(["image", "inspect", tag]);
  const [image] = JSON.parse(stdout) as [Inspected];
  return {
    tag,
    bytes: image.Size,
    layers: image.RootFS.Layers?.length ?? 0,
    user: resolveUser(image.Config.User ?? "", await readFileOf(engine, tag, "/etc/passwd")),
    volumes: Object.keys(image.Config.Volumes ?? {}),
  };
}

/** @param passwd the file of that name, empty where there is none. */
export function resolveUser(user: string, passwd: string): Image["user"] {
  const [name = ""] = user.split(":");
  if (name === "") return { name: "root", id: 0 };
  const entries = passwd.split("\n").map((line) => line.split(":"));
  if (/^\d+$/.test(name)) {
    const known = entries.find(([, , id]) => id === name)?.[0];
    return { name: known ?? name, id: Number(name) };
  }
  const id = entries.find(([known]) => known === name)?.[2];
  if (id === undefined) throw new Error(`the image has no user \`${name}\``);
  return { name, id: Number(id) };
}

/** Where the values are found: in the configuration and history, or in a layer, present or covered. */
export async function findTraces(engine: Engine, tag: string, values: readonly string[]): Promise<readonly string[]> {
  if (values.length === 0) return [];
  const search = new Search(values);
  // An image that is saved is a tar of its configuration (with the history) and of its layers, which are not compressed.
  await engine.succeed(["image", "save", tag], {
    seconds: 300,
    read: (piece) => search.feed(piece),
  });
  return [...search.found];
}

/** Finds texts in bytes that come in pieces. */
export class Search {
  /** What has been found. */
  readonly found = new Set<string>();
  readonly #values: readonly string[];
  readonly #overlap: number;
  #rest = Buffer.alloc(0);

  constructor(values: readonly string[]) {
    this.#values = values;
    this.#overlap = Math.max(0, ...values.map((value) => Buffer.byteLength(value))) - 1;
  }

  feed(piece: Buffer): void {
    const bytes = Buffer.concat([this.#rest, piece]);
    this.#rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.#overlap)));
    for (const value of this.#values) if (bytes.includes(value)) this.found.add(value);
  }
}

interface Inspected {
  readonly Size: number;
  readonly RootFS: { readonly Layers?: readonly string[] };
  readonly Config: { readonly User?: string; readonly Volumes?: Readonly<Record<string, object>> | null };
}

async function readFileOf(engine: Engine, tag: string, path: string): Promise<string> {
  // A command for images that have none; it is not started.
  const container = (await engine.succeed(["container", "create", "--network", "none", tag, "/"])).stdout.trim();
  try {
    const { code, stdout } = await engine.docker(["container", "cp", `${container}:${path}`, "-"]);
    // A tar of one file: a header of 512 bytes, and zeros behind.
    return code === 0 ? stdout.slice(512).replace(/\0+$/, "") : "";
  } finally {
    await engine.docker(["container", "rm", "--force", "--volumes", container]);
  }
}
