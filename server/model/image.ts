/** Image references: their parts, and what is known of the image. */
import { factsOf, type ImageFacts } from "./data/images.ts";

export type { Distribution, ImageFacts } from "./data/images.ts";

export interface Image {
  /** The reference as it is used, variables resolved. */
  readonly reference: string;
  /** `docker.io` when it names none. */
  readonly registry: string;
  /** `library/` is left out: `python`, `grafana/grafana`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly facts: ImageFacts;
}

/** The parts of a reference; `undefined` when it is not a valid one. */
export function parseImage(reference: string): Image | undefined {
  const match = /^([^@\s]+?)(?::([\w][\w.-]{0,127}))?(?:@([a-z0-9+._-]+:[0-9a-fA-F]+))?$/.exec(reference);
  if (!match) return undefined;
  const [, name, tag, digest] = match;
  const slash = name!.indexOf("/");
  const first = slash === -1 ? "" : name!.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  const registry = hasRegistry ? first : "docker.io";
  const path = hasRegistry ? name!.slice(slash + 1) : name!;
  if (!/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(path)) return undefined;
  const repository = registry === "docker.io" ? path.replace(/^library\//, "") : path;
  const image = {
    reference,
    registry: registry === "index.docker.io" ? "docker.io" : registry,
    repository,
    tag,
    digest,
  };
  let facts: ImageFacts | undefined;
  return {
    ...image,
    get facts() {
      facts ??= factsOf(image);
      return facts;
    },
  };
}
