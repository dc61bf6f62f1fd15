import {
  ALPINE,
  AS_OF,
  DEBIAN,
  DEBIAN_NUMBERS,
  DEPRECATED,
  DOTNET,
  ENDING,
  PRODUCTS,
  TEMURIN_VERSIONS,
  UBUNTU,
  UBUNTU_NAMES,
} from "../model/data/end-of-life.ts";
import type { Image } from "../model/image.ts";
import type { Stage } from "../model/stage.ts";
import { replace } from "./edit.ts";
import { nextTag, retagging } from "./image-tags.ts";
import { releaseBond } from "./release-bound.ts";
import { assuming, changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "end-of-life-image",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  concerns: "image",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const { image, imageWord } = stage;
      if (!image || !imageWord) continue;
      const given = givenUp(image);
      if (given) {
        const fix = given.instead === "eclipse-temurin" ? temurinFor(stage, image) : undefined;
        yield {
          at: imageWord.range,
          message: `Docker Hub's \`${image.repository}\` was given up for \`${given.instead}\`, and has got no security fixes since ${month(given.end)}`,
          ...(fix ? { fixes: [fix] } : { refusal: `which of the tags of \`${given.instead}\` fits is not known` }),
        };
        continue;
      }
      const found = endOf(image);
      if (!found || found.end >= AS_OF) continue;
      yield {
        at: imageWord.range,
        message: `${found.name} has got no security fixes since ${month(found.end)}`,
        ...moving(stage, image),
      };
    }
  },
});

function givenUp({ registry, repository, tag = "latest" }: Image): (typeof DEPRECATED)[string] | undefined {
  const deprecated =
    registry === "docker.io" && Object.hasOwn(DEPRECATED, repository) ? DEPRECATED[repository] : undefined;
  return deprecated && !deprecated.except?.test(tag) ? deprecated : undefined;
}

/** The same Java in the image that took over, which is built on Ubuntu or Alpine. */
function temurinFor(stage: Stage, { tag = "" }: Image): Fix | undefined {
  const word = stage.imageWord!;
  const [, version = "", kind = "-jdk", system = ""] =
    /^(\d+)(?:u\d+|[.\d]*)?(-j(?:dk|re))?(?:-(?:headless|hotspot))?(-slim|-alpine[.\d]*|)(?:-[a-z]+)?$/.exec(tag) ?? [];
  const isOther = stage.dockerfile.packageOperations.some(
    ({ run, manager }) => run.stage.lineage.includes(stage) && !/^(?:apt|apt-get|apk)$/.test(manager),
  );
  // Ubuntu's image has a user 1000 already.
  const isTaken = stage.runs.some(({ instruction }) => /\b1000\b/.test(instruction.rest.text));
  if (word.variables.length > 0 || !TEMURIN_VERSIONS.includes(version) || isOther || isTaken) return undefined;
  const reference = `eclipse-temurin:${version}${kind}${system.startsWith("-alpine") ? "-alpine" : ""}`;
  return assuming(
    changing(unsafe(`Build on \`${reference}\``, replace(word, reference)), "images"),
    `Nothing relies on what the old image has besides Java: the new one is built on ${system.startsWith("-alpine") ? "a newer Alpine" : "Ubuntu"}.`,
  );
}

function moving(stage: Stage, image: Image): Pick<Finding, "fixes" | "refusal"> {
  const tag = nextTag(image, (one) => {
    const end = endOf({ ...image, tag: one });
    return (end === undefined || end.end >= AS_OF) && !isEnding(image.repository, one);
  });
  if (tag === undefined)
    return {
      refusal: OTHER_WAYS[image.repository] ?? "which newer release the program works with, its tests have to say",
    };
  const bond = releaseBond(stage, image, tag);
  if (bond) return { refusal: bond };
  const fix = retagging(stage, tag, `Start from \`${tag}\``);
  if (!fix) return { refusal: `a variable holds the name of the image; \`${tag}\` is the next that is looked after` };
  return { fixes: [assuming(fix, "The build and the program work with the newer release: their tests have to say.")] };
}

const OTHER_WAYS: Readonly<Record<string, string>> = {
  centos: "CentOS has no newer release: AlmaLinux and Rocky Linux go on where it ended",
  "centos/centos": "CentOS has no newer release: AlmaLinux and Rocky Linux go on where it ended",
};

function isEnding(repository: string, tag: string): boolean {
  const name = repository.replace(/^(?:docker\/library|library)\//, "");
  const systems = /-alpine(3\.\d+)/.exec(tag)?.[1] ?? "";
  return (
    (Object.hasOwn(ENDING, name) &&
      ENDING[name]!.some((release) => tag === release || tag.startsWith(`${release}-`))) ||
    ENDING["alpine"]!.includes(systems)
  );
}

interface End {
  readonly name: string;
  readonly end: string;
}

/** What the tag says, the program first, then the system below it. */
function endOf({ registry, repository, tag }: Image): End | undefined {
  if (tag === undefined || !/^(?:docker\.io|mcr\.microsoft\.com|public\.ecr\.aws|quay\.io)$/.test(registry))
    return undefined;
  const name = repository.replace(/^(?:docker\/library|library)\//, "");
  const version = /^v?(\d+(?:\.\d+)?)/.exec(tag)?.[1];
  if (registry === "mcr.microsoft.com")
    return version && name.startsWith("dotnet/") ? released(DOTNET.label, DOTNET.releases, version) : undefined;
  if (registry === "quay.io")
    return name === "centos/centos" && /^(?:7|8|centos[78])(?:$|[.-])/.test(tag)
      ? released("CentOS", PRODUCTS["centos"]!.releases, /[78]/.exec(tag)![0])
      : undefined;
  if (name === "debian") {
    const release = DEBIAN_NUMBERS[/^\d+/.exec(tag)?.[0] ?? ""];
    return (release && released("Debian", DEBIAN, release)) || systemIn(tag);
  }
  if (name === "ubuntu") return (version && released("Ubuntu", UBUNTU, version)) || systemIn(tag);
  if (name === "alpine") return version ? released("Alpine", ALPINE, version) : undefined;
  if (!OFFICIAL.test(name)) return undefined;
  const product = Object.hasOwn(PRODUCTS, name) ? PRODUCTS[name] : undefined;
  // Of a release that has none of its own, the last of its major version tells enough.
  const own =
    product &&
    version &&
    (released(product.label, product.releases, version) ??
      released(product.label, product.releases, version.split(".")[0]!, version));
  return own && own.end < AS_OF ? own : systemIn(tag);
}

/** Docker's official images, whose tags name the system that they are built on. */
const OFFICIAL =
  /^(?:node|python|ruby|php|golang|rust|perl|gcc|openjdk|eclipse-temurin|maven|gradle|elixir|erlang|haskell|julia|swift|postgres|mysql|mariadb|mongo|redis|nginx|httpd|haproxy|memcached|rabbitmq|tomcat|jetty|buildpack-deps|centos|fedora|wordpress|drupal|nextcloud|ghost|composer|pypy)$/;

function systemIn(tag: string): End | undefined {
  const words = tag.split(/[-_]/);
  const debian = words.find((word) => Object.hasOwn(DEBIAN, word));
  if (debian) return released("Debian", DEBIAN, debian);
  const ubuntu = words.find((word) => Object.hasOwn(UBUNTU_NAMES, word));
  if (ubuntu) return released("Ubuntu", UBUNTU, UBUNTU_NAMES[ubuntu]!);
  const alpine = words.map((word) => /^alpine(\d+\.\d+)$/.exec(word)?.[1]).find(Boolean);
  return alpine ? released("Alpine", ALPINE, alpine) : undefined;
}

function released(
  product: string,
  releases: Readonly<Record<string, string>>,
  release: string,
  shown = release,
): End | undefined {
  if (!Object.hasOwn(releases, release)) return undefined;
  return { name: `${product} ${shown}`, end: releases[release]! };
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

function month(day: string): string {
  const [year, number] = day.split("-");
  return `${MONTHS[Number(number) - 1]} ${year}`;
}
