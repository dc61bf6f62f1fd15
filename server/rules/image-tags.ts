/** Tags that are known to exist, for fixes of image references. Nothing here is guessed. */
import TAGS from "../model/data/image-tags.json" with { type: "json" };
import type { Image } from "../model/image.ts";
import type { Stage } from "../model/stage.ts";
import { replace } from "./edit.ts";
import { assuming, changing, type Finding, type Fix, unsafe } from "./rule.ts";

/** The day of which the tags are. */
export const TAGS_OF = TAGS.date;

/** The fix that names the version which `latest` stood for; or why there is none. */
export function namingLatest(stage: Stage): Pick<Finding, "fixes" | "refusal"> {
  const { image, imageWord } = stage;
  const version = image && latestVersion(image);
  if (version === undefined) return { refusal: "which version it is today, only its registry can tell" };
  const fix = retagging(stage, version, `Name the version: \`${version}\``);
  if (!image || !imageWord || !fix) return { refusal: "a variable holds the name of the image" };
  return {
    fixes: [assuming(fix, `The build works with \`${version}\`, which is what \`latest\` was on ${TAGS_OF}.`)],
  };
}

/** The version that `latest` stands for; `undefined`: not known. */
export function latestVersion(image: Image): string | undefined {
  const name = officialName(image);
  return name !== undefined && Object.hasOwn(LATEST, name) ? LATEST[name] : undefined;
}

/**
 * The tag of the nearest newer release in the same variant (`slim`, `alpine`): the same numbers as far as they are given, up to
 * two.
 * @param isSupported of a tag.
 */
export function nextTag(image: Image, isSupported: (tag: string) => boolean): string | undefined {
  const name = officialName(image);
  const given = image.tag === undefined ? undefined : partsOf(image.tag);
  if (name === undefined || !given || !Object.hasOwn(LISTED, name)) return undefined;
  const known = LISTED[name]!.split(" ").flatMap((tag) => partsOf(tag) ?? []);
  const numbers = given.numbers.slice(0, Math.max(...known.map((one) => one.numbers.length)));
  const candidates = known.filter(
    (one) =>
      one.variant === given.variant &&
      one.numbers.length === numbers.length &&
      (one.system === undefined) === (given.system === undefined) &&
      (one.system === undefined || one.system.kind === given.system?.kind) &&
      compare(one.numbers, numbers) >= 0 &&
      isSupported(one.tag),
  );
  const [best] = candidates.toSorted(
    (a, b) => compare(a.numbers, b.numbers) || (a.system?.age ?? 0) - (b.system?.age ?? 0),
  );
  return best?.tag;
}

/** Writes another tag, and drops a digest, which would win; `undefined`: the reference is not written here. */
export function retagging(stage: Stage, tag: string, title: string): Fix | undefined {
  const { image, imageWord } = stage;
  if (
    !image ||
    imageWord?.text !== image.reference ||
    imageWord.range.end - imageWord.range.start !== image.reference.length
  )
    return undefined;
  const name = image.reference.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
  return changing(unsafe(title, replace(imageWord, `${name}:${tag}`)), "images");
}

const LATEST: Readonly<Record<string, string>> = TAGS.latest;
const LISTED: Readonly<Record<string, string>> = TAGS.tags;

/** The name of one of Docker's official images, or of Amazon's copy of it. */
function officialName({ registry, repository }: Image): string | undefined {
  if (registry === "docker.io") return repository.includes("/") ? undefined : repository;
  return registry === "public.ecr.aws" ? /^docker\/library\/([^/]+)$/.exec(repository)?.[1] : undefined;
}

interface Parts {
  readonly tag: string;
  /** Empty: the tag begins with the system. */
  readonly numbers: readonly number[];
  /** Without numbers and system: `slim`, `jdk-alpine`. */
  readonly variant: string;
  readonly system: { readonly kind: string; readonly age: number } | undefined;
}

/** Of the oldest first. */
const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  debian: "wheezy jessie stretch buster bullseye bookworm trixie".split(" "),
  ubuntu: "precise trusty xenial bionic focal jammy noble resolute".split(" "),
};

function partsOf(tag: string): Parts | undefined {
  const numbers = /^\d+(?:\.\d+)*(?=$|-)/.exec(tag)?.[0];
  let system: Parts["system"];
  const words: string[] = [];
  for (const word of tag
    .slice(numbers?.length ?? 0)
    .split("-")
    .filter(Boolean)) {
    const alpine = /^alpine(3\.\d+)$/.exec(word)?.[1];
    const kind = Object.keys(SYSTEMS).find((one) => SYSTEMS[one]!.includes(word));
    if (alpine) {
      system = { kind: "alpine", age: Number(alpine.slice(2)) };
      words.push("alpine");
    } else if (kind) system = { kind, age: SYSTEMS[kind]!.indexOf(word) };
    else if (!/^\d{8}(?:\.\d+)?$/.test(word)) words.push(word);
  }
  if (numbers === undefined && !system) return undefined;
  return { tag, numbers: numbers?.split(".").map(Number) ?? [], variant: words.toSorted().join("-"), system };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - (b[i] ?? 0);
  return 0;
}
