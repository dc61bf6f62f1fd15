/**
 * Images with a JDK, and those of the same family with a JRE alone. Only tags that are certain to exist; what is not listed is not known.
 *
 * https://github.com/docker-library/official-images (library/eclipse-temurin with its history, library/amazoncorretto,
 * library/ibm-semeru-runtimes, library/maven, library/gradle), 2026-11; https://hub.docker.com/r/azul/zulu-openjdk/tags and
 * https://hub.docker.com/u/bellsoft, 2026-11.
 */
import type { Image } from "../image.ts";

export interface JdkImage {
  /** What it has besides a JRE: "Maven and the Java compiler". */
  readonly tools: string;
  /** Maven's or Gradle's image. */
  readonly isBuildTool: boolean;
  /** `17`; absent: not known. */
  readonly major: string | undefined;
  /** The image with the JRE of this version; absent: none is known. */
  readonly jre: string | undefined;
  /** The JRE has no AWT: no fonts, no pictures, no windows. */
  readonly isHeadless?: true;
  /** The JRE is another vendor's build of the same Java. */
  readonly isOther?: true;
}

/** `undefined`: it has no JDK, or it is not known. */
export function jdkImage({ registry, repository, tag = "latest" }: Image): JdkImage | undefined {
  if (registry !== "docker.io" || /windows|nanoserver/.test(tag)) return undefined;
  const name = ALIASES[repository] ?? repository;
  return Object.hasOwn(FAMILIES, name) ? FAMILIES[name]!(tag, repository) : undefined;
}

const ALIASES: Readonly<Record<string, string>> = {
  "azul/zulu-openjdk-alpine": "azul/zulu-openjdk",
  "azul/zulu-openjdk-debian": "azul/zulu-openjdk",
  "bellsoft/liberica-openjdk-alpine": "bellsoft/liberica-openjdk-debian",
  "bellsoft/liberica-openjdk-alpine-musl": "bellsoft/liberica-openjdk-debian",
};

const FAMILIES: Readonly<Record<string, (tag: string, repository: string) => JdkImage | undefined>> = {
  "eclipse-temurin": (tag) => {
    if (/jre|ubi|centos/.test(tag)) return undefined;
    const [, version = "", major, variant = ""] =
      /^((\d+)(?:u\d+-b\d+|\.[\d.]+_\d+)?)(?:-jdk)?(-(?:alpine(?:-3\.\d+)?|focal|jammy|noble|resolute))?$/.exec(tag) ??
      [];
    const jre = TEMURIN.test(major ?? "") ? `eclipse-temurin:${version}-jre${variant}` : undefined;
    return jdk(major ?? /^(\d+)/.exec(tag)?.[1], jre);
  },
  openjdk: (tag) => {
    if (/jre|oracle/.test(tag)) return undefined;
    const major = /^(\d+)/.exec(tag)?.[1];
    return { ...jdk(major, temurin(major, tag)), isOther: true };
  },
  amazoncorretto: (tag) => {
    if (/jre|headless|alpine|native/.test(tag)) return undefined;
    const [, version = "", major, system = ""] = /^((\d+)(?:[u.][\d.]+)?)(-al2023)?(?:-jdk)?$/.exec(tag) ?? [];
    if (major === "8") return jdk(major, `amazoncorretto:${version}${system}-jre`);
    const isMade = major !== undefined && /^(?:11|17|21|2[456])$/.test(major);
    return { ...jdk(major, isMade ? `amazoncorretto:${version}${system}-headless` : undefined), isHeadless: true };
  },
  "ibm-semeru-runtimes": (tag) => {
    const [, version, major, variant = ""] =
      /^(open-(\d+)[\d._]*)-jdk(-(?:jammy|noble|resolute|focal))?$/.exec(tag) ?? [];
    return version === undefined ? undefined : jdk(major, `ibm-semeru-runtimes:${version}-jre${variant}`);
  },
  "azul/zulu-openjdk": (tag, repository) => {
    const [, major, latest = ""] = /^(\d+)(-latest)?$/.exec(tag) ?? [];
    return major === undefined ? undefined : jdk(major, `${repository}:${major}-jre${latest}`);
  },
  "bellsoft/liberica-openjdk-debian": (tag, repository) => {
    const major = /^(\d+)(?:\.\d+)*$/.exec(tag)?.[1];
    return major === undefined ? undefined : jdk(major, `${repository.replace("openjdk", "openjre")}:${tag}`);
  },
  maven: (tag) => {
    const vendor =
      /(?:temurin|openjdk|jdk|corretto|sapmachine|liberica|zulu|semeru|ibmjava|microsoft-openjdk)-?(\d+)/.exec(tag);
    const major = vendor?.[1];
    const tools = "Maven and the Java compiler";
    // OpenJ9 has options of its own.
    if (/semeru|ibmjava/.test(tag)) return { ...build(tools, major, major && `ibm-semeru-runtimes:open-${major}-jre`) };
    return build(tools, major, temurin(major, tag));
  },
  gradle: (tag) => {
    const major = /jdk-?(\d+)/.exec(tag)?.[1];
    return build("Gradle and the Java compiler", major, temurin(major, tag));
  },
};

/** Majors for which there is `<major>-jre` of Temurin. */
const TEMURIN = /^(?:8|11|1[789]|2[0-6])$/;

function temurin(major: string | undefined, tag: string): string | undefined {
  if (major === undefined || !TEMURIN.test(major)) return undefined;
  const variant = /alpine|jammy|noble/.exec(tag)?.[0];
  // Noble came while 22 was made, and was not made of it.
  if (variant === "noble" && /^(?:1[89]|2[012])$/.test(major) && major !== "21") return undefined;
  if (variant === "jammy" && /^2[34]$/.test(major)) return undefined;
  return `eclipse-temurin:${major}-jre${variant ? `-${variant}` : ""}`;
}

function jdk(major: string | undefined, jre: string | undefined): JdkImage {
  return { tools: "the Java compiler", isBuildTool: false, major, jre };
}

function build(tools: string, major: string | undefined, jre: string | undefined): JdkImage {
  return { tools, isBuildTool: true, major, jre };
}
