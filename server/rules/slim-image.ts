/**
 * The slim sibling of a language's full image. The full ones are built on buildpack-deps, the slim ones on Debian's:
 * https://github.com/docker-library/python/blob/master/Dockerfile-linux.template, likewise node and ruby;
 * https://github.com/docker-library/buildpack-deps. Read in 2026-11.
 */
import type { Image } from "../model/image.ts";
import type { Stage } from "../model/stage.ts";
import { isCondaImage } from "./conda-environment.ts";
import { latestVersion, TAGS_OF } from "./image-tags.ts";

const CODENAMES = "buster|bullseye|bookworm|trixie|forky";

/** The slim image of the same version and release, as FROM would name it; `undefined`: there is none, or it is not known. */
export function slimSibling(stage: Stage): string | undefined {
  const { image, imageWord } = stage;
  const withoutUv = image && plainPython(image);
  if (isCondaImage(stage)) return "debian:bookworm-slim";
  if (withoutUv !== undefined) return /slim|alpine/.test(image!.tag ?? "") ? undefined : withoutUv;
  if (!image || !imageWord || image.digest || image.registry !== "docker.io") return undefined;
  const { repository, tag = "latest" } = image;
  if (!/^(?:python|node|ruby)$/.test(repository) || stage.base.distribution !== "debian") return undefined;
  if (/slim|onbuild|windows|alpine|chakracore/.test(tag)) return undefined;
  const text = imageWord.text;
  if (/["']/.test(text)) return undefined;
  const isTagged = image.tag !== undefined;
  const version = versionOf(stage);
  if (version !== undefined) return `${version}-slim`;
  const written = isTagged ? /^([^:]+):(.*)$/.exec(text) : undefined;
  if (!written) return undefined;
  const [, name, shown] = written as unknown as [string, string, string];
  if (tag === "latest") return undefined;
  const isKnown = new RegExp(`^(?:\\d[\\w.]*(?:-rc)?|lts|current|rc|[a-z]+)?(?:-?(?:${CODENAMES}))?$`).test(tag);
  if (!isKnown) return undefined;
  const release = new RegExp(`(?:^|-)(${CODENAMES})$`).exec(tag)?.[1];
  if (release === undefined || repository === "node") return `${name}:${shown}-slim`;
  return shown.endsWith(release) ? `${name}:${shown.slice(0, -release.length)}slim-${release}` : undefined;
}

/**
 * The slim image with the Python of an image of uv's, which is built on that: `python3.13-trixie`, `0.9.26-python3.13-bookworm-slim`;
 * `undefined`: it is none. https://docs.astral.sh/uv/guides/integration/docker/#available-images
 */
export function plainPython({ registry, repository, tag = "" }: Image): string | undefined {
  if (registry !== "ghcr.io" || repository !== "astral-sh/uv") return undefined;
  const [, version, release] = new RegExp(`^(?:[\\d.]+-)?python(3\\.\\d+)-(${CODENAMES})(?:-slim)?$`).exec(tag) ?? [];
  return version === undefined ? undefined : `python:${version}-slim-${release}`;
}

/** The full image by its version, where FROM names none: two tags that move would not stay the same. */
export function versionOf({ image, imageWord }: Stage): string | undefined {
  if (!image || !imageWord || imageWord.variables.length > 0 || image.digest) return undefined;
  const version = image.tag === undefined || image.tag === "latest" ? latestVersion(image) : undefined;
  return version === undefined ? undefined : `${imageWord.text.replace(/:latest$/, "")}:${version}`;
}

/** For the assumptions of a fix that names it. */
export function isLatest(version: string): string {
  return `The build works with \`${version}\`, which is what \`latest\` was on ${TAGS_OF}.`;
}
