import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { insertAfter, insertBefore, insertInstructionsBefore, keyword } from "./edit.ts";
import { assuming, changing, defineRule, type Edit, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "emulated-build",
  category: "efficiency",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  refactoring: true,
  judges: "stage",
  mentions: /golang/,

  *check({ stages }) {
    for (const stage of stages) {
      const { registry, repository } = stage.image ?? {};
      if (stage.parent || stage.isInImage || registry !== "docker.io" || repository !== "golang") continue;
      if (stage.from.flag("platform")) continue;
      const builds = stage.runs.flatMap((run) => run.commands.filter(isBuild).map((command) => ({ run, command })));
      if (builds.length === 0) continue;
      yield {
        at: stage.from.keywordRange,
        message: "For another platform than the builder's, the Go compiler of this stage is emulated, and slow",
        ...repair(stage, builds),
      };
    }
  },
});

interface Build {
  readonly run: Run;
  readonly command: Command;
}

function isBuild({ program, args }: Command): boolean {
  return program === "go" && args[0]?.value === "build";
}

function repair(stage: Stage, builds: readonly Build[]): Pick<Finding, "fixes" | "refusal"> {
  const { syntax, stages, text } = stage.dockerfile;
  if (stages.some((one) => one.parent === stage)) return { refusal: "another stage is built on this one" };
  const isPure = ({ run, command }: Build): boolean =>
    command.shell?.assignments.some(({ name, value }) => name === "CGO_ENABLED" && value === "0") === true ||
    stage.environmentBefore(run.instruction).get("CGO_ENABLED") === "0";
  if (!builds.every(isPure))
    return { refusal: "with cgo, which is on, a C compiler for each platform would be needed" };
  if (builds.some(({ run, command }) => !command.shell || run.instruction.json || command.wrappers.length > 0))
    return { refusal: "the build is not called in a way that lets variables be set for it" };
  // Whoever sets them knows what for.
  if (/\b(?:GOARCH|GOOS|TARGETARCH|BUILDPLATFORM)\b/.test(text))
    return { refusal: "it says itself what it builds for" };
  const outputs = builds.map(({ command }) => outputOf(command));
  const others = stages
    .flatMap((one) => one.instructions)
    .filter((copy) => copy.keyword === "COPY" && isFrom(stage, copy))
    .flatMap((copy) => copy.arguments.slice(0, -1).map(({ value }) => value))
    .filter((path) => !outputs.some((output) => output !== undefined && path.endsWith(`/${baseOf(output)}`)))
    .filter((path) => !/^\/(?:etc|usr\/share)\/|\.(?:json|ya?ml|html|css|js|txt|md|sql|tmpl|toml|pem|crt)$/.test(path));
  if (others.length > 0) return { refusal: `\`${others[0]}\` may be a program for one platform alone` };
  const edits: Edit[] = [
    insertAfter(stage.from.keywordRange, " --platform=$BUILDPLATFORM"),
    // Behind what is the same for every platform.
    insertInstructionsBefore(syntax, builds[0]!.run.instruction, `${keyword(stage, "ARG")} TARGETOS TARGETARCH`),
    ...builds.map(({ command }) => insertBefore(command.range, "GOOS=$TARGETOS GOARCH=$TARGETARCH ")),
  ];
  return {
    fixes: [
      assuming(
        changing(unsafe("Compile on the builder's platform, for the target's", edits), "images"),
        "What else this stage gives to others is the same for every platform.",
        "The image is built with BuildKit, which Docker has used since version 23.",
      ),
    ],
  };
}

function isFrom(stage: Stage, copy: Instruction): boolean {
  const source = copy.flag("from")?.value?.value;
  return source !== undefined && (stage.isNamed(source) || source === String(stage.index));
}

/** `-o /out/app`, or the name of the folder that is built. */
function outputOf({ args }: Command): string | undefined {
  const index = args.findIndex(({ value }) => value === "-o");
  return index === -1 ? undefined : args[index + 1]?.value;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
