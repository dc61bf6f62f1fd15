/** What Maven, Gradle and javac make, and the JRE that runs it: https://hub.docker.com/_/eclipse-temurin, https://hub.docker.com/_/maven. */

import { baseName, type Command } from "../model/command.ts";
import { temurinJre } from "../model/data/runtime-images.ts";
import type { Stage } from "../model/stage.ts";
import { type Leftover, moveBuild, type Recipe, type Remedy } from "./artefact.ts";
import {
  type BuildCommand,
  buildCommands,
  directoriesNamed,
  inDirectory,
  type Outputs,
  pathOf,
  type Tracked,
  trackOutputs,
  wordsOf,
} from "./build-command.ts";
import { isWholeCopy } from "./carried-paths.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { keyword, replace } from "./edit.ts";
import { manifest } from "./manifest.ts";
import { changing, unsafe } from "./rule.ts";
import { runKindOf } from "./run-kind.ts";
import { isInside, lineNumber, type StageCopy } from "./stage-split.ts";
import { isTrusted } from "./untrusted-registry.ts";

const BUILDERS = /^(?:mvnw?|mvnd|gradlew?|javac|kotlinc|jar|ant)$/;
/** Programs of a JDK that a container may be meant to have. */
const DIAGNOSTICS = /\b(?:jcmd|jmap|jstack|jstat|jps|jshell|jdb|jconsole|jlink|jdeps)\b/;

export function javaLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const jdk = jdkOf(stage);
  if (!jdk) return undefined;
  const [command, ...others] = foreignPrograms(start.commands);
  if (!command || others.length > 0) return undefined;
  const own = stage.dockerfile.text.slice(stage.from.range.start);
  if (DIAGNOSTICS.test(own)) return undefined;
  const commands = buildCommands(stage);
  const outputs = trackOutputs(commands, (one) => javaOutputs(stage, one));
  const copies = copiesFor(stage, command, outputs);
  const isBuilt = copies?.some(({ from }) => outputs.has(from) || outputs.has(`${from}/x`));
  if (copies && isBuilt)
    return {
      tools: jdk.tools,
      needed: copies.map(({ from }) => from),
      remedy: () => moveRepair(stage, start, command, outputs, copies, jdk),
    };
  // Of an image to build with, nothing else is known.
  const jar = jarOf(command);
  if (jdk.isBuildTool || jar === undefined || commands.some((one) => isJavaBuild(one))) return undefined;
  return { tools: jdk.tools, needed: [jar], remedy: () => replaceRepair(stage, command, commands, jdk) };
}

interface Jdk {
  readonly tools: string;
  readonly major: string | undefined;
  readonly variant: string | undefined;
  /** Maven's or Gradle's image. */
  readonly isBuildTool: boolean;
}

function jdkOf({ image }: Stage): Jdk | undefined {
  if (image?.registry !== "docker.io") return undefined;
  const { repository, tag = "latest" } = image;
  const variant = /alpine|jammy|noble/.exec(tag)?.[0];
  switch (repository) {
    case "maven":
      return {
        tools: "Maven and the Java compiler",
        major: /(?:temurin|openjdk|jdk|corretto|sapmachine|ibmjava|liberica)-?(\d+)/.exec(tag)?.[1],
        variant,
        isBuildTool: true,
      };
    case "gradle":
      return { tools: "Gradle and the Java compiler", major: /jdk-?(\d+)/.exec(tag)?.[1], variant, isBuildTool: true };
    case "eclipse-temurin":
    case "openjdk":
      if (/jre|windows|nanoserver|ubi|centos|oracle/.test(tag)) return undefined;
      return { tools: "the Java compiler", major: /^(\d+)/.exec(tag)?.[1], variant, isBuildTool: false };
    default:
      return undefined;
  }
}

function jreOf(stage: Stage, { major, variant }: Jdk): string | { readonly refusal: string } {
  return (
    temurinJre(major, variant) ?? {
      refusal:
        major === undefined
          ? `which version of Java \`${stage.image!.reference}\` has is not known`
          : `no image with the JRE of Java ${major} is known`,
    }
  );
}

function moveRepair(
  stage: Stage,
  start: ContainerStart,
  command: Command,
  outputs: Tracked,
  copies: readonly StageCopy[],
  jdk: Jdk,
): Remedy {
  const problem = javaProblem(stage, command);
  if (problem) return { refusal: problem };
  const isThin = jarOf(command) !== undefined && !isFatJar(stage, copies);
  const recipe: Recipe = {
    tools: "the image with the compiler",
    copies,
    isOutput: outputs.has,
    isBuild: (one) => isJavaBuild(one),
    buildVariables: /^(?:JAVA_HOME|MAVEN_[A-Z_]+|M2_HOME|GRADLE_[A-Z_]+)$/,
    sources:
      /(?:^|\/)(?:pom\.xml|mvnw|gradlew|gradle\.properties|(?:build|settings)\.gradle(?:\.kts)?|[^/]*\.(?:java|kt|groovy)|lombok\.config|checkstyle\.xml|settings\.xml)$|^(?:src|gradle|\.mvn|buildSrc|gradle\/wrapper)\/?$|^(?:gradle\*?|mvnw\*|gradlew\*|\*\.gradle(?:\.kts)?)$/,
    image: jreOf(stage, jdk),
    hasSamePackages: false,
    assumptions: isThin ? ["The jar holds all classes that the program needs."] : [],
  };
  const remedy = moveBuild(stage, start, recipe);
  const layers = layersOf(stage, copies);
  if ("refusal" in remedy || !layers) return remedy;
  const layered = moveBuild(stage, start, { ...recipe, ...layers });
  return "fix" in layered ? { ...remedy, others: [layered.fix] } : remedy;
}

/**
 * Spring Boot 3.3 and later takes its jar apart into layers that change at different times, to be started as before:
 * https://docs.spring.io/spring-boot/reference/packaging/container-images/dockerfiles.html.
 */
function layersOf(stage: Stage, copies: readonly StageCopy[]): (Partial<Recipe> & Pick<Recipe, "copies">) | undefined {
  const [jar, ...others] = copies;
  if (!jar || others.length > 0 || jar.to !== undefined || !/^[\w./-]+\.jar$/.test(jar.from)) return undefined;
  const maven = /<artifactId>spring-boot-starter-parent<\/artifactId>\s*<version>(\d+)\.(\d+)/.exec(
    manifest(stage, "pom.xml") ?? "",
  );
  const scripts = ["build.gradle", "build.gradle.kts"].map((name) => manifest(stage, name) ?? "").join("\n");
  const gradle = /org\.springframework\.boot["']\)?\s+version\s+["'](\d+)\.(\d+)/.exec(scripts);
  const [, major, minor] = maven ?? gradle ?? [];
  if (!(Number(major) > 3 || (major === "3" && Number(minor) >= 3))) return undefined;
  const layers = "/opt/layers";
  const to = jar.from.replace(/[^/]*$/, "");
  return {
    titlePart: ", take the jar apart into layers",
    closing: [
      `${keyword(stage, "RUN")} java -Djarmode=tools -jar ${jar.from} extract --layers --destination ${layers}`,
    ],
    // What changes the least comes first.
    copies: ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"].map((name) => ({
      from: `${layers}/${name}/`,
      to,
    })),
  };
}

/** The same stage on a JRE, as nothing in it compiles. */
function replaceRepair(stage: Stage, command: Command, commands: readonly BuildCommand[], jdk: Jdk): Remedy {
  const image = jreOf(stage, jdk);
  if (typeof image !== "string") return image;
  if (stage.imageWord!.variables.length > 0)
    return { refusal: `which version of Java it is, a variable in \`${stage.imageWord!.text}\` tells` };
  const problem = javaProblem(stage, command) ?? javaHome(stage);
  if (problem) return { refusal: problem };
  if (!isTrusted(stage.dockerfile, image)) return { refusal: `\`${image}\` comes from none of the trusted registries` };
  const isOther = stage.image!.repository !== "eclipse-temurin";
  for (const run of stage.runs) {
    const own = commands.filter((one) => one.run === run);
    const kind = runKindOf(run, own, { isBuild: () => false, isOutput: () => false, holds: () => false });
    const { unknown } = kind;
    // Fetching and unpacking is the same on a JRE.
    const isHarmless = own.every(({ command: one }) =>
      /^(?:curl|wget|tar|unzip|java|keytool|sh|bash)$/.test(one.program ?? ""),
    );
    if (unknown !== undefined && !isHarmless)
      return {
        refusal: `whether \`${unknown}\` in line ${lineNumber(stage, run.instruction)} needs the JDK is not known`,
      };
    if (isOther && kind.packages.length > 0 && stage.base.distribution !== "alpine")
      return {
        refusal: `whether \`${image}\` has the packages of line ${lineNumber(stage, run.instruction)} is not known`,
      };
  }
  const fix = unsafe(`Run on the JRE \`${image}\``, replace(stage.imageWord!, image));
  return {
    fix: {
      ...changing(fix, "images"),
      assumptions: [
        "The program compiles nothing while it runs, and needs no tool of the JDK.",
        ...(isOther
          ? [
              "Temurin's build of Java does as well as the one of the `openjdk` image, which is not maintained any more.",
            ]
          : []),
      ],
    },
  };
}

function javaHome(stage: Stage): string | undefined {
  return stage.environmentBefore().has("JAVA_HOME") ? "`JAVA_HOME` names a directory of the JDK" : undefined;
}

function javaProblem(stage: Stage, { programWord, program }: Command): string | undefined {
  if (program === "java" && programWord?.value?.includes("/"))
    return `\`${programWord.value}\` is elsewhere in the image with the JRE`;
  if (/<addClasspath>\s*true|copy-dependencies/.test(manifest(stage, "pom.xml") ?? "") && program === "java")
    return "`pom.xml` leaves the libraries out of the jar";
  return undefined;
}

/** The build is known to put all that is needed into one jar. */
function isFatJar(stage: Stage, copies: readonly StageCopy[]): boolean {
  if (copies.some(({ from }) => from.endsWith("quarkus-app"))) return true;
  const text = ["pom.xml", "build.gradle", "build.gradle.kts"].map((name) => manifest(stage, name) ?? "").join("\n");
  return /spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin|org\.springframework\.boot|shadow/.test(
    text,
  );
}

function jarOf({ args }: Command): string | undefined {
  const index = args.findIndex(({ value }) => value === "-jar");
  const word = args[index + 1];
  return index === -1 || !word ? undefined : (word.value ?? word.text);
}

/** What the command reads of what is built: a jar, class paths, an application with its script. `undefined`: not known. */
function copiesFor(stage: Stage, command: Command, outputs: Tracked): readonly StageCopy[] | undefined {
  const workdir = stage.workdirBefore();
  const { program, programWord, args } = command;
  if (program !== "java") {
    // `build/install/name/bin/name`
    const path = programWord?.value?.includes("/") ? inDirectory(programWord.value, workdir) : undefined;
    const [, home] = /^(.*\/install\/[^/]+)\/bin\/[^/]+$/.exec(path ?? "") ?? [];
    return home && outputs.has(home) ? [{ from: home }] : undefined;
  }
  const agents = args.flatMap(({ value }) => /^-javaagent:([^=]+)/.exec(value ?? "")?.[1] ?? []);
  const agentCopies = agents
    .map((path) => inDirectory(path, workdir))
    .filter((path) => path !== undefined && !isCopied(stage, path))
    .map((path) => ({ from: path! }));
  const jar = jarOf(command);
  if (jar !== undefined) {
    if (/[$`]/.test(jar)) return undefined;
    const path = inDirectory(jar.replace(/["']/g, ""), workdir);
    if (path === undefined || !outputs.has(path)) return undefined;
    const [, quarkus] = /^(.*\/quarkus-app)\/[^/]+$/.exec(path) ?? [];
    if (quarkus) return [{ from: quarkus }, ...agentCopies];
    const isGlob = /[*?[]/.test(path);
    return [isGlob ? { from: path, to: path.replace(/[^/]*$/, "") } : { from: path }, ...agentCopies];
  }
  const index = args.findIndex(({ value }) => /^(?:-cp|-classpath|--class-path)$/.test(value ?? ""));
  const path = index === -1 ? "." : args[index + 1]?.value;
  if (path === undefined || args.some(({ value }) => /^(?:-m|--module|-p|--module-path|--source)$/.test(value ?? "")))
    return undefined;
  const entries = path.split(":").map((entry) => inDirectory(entry.replace(/\/?\*$/, "") || ".", workdir));
  if (entries.some((entry) => entry === undefined || entry === "/")) return undefined;
  return [...(entries as string[]).map((from) => ({ from })), ...agentCopies];
}

/** An instruction copies it, and does so in the final stage, too. */
function isCopied(stage: Stage, path: string): boolean {
  return stage.instructions.some(
    (instruction) =>
      (instruction.keyword === "COPY" || instruction.keyword === "ADD") &&
      !isWholeCopy(stage, instruction) &&
      instruction.arguments.some(({ value }) => baseName(value) === baseName(path)),
  );
}

function isJavaBuild({ command }: BuildCommand): boolean {
  const { program = "", args } = command;
  if (/^(?:sh|bash)$/.test(program)) return BUILDERS.test(baseName(args[0]?.value ?? ""));
  return BUILDERS.test(program);
}

function javaOutputs(stage: Stage, one: BuildCommand): Outputs | undefined {
  const { command, run, directory } = one;
  if (!isJavaBuild(one) || directory === undefined) return undefined;
  const name = /^(?:sh|bash)$/.test(command.program!) ? baseName(command.args[0]!.value!) : command.program!;
  const words = wordsOf(one);
  const behind = (...flags: readonly string[]): string | undefined => {
    const index = words.findIndex((word) => flags.includes(word));
    return index === -1 ? undefined : inDirectory(words[index + 1] ?? ".", directory);
  };
  if (/^mvn/.test(name)) {
    const root = behind("-f", "--file")?.replace(/\/[^/]*\.xml$/, "") ?? directory;
    return { directories: directoriesNamed(stage, "target", root) };
  }
  if (/^gradle/.test(name))
    return { directories: directoriesNamed(stage, "build", behind("-p", "--project-dir") ?? directory) };
  if (name === "javac" || name === "kotlinc") return { directories: [behind("-d") ?? directory] };
  if (name === "jar") {
    const jar = command.args.find(({ value }) => value?.endsWith(".jar"));
    const path = pathOf(run, jar, directory);
    return path ? { files: [path] } : undefined;
  }
  return name === "ant"
    ? {
        directories: ["build", "dist", "target"]
          .map((folder) => `${directory}/${folder}`)
          .filter((path) => isInside(path, directory)),
      }
    : undefined;
}
