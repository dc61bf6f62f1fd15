import type { Dockerfile } from "../model/dockerfile.ts";
import { parseImage } from "../model/image.ts";
import type { SourceReference } from "../model/reference.ts";
import { closest } from "../model/similar.ts";
import type { Stage } from "../model/stage.ts";
import { replace } from "./edit.ts";
import { movingStage } from "./move-stage.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "unknown-copy-source",
  category: "correctness",
  severity: "info",
  weight: "medium",
  aliases: ["hadolint/DL3022"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",
  judges: "stage",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const reference of stage.sourceReferences) {
        if (reference.instruction.onbuild) continue;
        const problem = judge(dockerfile, stage, reference);
        if (problem) yield { at: reference.range, ...problem };
      }
    }
  },
});

function judge(
  dockerfile: Dockerfile,
  stage: Stage,
  { name, range, kind }: SourceReference,
): Omit<Finding, "at"> | undefined {
  const option = kind === "copy" ? "--from" : "from";
  if (name.includes("$")) return { message: `Variables are not expanded in \`${option}\``, severity: "error" };
  // An image, with its tag, its registry or its digest.
  if (/[:/@]/.test(name) || name === "scratch" || name === "context") return undefined;
  if (/^\d+$/.test(name) && kind === "mount") {
    const target = dockerfile.findStage(name, stage);
    const suggestion = target?.name?.value;
    return {
      message: `A mount knows no numbers of stages: \`${name}\` is an image here`,
      severity: "error",
      ...(target ? { related: [{ at: target.from.range, message: "the stage" }] } : {}),
      ...(suggestion && dockerfile.findStage(suggestion, stage) === target
        ? { fixes: [unsafe(`Write \`${suggestion}\``, replace(range, suggestion))] }
        : { refusal: target ? "the stage has no name of its own" : "there is no stage of that number" }),
    };
  }
  if (/^\d+$/.test(name)) {
    if (Number(name) <= stage.index) return undefined;
    return { message: `No stage before this one has the number ${name}`, severity: "error" };
  }
  if (dockerfile.findStage(name, stage) || stage.isNamed(name)) return undefined;
  const later = dockerfile.stages.find((other) => other.isNamed(name));
  if (later) {
    return {
      message: `The stage \`${name}\` comes later, and can only be copied from by what stands below it`,
      severity: "error",
      related: [{ at: later.name!.range, message: "the stage" }],
      ...movingStage(later, stage),
    };
  }
  const earlier = dockerfile.stages.slice(0, stage.index).flatMap((other) => other.name?.value ?? []);
  const suggestion = closest(name, earlier);
  if (suggestion) {
    return {
      message: `No stage is named \`${name}\`; \`${suggestion}\` is`,
      severity: "warning",
      fixes: [unsafe(`Write \`${suggestion}\``, replace(range, suggestion))],
    };
  }
  if (Object.keys(parseImage(name)?.facts ?? {}).length > 0) return undefined;
  return { message: `No stage is named \`${name}\`, so it is an image, or a build context of that name` };
}
