/**
 * Images that run what another image builds. Only tags that are certain to exist; what is not listed is not known.
 */
import type { Image } from "../image.ts";

/**
 * A program without any library, certificates and time zones included; it runs as `nonroot`, 65532.
 * https://github.com/GoogleContainerTools/distroless (README, "What images are available?"), 2026-11.
 */
export const DISTROLESS_STATIC = "gcr.io/distroless/static-debian12:nonroot";

/** Files alone, served by user 101; with `-alpine` behind it, on Alpine. https://hub.docker.com/r/nginxinc/nginx-unprivileged/tags, 2026-11. */
export const NGINX_UNPRIVILEGED = "nginxinc/nginx-unprivileged:1.28";

/**
 * The Debian release of an image of docker-library: the one that its tag names, or the one that was the default as long as
 * that version was made. https://github.com/docker-library/official-images (history of library/golang and library/rust), 2026-11:
 * bookworm became the default in June 2023, trixie in August 2025.
 */
export function debianReleaseOfTag({ repository, tag = "", facts }: Image): string | undefined {
  if (facts.distribution !== "debian" || facts.release !== undefined) return facts.release;
  const minor = Number(/^1\.(\d+)(?:\.\d+)?(?:-slim)?$/.exec(tag)?.[1] ?? Number.NaN);
  const [from, to] = BOOKWORM_MINORS[repository] ?? [];
  return from !== undefined && minor >= from && minor <= to! ? "bookworm" : undefined;
}

/** Made while bookworm was the default, and no more when that ended. */
const BOOKWORM_MINORS: Readonly<Record<string, readonly [number, number]>> = { golang: [21, 22], rust: [71, 88] };
