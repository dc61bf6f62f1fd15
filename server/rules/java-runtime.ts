/** A stage that compiles nothing, on the JRE of the image with the JDK that it starts from. */
import type { Command } from "../model/command.ts";
import type { JdkImage } from "../model/data/java-images.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Remedy } from "./artefact.ts";
import type { BuildCommand } from "./build-command.ts";
import { replace } from "./edit.ts";
import { changing, unsafe } from "./rule.ts";
import { runKindOf } from "./run-kind.ts";
import { lineNumber } from "./stage-split.ts";
import { isTrusted } from "./untrusted-registry.ts";

/** Programs of a system, of which none needs a tool of the JDK; `keytool` is one of the JRE. */
const PLAIN =
  /^(?:awk|cat|chgrp|cp|curl|date|dpkg-reconfigure|echo|git|gunzip|install|java|keytool|ln|locale-gen|mv|printf|sed|tar|tee|touch|unzip|update-ca-certificates|update-locale|wget)$/;

/** The image with the JRE, as FROM names it; or why there is none. */
export function jreOf({ image, imageWord }: Stage, jdk: JdkImage): string | { readonly refusal: string } {
  if (jdk.major === undefined) return { refusal: `which version of Java \`${image!.reference}\` has is not known` };
  if (jdk.jre === undefined) return { refusal: `no image with the JRE of Java ${jdk.major} is known` };
  if (imageWord!.variables.length === 0 || jdk.isBuildTool) return jdk.jre;
  // `eclipse-temurin:$VERSION-jdk-alpine`: the variable is the same for both.
  const named = imageWord!.text.replace(/-jdk(?=-|$)/, "-jre");
  return !jdk.isOther && named !== imageWord!.text
    ? named
    : { refusal: `which version of Java it is, a variable in \`${imageWord!.text}\` tells` };
}

/** What the JRE takes for granted. */
export function jreAssumptions({ isHeadless, isOther, isBuildTool }: JdkImage): readonly string[] {
  return [
    ...(isHeadless
      ? ["The program needs no AWT, such as for fonts and pictures: the headless image has none of it."]
      : []),
    ...(isOther && !isBuildTool
      ? ["Temurin's build of Java does as well as the one of the `openjdk` image, which is not maintained any more."]
      : []),
  ];
}

export function runOnJre(stage: Stage, command: Command, commands: readonly BuildCommand[], jdk: JdkImage): Remedy {
  const image = jreOf(stage, jdk);
  if (typeof image !== "string") return image;
  if (stage.image!.digest !== undefined) return { refusal: "which digest the JRE has, only its registry can tell" };
  const { program, programWord } = command;
  if (program === "java" && programWord?.value?.includes("/") && jdk.isOther)
    return { refusal: `\`${programWord.value}\` is elsewhere in the image with the JRE` };
  if (stage.environmentBefore().has("JAVA_HOME")) return { refusal: "`JAVA_HOME` names a directory of the JDK" };
  if (!isTrusted(stage.dockerfile, image)) return { refusal: `\`${image}\` comes from none of the trusted registries` };
  for (const run of stage.runs) {
    const problem = problemOf(stage, run, commands, image, jdk);
    if (problem) return { refusal: problem };
  }
  const fix = unsafe(`Run on the JRE \`${image}\``, replace(stage.imageWord!, image));
  return {
    fix: {
      ...changing(fix, "images"),
      assumptions: [
        "The program compiles nothing while it runs, and needs no tool of the JDK.",
        ...jreAssumptions(jdk),
      ],
    },
  };
}

function problemOf(
  stage: Stage,
  run: Run,
  commands: readonly BuildCommand[],
  image: string,
  jdk: JdkImage,
): string | undefined {
  const line = lineNumber(stage, run.instruction);
  if (
    jdk.isOther &&
    stage.base.distribution !== "alpine" &&
    run.packageOperations.some(({ manager }) => isSystem(manager))
  )
    return `whether \`${image}\` has the packages of line ${line} is not known`;
  const own = commands.filter((one) => one.run === run);
  const { unknown } = runKindOf(run, own, { isBuild: () => false, isOutput: () => false, holds: () => false });
  if (unknown === undefined) return undefined;
  const other =
    own.length === 0
      ? unknown
      : own.find(
          ({ command }) =>
            !PLAIN.test(command.program ?? "") &&
            !run.packageOperations.some((one) => one.command === command && isSystem(one.manager)) &&
            isUnknownAlone(run, command),
        )?.command.program;
  return other === undefined ? undefined : `whether \`${other}\` in line ${line} needs the JDK is not known`;
}

/** Of all commands of the RUN, what this one does is not known. */
function isUnknownAlone(run: Run, command: Command): boolean {
  const one = { run, command, directory: run.stage.workdirBefore(run.instruction) };
  return (
    runKindOf(run, [one], { isBuild: () => false, isOutput: () => false, holds: () => false }).unknown !== undefined
  );
}

function isSystem(manager: string): boolean {
  return /^(?:apt|apt-get|apk|dnf|microdnf|yum)$/.test(manager);
}
