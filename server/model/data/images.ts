/**
 * What is known of base images: their distribution, user, programs. From the images' own Dockerfiles and documentation
 * (github.com/docker-library, GoogleContainerTools/distroless, dotnet/dotnet-docker, Red Hat's UBI catalogue), 2026-11.
 * What is not listed is not known.
 */

export type Distribution =
  | "debian"
  | "ubuntu"
  | "alpine"
  | "fedora"
  | "rhel"
  | "amazon"
  | "suse"
  | "arch"
  | "distroless"
  | "busybox"
  | "wolfi"
  | "windows"
  | "scratch";

export interface ImageFacts {
  readonly distribution?: Distribution;
  /** `bookworm`, `24.04`, `3.20`; absent: not known. */
  readonly release?: string;
  /** The user that it sets; absent: not known. */
  readonly user?: string;
  /** Unprivileged users that it has, the one meant for applications first. */
  readonly users?: readonly string[];
  /** How USER names that user: `$APP_UID`; absent: by its name. */
  readonly userReference?: string;
  /** Its entrypoint starts as root and drops privileges itself. */
  readonly dropsPrivileges?: boolean;
  readonly workdir?: string;
  /** What `/bin/sh` is. `none`: the image has no shell. */
  readonly shell?: "dash" | "ash" | "bash" | "none";
  /** Ports below 1024 are its business: it is made to start as root. */
  readonly role?: "language" | "server" | "system";
}

interface Reference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
}

export function factsOf(image: Reference): ImageFacts {
  const name = image.registry === "docker.io" ? image.repository : `${image.registry}/${image.repository}`;
  const tag = (image.tag ?? "latest").toLowerCase();
  const own = OWN.find(([pattern]) => pattern.test(name));
  if (!own) return {};
  const facts = typeof own[1] === "function" ? own[1](tag, name) : own[1];
  return facts.distribution === "windows" || /nanoserver|windowsservercore|-windows/.test(tag)
    ? { ...facts, distribution: "windows" }
    : facts;
}

type Facts = ImageFacts | ((tag: string, name: string) => ImageFacts);

const DEBIAN_RELEASES = ["buster", "bullseye", "bookworm", "trixie"];
const DEBIAN_NUMBERS: Readonly<Record<string, string>> = {
  "10": "buster",
  "11": "bullseye",
  "12": "bookworm",
  "13": "trixie",
};
const UBUNTU_NAMES: Readonly<Record<string, string>> = {
  bionic: "18.04",
  focal: "20.04",
  jammy: "22.04",
  noble: "24.04",
};

/** Debian or Alpine, as the tag of a docker-library language image tells. */
function library(extra: ImageFacts = {}): Facts {
  return (tag) => ({ ...variant(tag), user: "root", users: [], role: "language", ...extra });
}

function variant(tag: string): ImageFacts {
  const alpine = /alpine(\d+\.\d+)?/.exec(tag);
  if (alpine) return { distribution: "alpine", shell: "ash", ...(alpine[1] ? { release: alpine[1] } : {}) };
  const ubuntu = Object.keys(UBUNTU_NAMES).find((name) => tag.includes(name));
  if (ubuntu) return { distribution: "ubuntu", shell: "dash", release: UBUNTU_NAMES[ubuntu]! };
  const release = DEBIAN_RELEASES.find((name) => tag.includes(name));
  return { distribution: "debian", shell: "dash", ...(release ? { release } : {}) };
}

function debian(tag: string): ImageFacts {
  const number = /^(\d+)/.exec(tag)?.[1];
  const release = DEBIAN_RELEASES.find((name) => tag.startsWith(name)) ?? (number ? DEBIAN_NUMBERS[number] : undefined);
  return {
    distribution: "debian",
    shell: "dash",
    user: "root",
    users: [],
    workdir: "/",
    role: "system",
    ...(release ? { release } : {}),
  };
}

function ubuntu(tag: string): ImageFacts {
  const release =
    /^\d+\.\d+/.exec(tag)?.[0] ?? Object.entries(UBUNTU_NAMES).find(([name]) => tag.startsWith(name))?.[1];
  return {
    distribution: "ubuntu",
    shell: "dash",
    user: "root",
    users: [],
    workdir: "/",
    role: "system",
    ...(release ? { release } : {}),
  };
}

function numbered(distribution: Distribution, shell: "bash" | "ash"): Facts {
  return (tag) => {
    const release = /^v?(\d+(?:\.\d+)?)/.exec(tag)?.[1];
    return {
      distribution,
      shell,
      user: "root",
      users: [],
      workdir: "/",
      role: "system",
      ...(release ? { release } : {}),
    };
  };
}

/** A server whose entrypoint starts as root and continues as this user. */
function server(user: string): Facts {
  return (tag) => ({ ...variant(tag), user: "root", users: [user], dropsPrivileges: true, role: "server" });
}

const OWN: readonly (readonly [RegExp, Facts])[] = [
  [/^debian$/, debian],
  [/^ubuntu$/, ubuntu],
  [/^buildpack-deps$/, library({ role: "system" })],
  [/^alpine$/, numbered("alpine", "ash")],
  [/^(?:fedora|quay\.io\/fedora\/fedora|registry\.fedoraproject\.org\/fedora)$/, numbered("fedora", "bash")],
  [
    /^(?:centos|rockylinux(?:\/rockylinux)?|almalinux(?:\/[\w-]+)?|oraclelinux|quay\.io\/centos\/centos)$/,
    numbered("rhel", "bash"),
  ],
  [/^amazonlinux$|^public\.ecr\.aws\/amazonlinux\/amazonlinux$/, numbered("amazon", "bash")],
  [/^opensuse\/(?:leap|tumbleweed)$/, numbered("suse", "bash")],
  [/^archlinux(?:\/archlinux)?$/, numbered("arch", "bash")],
  [/^busybox$/, { distribution: "busybox", shell: "ash", user: "root", users: [], workdir: "/", role: "system" }],
  [
    /^registry\.access\.redhat\.com\/ubi\d+(?:\/ubi|-minimal|-init)?(?:-minimal|-init)?$|^redhat\/ubi\d+(?:-minimal)?$/,
    { distribution: "rhel", shell: "bash", user: "root", users: [], workdir: "/", role: "system" },
  ],
  [
    /^registry\.access\.redhat\.com\/ubi\d+(?:\/ubi)?-micro$|^redhat\/ubi\d+-micro$/,
    { distribution: "rhel", shell: "bash", user: "root", users: [], workdir: "/", role: "system" },
  ],
  [
    /^registry\.(?:access\.)?redhat\.(?:com|io)\/ubi\d+\/(?:python|nodejs|openjdk|go-toolset|ruby|php)-/,
    { distribution: "rhel", shell: "bash", user: "1001", users: [], role: "language" },
  ],
  [/^python$/, library()],
  [/^node$/, library({ users: ["node"] })],
  [/^golang$/, library({ workdir: "/go" })],
  [/^(?:rust|ruby|perl|erlang|elixir|haskell|julia|swift|gcc|openjdk|maven|pypy|clojure|groovy)$/, library()],
  // Apache starts as root and serves as www-data; FPM does so, too.
  [
    /^php$/,
    (tag) => ({
      ...variant(tag),
      user: "root",
      users: ["www-data"],
      role: "language",
      ...(/apache|fpm/.test(tag) ? { dropsPrivileges: true, workdir: "/var/www/html" } : {}),
    }),
  ],
  [/^gradle$/, (tag) => ({ ...javaVariant(tag), user: "root", users: ["gradle"], role: "language" })],
  [
    /^(?:eclipse-temurin|ibm-semeru-runtimes)$/,
    (tag) => ({ ...javaVariant(tag), user: "root", users: [], role: "language" }),
  ],
  // https://github.com/zulu-openjdk/zulu-openjdk, https://github.com/bell-sw/Liberica
  [
    /^(?:azul\/zulu-open|bellsoft\/liberica-open)(?:jdk|jre)-alpine(?:-musl)?$/,
    { distribution: "alpine", shell: "ash", user: "root", users: [], role: "language" },
  ],
  [
    /^(?:azul\/zulu-open|bellsoft\/liberica-open)(?:jdk|jre)-debian$/,
    { distribution: "debian", shell: "dash", user: "root", users: [], role: "language" },
  ],
  [/^azul\/zulu-openjdk$/, { distribution: "ubuntu", shell: "dash", user: "root", users: [], role: "language" }],
  [
    /^amazoncorretto$/,
    (tag) =>
      tag.includes("alpine")
        ? { ...variant(tag), user: "root", users: [] }
        : { distribution: "amazon", shell: "bash", user: "root", users: [], role: "language" },
  ],
  [/^composer$/, { distribution: "alpine", shell: "ash", user: "root", users: [], workdir: "/app", role: "language" }],
  [
    /^oven\/bun$/,
    (tag) =>
      tag.includes("distroless")
        ? { distribution: "distroless", shell: "none", role: "language" }
        : { ...variant(tag), user: "root", users: ["bun"], role: "language" },
  ],
  [
    /^denoland\/deno$/,
    (tag) =>
      tag.includes("distroless")
        ? { distribution: "distroless", shell: "none", role: "language" }
        : { ...variant(tag), user: "root", users: ["deno"], role: "language" },
  ],
  [
    /^ghcr\.io\/astral-sh\/uv$/,
    (tag) =>
      /python|debian|bookworm|trixie|alpine/.test(tag)
        ? { ...variant(tag), user: "root", users: [], role: "language" }
        : { distribution: "scratch", shell: "none", user: "root", users: [] },
  ],
  [/^nginxinc\/nginx-unprivileged$/, (tag) => ({ ...variant(tag), user: "nginx", users: ["nginx"], role: "server" })],
  [/^nginx$/, server("nginx")],
  [/^httpd$/, server("www-data")],
  [
    /^(?:postgres|mysql|mariadb|mongo|redis|valkey\/valkey|memcached|rabbitmq|cassandra|elasticsearch|logstash|kibana|influxdb|neo4j|couchdb|ghost|wordpress|nextcloud|drupal|joomla)$/,
    (tag, name) => {
      const user =
        { memcached: "memcache", elasticsearch: "elasticsearch", ghost: "node" }[name] ??
        (name.split("/").at(-1) as string);
      // The first version whose image is not root's: https://github.com/elastic/dockerfiles
      const since = { memcached: 0, elasticsearch: 8, kibana: 6, logstash: 6 }[name];
      const isUnprivileged = since !== undefined && !(Number.parseInt(tag, 10) < since);
      return {
        ...variant(tag),
        user: isUnprivileged ? user : "root",
        users: [user],
        ...(isUnprivileged ? {} : { dropsPrivileges: true }),
        role: "server",
      };
    },
  ],
  [
    /^caddy$/,
    (tag) => ({
      distribution: tag.includes("windows") ? "windows" : "alpine",
      shell: "ash",
      user: "root",
      users: [],
      role: "server",
    }),
  ],
  [/^traefik$/, { distribution: "alpine", shell: "ash", user: "root", users: [], role: "server" }],
  [
    /^jenkins\/(?:jenkins|inbound-agent|agent)$/,
    (tag) => ({ ...variant(tag), user: "jenkins", users: ["jenkins"], role: "server" }),
  ],
  [
    /^gcr\.io\/distroless\//,
    (tag) => ({
      distribution: "distroless",
      shell: /debug/.test(tag) ? "ash" : "none",
      user: /nonroot/.test(tag) ? "nonroot" : "root",
      users: ["nonroot"],
      workdir: /nonroot/.test(tag) ? "/home/nonroot" : "/",
      role: "language",
    }),
  ],
  [
    /^cgr\.dev\/|^chainguard\//,
    (tag, name) => ({
      distribution: "wolfi",
      ...(/wolfi-base|chainguard-base/.test(name) ? { user: "root" } : { user: "nonroot" }),
      users: ["nonroot"],
      ...(/dev/.test(tag) ? { shell: "bash" as const } : {}),
    }),
  ],
  [/^dhi\.io\//, (tag) => ({ ...variant(tag), user: /dev|sdk/.test(tag) ? "root" : "nonroot", users: ["nonroot"] })],
  [/^bitnami(?:legacy|secure)?\//, { distribution: "debian", shell: "dash", user: "1001", users: [], role: "server" }],
  [/^mcr\.microsoft\.com\/dotnet\/(?:nightly\/)?/, dotnet],
  [
    /^mcr\.microsoft\.com\/windows/,
    { distribution: "windows", user: "ContainerAdministrator", users: ["ContainerUser"] },
  ],
  [
    /^mcr\.microsoft\.com\/playwright(?:\/python)?$/,
    { distribution: "ubuntu", shell: "dash", user: "root", users: ["pwuser"], role: "language" },
  ],
  [
    /^(?:continuumio\/(?:miniconda3|anaconda3)|condaforge\/(?:miniforge3|mambaforge))$/,
    { distribution: "debian", shell: "dash", user: "root", users: [], role: "language" },
  ],
  [
    /^mambaorg\/micromamba$/,
    { distribution: "debian", shell: "dash", user: "mambauser", users: ["mambauser"], role: "language" },
  ],
  [/^tiangolo\/|^selenium\//, {}],
  [
    /^nvidia\/cuda$|^nvcr\.io\/nvidia\/cuda$/,
    (tag) => {
      const release = /ubuntu(\d+\.\d+)/.exec(tag)?.[1];
      if (release) return { distribution: "ubuntu", shell: "dash", user: "root", users: [], release, role: "language" };
      return /ubi|rocky/.test(tag)
        ? { distribution: "rhel", shell: "bash", user: "root", users: [], role: "language" }
        : {};
    },
  ],
];

/** Temurin's and Gradle's tags: Ubuntu unless they say otherwise. */
function javaVariant(tag: string): ImageFacts {
  if (/ubi|centos/.test(tag)) return { distribution: "rhel", shell: "bash" };
  if (/alpine/.test(tag)) return variant(tag);
  const ubuntuName = Object.keys(UBUNTU_NAMES).find((name) => tag.includes(name));
  return { distribution: "ubuntu", shell: "dash", ...(ubuntuName ? { release: UBUNTU_NAMES[ubuntuName]! } : {}) };
}

/** From .NET 8 on, the runtime images have the user `app`, and say which one in `$APP_UID`. */
function dotnet(tag: string): ImageFacts {
  const major = Number(/^(\d+)\./.exec(tag)?.[1] ?? Number.NaN);
  if (/nanoserver|windowsservercore/.test(tag)) return { distribution: "windows" };
  const isChiseled = /chiseled|distroless/.test(tag);
  const system: ImageFacts = isChiseled ? { distribution: "ubuntu", shell: "none" } : variant(tag);
  if (!(major >= 8)) return { ...system, user: "root", users: [], role: "language" };
  return { ...system, user: isChiseled ? "app" : "root", users: ["app"], userReference: "$APP_UID", role: "language" };
}
