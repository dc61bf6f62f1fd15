/**
 * What a stage starts with: how large its base image is, and which packages that has. Facts; what is not here is not known.
 *
 * Sizes are those that `docker image ls` shows, unpacked, amd64. Sources:
 * - `official`: github.com/docker-library/repo-info, "Virtual Size", of 2026-07 to 2026-09.
 * - `built`: an image made here on 2026-11-21 of the same packages in the same way (mmdebstrap; buildpack-deps' own list).
 * - `derived`: the difference between two built images, added to an official size.
 * - `remembered`: as known in general, not looked up.
 * Package lists: the Dockerfiles of github.com/docker-library (buildpack-deps, python, ruby, golang, rust, php) and
 * github.com/nodejs/docker-node. A slim image of a language is made with packages that are removed again, so that the libraries
 * which its programs are linked to are named here one by one; names that a release has not got say nothing.
 */
import type { Stage } from "../model/stage.ts";
import { releaseOf } from "./release.ts";
import type { SizeRelease } from "./table.ts";

export interface BaseSize {
  /** In bytes; `undefined`: not known. */
  readonly bytes: number | undefined;
  /** Where the number is from; `undefined`: there is none. */
  readonly source: "official" | "built" | "derived" | "remembered" | undefined;
  /** Whose table its packages are in; `undefined`: none, or not known. */
  readonly release: SizeRelease | undefined;
  /** It leaves out documentation and translations. */
  readonly isSlim: boolean;
  /** The names of the packages that it has beside those of Debian's own image; `undefined`: not known. */
  readonly packages: readonly string[] | undefined;
}

/** The base of a lineage. */
export function baseOf(stage: Stage): BaseSize {
  const root = stage.lineage[0]!;
  if (root.isScratch) return { bytes: 0, source: "official", release: undefined, isSlim: false, packages: [] };
  const { image } = root;
  if (!image) return NOTHING_KNOWN;
  const { repository, registry } = image;
  const tag = image.tag ?? "latest";
  const name = registry === "docker.io" ? repository : `${registry}/${repository}`;
  const isSlim = /(?:^|-)slim(?:-|$)/.test(tag);
  const release = releaseOf(image);
  const [megabytes, source] = sizeOf(name, tag, release, isSlim) ?? [];
  return {
    bytes: megabytes === undefined ? undefined : Math.round(megabytes * 1_000_000),
    source,
    release,
    isSlim: isSlim || SLIM_BY_NATURE.test(name),
    packages: registry === "docker.io" ? packagesOf(repository, tag, isSlim) : undefined,
  };
}

const NOTHING_KNOWN: BaseSize = {
  bytes: undefined,
  source: undefined,
  release: undefined,
  isSlim: false,
  packages: undefined,
};

/** Images of servers that are made on Debian's slim image and do not say so. */
const SLIM_BY_NATURE = /^(?:nginx|httpd|postgres|mysql|mariadb|redis|memcached|php|wordpress|ghost|rabbitmq)$/;

type Size = readonly [megabytes: number, source: NonNullable<BaseSize["source"]>];

function sizeOf(name: string, tag: string, release: SizeRelease | undefined, isSlim: boolean): Size | undefined {
  const version = /^(\d+(?:\.\d+)?)/.exec(tag)?.[1] ?? "";
  switch (name) {
    case "debian":
      return release && (isSlim ? DEBIAN_SLIM : DEBIAN)[release];
    case "buildpack-deps":
      return release === "bookworm" && !/-(?:scm|curl)$/.test(tag) ? [926.2, "built"] : undefined;
    case "python":
      // Of 3.12 on bookworm and 3.13 on trixie; the others differ by a few MB.
      if (!release || !/^(?:3(?:\.(?:9|1[0-4]))?)?$/.test(version)) return undefined;
      if (isSlim) return release === "bookworm" ? [124.3, "official"] : [118.1, "official"];
      return [release === "bookworm" ? 1020 : 1110, "official"];
    case "node":
      // Of 22 on bookworm and 24 on trixie; what came since differs by some MB.
      if (!release || !/^(?:22|24|26)?(?:\.|$)/.test(version)) return undefined;
      if (release === "bookworm") return isSlim ? [227.3, "official"] : [1130, "official"];
      return isSlim ? [234.2, "official"] : [1230, "official"];
    case "php":
      // Of 8.2 with apache on bookworm and 8.5 without on trixie; apache itself is 8 MB.
      if (!release || !/^8?(?:\.|$)/.test(version)) return undefined;
      return release === "bookworm" ? [502, "official"] : [579.2, "official"];
    case "alpine":
      return [8.3, "remembered"];
    case "busybox":
      return [4.3, "remembered"];
    case "ubuntu":
      return /^(?:22\.04|24\.04|jammy|noble|latest)/.test(tag) ? [78, "remembered"] : undefined;
    default:
      return undefined;
  }
}

const DEBIAN_SLIM: Readonly<Record<SizeRelease, Size>> = { bookworm: [74.8, "official"], trixie: [78.6, "built"] };
const DEBIAN: Readonly<Record<SizeRelease, Size>> = { bookworm: [116.2, "built"], trixie: [120, "built"] };

const CURL = "ca-certificates curl gnupg netbase sq sqv wget tzdata";
const SCM = `${CURL} git mercurial openssh-client subversion procps`;
const BUILDPACK = `${SCM} autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev libncursesw5-dev libncurses-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev libxslt1-dev libyaml-dev make patch unzip xz-utils zlib1g-dev`;

/** What phpize needs stays, and the libraries of PHP itself. */
const PHP =
  "autoconf dpkg-dev file g++ gcc libc6-dev make pkg-config re2c ca-certificates curl xz-utils libargon2-1 libcurl4 libcurl4t64 libonig5 libreadline8 libreadline8t64 libsodium23 libsqlite3-0 libssl3 libssl3t64 libxml2 zlib1g";

function packagesOf(name: string, tag: string, isSlim: boolean): readonly string[] | undefined {
  const words = listOf(name, tag, isSlim);
  return words?.split(" ").filter((word) => word !== "");
}

function listOf(name: string, tag: string, isSlim: boolean): string | undefined {
  switch (name) {
    case "debian":
      return /backports|sid|unstable|testing/.test(tag) ? undefined : "";
    case "buildpack-deps":
      return tag.endsWith("-curl") ? CURL : tag.endsWith("-scm") ? SCM : BUILDPACK;
    case "python":
      return isSlim
        ? "ca-certificates netbase tzdata libbz2-1.0 libdb5.3 libdb5.3t64 libffi8 libgdbm6 libgdbm6t64 liblzma5 libncursesw6 libnsl2 libreadline8 libreadline8t64 libsqlite3-0 libssl3 libssl3t64 libtirpc3 libtirpc3t64 libuuid1 zlib1g"
        : `${BUILDPACK} libbluetooth-dev tk-dev uuid-dev`;
    case "node":
      return isSlim ? "libatomic1" : BUILDPACK;
    case "php":
      return /^8|^(?:apache|cli|fpm|zts|latest)/.test(tag)
        ? `${PHP}${tag.includes("apache") ? " apache2" : ""}`
        : undefined;
    case "ruby":
      return isSlim
        ? "bzip2 ca-certificates libffi-dev libgmp-dev libssl-dev libyaml-dev procps zlib1g-dev"
        : `${BUILDPACK} libgdbm-dev`;
    case "golang":
      return `${SCM} g++ gcc libc6-dev make pkg-config`;
    case "rust":
      return isSlim ? "ca-certificates gcc libc6-dev" : BUILDPACK;
    case "perl":
    case "gcc":
      return isSlim ? undefined : BUILDPACK;
    default:
      return undefined;
  }
}
