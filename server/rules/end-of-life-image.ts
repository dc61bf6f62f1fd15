import {
  ALPINE,
  AS_OF,
  DEBIAN,
  DEBIAN_NUMBERS,
  DOTNET,
  PRODUCTS,
  UBUNTU,
  UBUNTU_NAMES,
} from "../model/data/end-of-life.ts";
import type { Image } from "../model/image.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "end-of-life-image",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: [],
  concerns: "image",

  *check(dockerfile) {
    for (const { image, imageWord } of dockerfile.stages) {
      const found = image && imageWord && endOf(image);
      if (!found || found.end >= AS_OF) continue;
      yield {
        at: imageWord.range,
        message: `${found.name} has got no security fixes since ${month(found.end)}`,
        refusal: "which newer release the program works with, its tests have to say",
      };
    }
  },
});

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
