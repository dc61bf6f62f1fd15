/** What Maven, Gradle and javac make, and the JRE that runs it: https://hub.docker.com/_/eclipse-temurin, https://hub.docker.com/_/maven. */

import { baseName, type Command } from "../model/command.ts";
import { type JdkImage, jdkImage } from "../model/data/java-images.ts";
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
import { modulesOf, scriptsOf } from "./java-project.ts";
import { jreAssumptions, jreOf, runOnJre } from "./java-runtime.ts";
import { springLayers } from "./spring-layers.ts";
import { isInside, type StageCopy } from "./stage-split.ts";

const BUILDERS = /^(?:mvnw?|mvnd|gradlew?|javac|kotlinc|jar|ant)$/;
/** Programs of a JDK that a container may be meant to have. */
const DIAGNOSTICS = /\b(?:jcmd|jmap|jstack|jstat|jps|jshell|jdb|jconsole|jlink|jdeps)\b/;

export function javaLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const jdk = stage.image && jdkImage(stage.image);
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
  // Of an image to build with, nothing else is known; where none has a JRE, nothing can be better.
  const started = jarOf(command) ?? mainClassOf(command);
  if (jdk.isBuildTool || started === undefined || commands.some((one) => isJavaBuild(one))) return undefined;
  if (jdk.jre === undefined && jdk.major !== undefined && !jdk.isOther) return undefined;
  return { tools: jdk.tools, needed: [started], remedy: () => runOnJre(stage, command, commands, jdk) };
}

function moveRepair(
  stage: Stage,
  start: ContainerStart,
  command: Command,
  outputs: Tracked,
  copies: readonly StageCopy[],
  jdk: JdkImage,
): Remedy {
  const problem = javaProblem(stage, command, copies);
  if (problem) return { refusal: problem };
  const isThin = jarOf(command) !== undefined && !isFatJar(stage, copies);
  const recipe: Recipe = {
    tools: "the image with the compiler",
    copies,
    isOutput: outputs.has,
    isBuild: (one) => isJavaBuild(one),
    buildVariables: /^(?:JAVA_HOME|MAVEN_[A-Z_]+|M2_HOME|GRADLE_[A-Z_]+)$/,
    sources: sourcesIn(stage),
    // https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files
    looksFor: /^(?:application[\w-]*\.(?:properties|ya?ml)|config)$/,
    image: jreOf(stage, jdk),
    hasSamePackages: !jdk.isBuildTool && !jdk.isOther,
    assumptions: [...(isThin ? ["The jar holds all classes that the program needs."] : []), ...jreAssumptions(jdk)],
  };
  const remedy = moveBuild(stage, start, recipe);
  const layers = springLayers(stage, command, copies);
  if ("refusal" in remedy || !layers) return remedy;
  const layered = moveBuild(stage, start, { ...recipe, ...layers });
  return "fix" in layered ? { ...remedy, others: [layered.fix] } : remedy;
}

/** Files of the context that are only compiled: scripts and sources, and folders of modules. */
function sourcesIn(stage: Stage): RegExp {
  const modules = modulesOf(stage).map((folder) => folder.replace(/\W/g, "\\$&"));
  return new RegExp([SOURCES.source, `^(?:${["-", ...modules].join("|")})/?$`].join("|"));
}

const SOURCES =
  /(?:^|\/)(?:pom\.xml|mvnw(?:\.cmd)?|gradlew(?:\.bat)?|gradle\.properties|[^/]+\.versions\.toml|(?:build|settings)\.gradle(?:\.kts)?|[^/]*\.(?:java|kt|groovy)|lombok\.config|checkstyle\.xml|settings\.xml|src)\/?$|^(?:gradle|\.mvn|buildSrc|gradle\/wrapper)\/?$|^(?:gradle\*?|mvnw\*|gradlew\*|\*\.gradle(?:\.kts)?)$/;

function javaProblem(
  stage: Stage,
  { programWord, program }: Command,
  copies: readonly StageCopy[],
): string | undefined {
  if (program === "java" && programWord?.value?.includes("/"))
    return `\`${programWord.value}\` is elsewhere in the image with the JRE`;
  const scripts = copies.map(({ from }) => scriptsOf(stage, from)).join("\n");
  // Quarkus packs its own way, and the libraries beside the jar come with a folder.
  const isAlone = copies.some(({ from }) => from.endsWith(".jar"));
  if (isAlone && /<addClasspath>\s*true|copy-dependencies/.test(scripts) && program === "java")
    return "`pom.xml` leaves the libraries out of the jar";
  return undefined;
}

/** The build is known to put all that is needed into one jar. */
function isFatJar(stage: Stage, copies: readonly StageCopy[]): boolean {
  if (copies.some(({ from }) => from.endsWith("quarkus-app"))) return true;
  return copies.some(({ from }) =>
    /spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin|org\.springframework\.boot|shadow|io\.ktor\.plugin|io\.micronaut\.application/.test(
      scriptsOf(stage, from),
    ),
  );
}

function jarOf({ args }: Command): string | undefined {
  const index = args.findIndex(({ value }) => value === "-jar");
  const word = args[index + 1];
  return index === -1 || !word ? undefined : (word.value ?? word.text);
}

/** Options of `java` that take the next word: https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html */
const VALUED =
  /^(?:-cp|-classpath|--class-path|-p|--module-path|--upgrade-module-path|--add-modules|--add-(?:exports|opens|reads)|--enable-native-access)$/;

/** The class that `java` starts; no source file, which it would compile. */
function mainClassOf({ program, args }: Command): string | undefined {
  if (program !== "java") return undefined;
  const values = args.map(({ value, text }) => value ?? text);
  if (values.some((value) => /^--source$|^-m$|^--module$/.test(value))) return undefined;
  const name = values.find((value, index) => !value.startsWith("-") && !VALUED.test(values[index - 1] ?? ""));
  return name !== undefined && /^[\w.$]+$/.test(name) && !name.endsWith(".java") ? name : undefined;
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
