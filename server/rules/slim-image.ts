/**
 * The slim sibling of a language's full image. The full ones are built on buildpack-deps, the slim ones on Debian's:
 * https://github.com/docker-library/python/blob/master/Dockerfile-linux.template, likewise node and ruby;
 * https://github.com/docker-library/buildpack-deps. Read in 2026-11.
 */
import type { Stage } from "../model/stage.ts";

const CODENAMES = "buster|bullseye|bookworm|trixie|forky";

/** The slim image of the same version and release, as FROM would name it; `undefined`: there is none, or it is not known. */
export function slimSibling(stage: Stage): string | undefined {
  const { image, imageWord } = stage;
  if (!image || !imageWord || image.digest || image.registry !== "docker.io") return undefined;
  const { repository, tag = "latest" } = image;
  if (!/^(?:python|node|ruby)$/.test(repository) || stage.base.distribution !== "debian") return undefined;
  if (/slim|onbuild|windows|alpine|chakracore/.test(tag)) return undefined;
  const text = imageWord.text;
  if (/["']/.test(text)) return undefined;
  const isTagged = image.tag !== undefined;
  const written = isTagged ? /^([^:]+):(.*)$/.exec(text) : undefined;
  if (!isTagged) return imageWord.variables.length === 0 ? `${text}:slim` : undefined;
  if (!written) return undefined;
  const [, name, shown] = written as unknown as [string, string, string];
  if (tag === "latest") return shown === "latest" ? `${name}:slim` : undefined;
  const isKnown = new RegExp(`^(?:\\d[\\w.]*(?:-rc)?|lts|current|rc|[a-z]+)?(?:-?(?:${CODENAMES}))?$`).test(tag);
  if (!isKnown) return undefined;
  const release = new RegExp(`(?:^|-)(${CODENAMES})$`).exec(tag)?.[1];
  if (release === undefined || repository === "node") return `${name}:${shown}-slim`;
  return shown.endsWith(release) ? `${name}:${shown.slice(0, -release.length)}slim-${release}` : undefined;
}
