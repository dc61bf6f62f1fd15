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
 * The Debian release of an image of docker-library: the one that its tag names, or the one that was the default when that version
 * was last made. Which release is meant by `1.24.3`, which was made before its line moved to another one, is not known.
 */
export function debianReleaseOfTag({ repository, tag = "", facts }: Image): string | undefined {
  if (facts.distribution !== "debian" || facts.release !== undefined) return facts.release;
  const [, major, minor, rest] = /^(\d+)(?:\.(\d+))?(\.\d+)?(?:-slim)?$/.exec(tag) ?? [];
  const defaults = DEFAULTS[repository];
  if (major === undefined || !defaults || (defaults.line !== undefined && major !== defaults.line)) return undefined;
  const version = Number(defaults.line === undefined ? major : (minor ?? Number.NaN));
  const isWhole = defaults.line === undefined ? minor === undefined : rest === undefined;
  if (!isWhole && defaults.moved.includes(version)) return undefined;
  return Object.keys(defaults.releases).find((release) => {
    const [from, to] = defaults.releases[release]!;
    return version >= from && version <= to;
  });
}

/** The slim image of the release of Debian that an image of docker-library is built on; or why there is none. */
export function slimDebianOf(image: Image): string | { readonly refusal: string } {
  const release = debianReleaseOfTag(image);
  const { reference, repository } = image;
  if (release === undefined) {
    const example = EXAMPLES[repository];
    return {
      refusal: `which release of Debian \`${reference}\` is built on is not known${example ? `; a tag such as \`${example}\` tells` : ""}`,
    };
  }
  return SUPPORTED.includes(release)
    ? `debian:${release}-slim`
    : {
        refusal: `\`${reference}\` is built on Debian ${release}, which gets no fixes any more: a newer image comes first`,
      };
}

/** https://wiki.debian.org/LTS, 2026-11: bullseye ended in August 2026. */
const SUPPORTED = ["bookworm", "trixie"];

const EXAMPLES: Readonly<Record<string, string>> = {
  gcc: "gcc:15-trixie",
  golang: "golang:1.25-bookworm",
  rust: "rust:1.91-bookworm",
};

/** The same tag with the release in it, where the plain tag may still move to another one. */
export function tagWithRelease(image: Image, release: string): string | undefined {
  const { repository, tag = "", digest, facts } = image;
  const [, major, minor] = /^(\d+)(?:\.(\d+))?(?:\.\d+)?(?:-slim)?$/.exec(tag) ?? [];
  const defaults = DEFAULTS[repository];
  if (facts.release !== undefined || digest !== undefined || !defaults || major === undefined) return undefined;
  const version = Number(defaults.line === undefined ? major : minor);
  return defaults.supported.includes(version) ? `${tag}-${release}` : undefined;
}

interface Defaults {
  /** Versions are the second number behind it; absent: the first. */
  readonly line?: string;
  /** The first and the last version of which that release of Debian was the default in the end. */
  readonly releases: Readonly<Record<string, readonly [number, number]>>;
  /** Those that had another one before. */
  readonly moved: readonly number[];
  /** Those that are still made; they have tags with `-trixie`. */
  readonly supported: readonly number[];
}

/** github.com/docker-library/official-images, the history of library/golang, library/rust and library/gcc up to 2026-08-21. */
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  golang: {
    line: "1",
    releases: { bullseye: [16, 18], bookworm: [19, 23], trixie: [24, 27] },
    moved: [16, 19, 20, 24],
    supported: [26, 27],
  },
  rust: {
    line: "1",
    releases: { bullseye: [55, 71], bookworm: [72, 88], trixie: [89, 98] },
    moved: [89],
    supported: [98],
  },
  gcc: {
    releases: { bullseye: [9, 11], bookworm: [12, 13], trixie: [14, 16] },
    moved: [9, 10, 11, 12, 14, 15],
    supported: [14, 15, 16],
  },
};
