/** What the engines are told, and what they answer. */

export const ENGINES = ["docker", "podman", "buildah"] as const;
export type EngineName = (typeof ENGINES)[number];

/** One build. Paths are absolute. */
export interface Build {
  readonly tag: string;
  readonly dockerfile: string;
  /** The `.dockerignore` that counts; absent: the engine looks for it. */
  readonly ignoreFile?: string | undefined;
  readonly directory: string;
  /** `NAME=value`, or `NAME` for that of the environment. */
  readonly buildArgs: readonly string[];
  /** `id=NAME,src=FILE`, or however else the engine takes it. */
  readonly secrets: readonly string[];
  /** The stage that is built; absent: the last. */
  readonly target?: string | undefined;
  readonly network?: string | undefined;
}

export interface Layer {
  /** What made it, as the engine tells. */
  readonly instruction: string;
  readonly bytes: number;
}

export interface ImageFacts {
  readonly bytes: number;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

export interface Engine {
  /** Fails where it cannot build: where its daemon does not answer. */
  readonly probe: readonly string[];
  /** What to do when it does. */
  readonly remedy: string;
  build(build: Build): readonly string[];
  /** The questions about an image, and what the answers to all of them say. @throws when they cannot be understood. */
  ask(tag: string): readonly (readonly string[])[];
  read(answers: readonly string[]): ImageFacts;
  /** Takes the name from an image, and the image with its last name. */
  remove(tags: readonly string[]): readonly string[];
}

export const ENGINE: Readonly<Record<EngineName, Engine>> = {
  docker: {
    probe: ["version", "--format", "{{.Server.Version}}"],
    remedy: "start Docker, or see what `docker version` says",
    // BuildKit takes `<Dockerfile>.dockerignore` beside the Dockerfile for the one that counts.
    build: (build) => ["build", "--force-rm", ...commonArguments(build)],
    ask: (tag) => [
      ["image", "inspect", "--format", "{{json .}}", tag],
      ["history", "--no-trunc", "--human=false", "--format", "{{json .}}", tag],
    ],
    read: ([image, history]) => ({
      bytes: numberOf((JSON.parse(image!) as DockerImage).Size),
      layers: history!
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line) as DockerLayer)
        .map(({ CreatedBy = "", Size }) => ({ instruction: CreatedBy, bytes: numberOf(Size) }))
        .reverse(),
    }),
    remove: (tags) => ["image", "rm", ...tags],
  },
  podman: {
    probe: ["info", "--format", "{{.Host.Arch}}"],
    remedy: "see what `podman info` says; where there is a machine, `podman machine start`",
    build: (build) => ["build", "--force-rm", "--format=docker", ...ignoreArguments(build), ...commonArguments(build)],
    ask: (tag) => [
      ["image", "inspect", tag],
      ["history", "--no-trunc", "--format", "json", tag],
    ],
    read: ([image, history]) => ({
      bytes: numberOf((JSON.parse(image!) as DockerImage[])[0]?.Size),
      layers: (JSON.parse(history!) as PodmanLayer[])
        .map(({ CreatedBy = "", size }) => ({ instruction: CreatedBy, bytes: numberOf(size) }))
        .reverse(),
    }),
    remove: (tags) => ["image", "rm", ...tags],
  },
  buildah: {
    probe: ["info"],
    remedy: "see what `buildah info` says",
    build: (build) => [
      "build",
      "--force-rm",
      "--layers",
      "--format=docker",
      ...ignoreArguments(build),
      ...commonArguments(build),
    ],
    ask: (tag) => [["inspect", "--type", "image", tag]],
    read: ([answer]) => {
      const { Manifest, OCIv1 } = JSON.parse(answer!) as BuildahImage;
      const sizes = (JSON.parse(Manifest) as { readonly layers: readonly { readonly size: number }[] }).layers;
      let next = 0;
      return {
        bytes: sizes.reduce((sum, { size }) => sum + size, 0),
        layers: OCIv1.history.map(({ created_by = "", empty_layer }) => ({
          instruction: created_by,
          bytes: empty_layer ? 0 : numberOf(sizes[next++]?.size),
        })),
      };
    },
    remove: (tags) => ["rmi", ...tags],
  },
};

interface DockerImage {
  readonly Size: unknown;
}

interface DockerLayer {
  readonly CreatedBy?: string;
  readonly Size: unknown;
}

interface PodmanLayer {
  /** Absent for an image that was imported. */
  readonly CreatedBy?: string;
  readonly size: unknown;
}

interface BuildahImage {
  /** JSON in itself. */
  readonly Manifest: string;
  readonly OCIv1: { readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[] };
}

function commonArguments({
  tag,
  dockerfile,
  directory,
  buildArgs,
  secrets,
  target,
  network,
}: Build): readonly string[] {
  return [
    `--tag=${tag}`,
    `--file=${dockerfile}`,
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...(network === undefined ? [] : [`--network=${network}`]),
    ...secrets.map((one) => `--secret=${one}`),
    ...buildArgs.map((one) => `--build-arg=${one}`),
    directory,
  ];
}

function ignoreArguments({ ignoreFile }: Build): readonly string[] {
  return ignoreFile === undefined ? [] : [`--ignorefile=${ignoreFile}`];
}

function numberOf(value: unknown): number {
  const number = Number(value);
  if (value === undefined || value === null || !Number.isFinite(number)) throw new Error("a size is no number");
  return number;
}
