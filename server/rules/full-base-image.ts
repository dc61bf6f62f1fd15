import type { Stage } from "../model/stage.ts";
import { CONDA, isCondaImage } from "./conda-environment.ts";
import { insertInstructionsAfter, insertInstructionsBefore, replace } from "./edit.ts";
import { buildsOf, splitInterpreted } from "./interpreted-split.ts";
import { areReady } from "./native-packages.ts";
import { assuming, changing, defineRule, type Edit, type Finding, type Fix, unsafe } from "./rule.ts";
import { isLatest, plainPython, slimSibling, versionOf } from "./slim-image.ts";
import { slimNeeds } from "./slim-needs.ts";
import { installLine, isSetting } from "./stage-split.ts";

export default defineRule({
  id: "full-base-image",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage, stages }) {
    if (!finalStage || !(finalStage.last("CMD") ?? finalStage.last("ENTRYPOINT"))) return;
    const root = finalStage.lineage[0]!;
    const slim = slimSibling(root);
    if (slim === undefined || !root.imageWord) return;
    const isConda = isCondaImage(root);
    if (isConda && !makesEnvironment(root)) return;
    const isShared = stages.some((stage) => stage !== finalStage && stage.lineage.includes(root));
    yield {
      at: root.imageWord.range,
      message: isConda
        ? `\`${root.imageWord.text}\` brings conda and an environment of its own, which the program does not run in`
        : `\`${root.imageWord.text}\` is the full image: its compilers and header files stay in the image that runs`,
      ...(isShared
        ? { refusal: "other stages are built on it, too, and may need the whole of it" }
        : solve(root, slim)),
    };
  },
});

/** Beside conda's own. */
function makesEnvironment(stage: Stage): boolean {
  return buildsOf(stage).some(({ kind, names }) => kind === "conda" && names[0] !== CONDA);
}

function solve(stage: Stage, slim: string): Pick<Finding, "fixes" | "refusal"> {
  // uv is not in the slim image.
  if (mayCompile(stage) || (stage.image && plainPython(stage.image))) {
    const split = splitInterpreted(stage);
    if ("refusal" in split) return { refusal: split.refusal };
    if (split.slim === undefined) return { refusal: split.slimRefusal ?? "the program needs it" };
    return { fixes: [{ ...split.fix, title: `Build in a stage of its own, and run on \`${slim}\`` }] };
  }
  const needs = slimNeeds(stage, stage.instructions);
  if (typeof needs === "string") return { refusal: needs };
  return { fixes: [fixOf(stage, slim, needs.packages, needs.assumptions)] };
}

/** Something that is installed or made here may take the compilers of the full image. */
function mayCompile(stage: Stage): boolean {
  return buildsOf(stage).some(({ kind, command }) => {
    switch (kind) {
      case "node":
        return !areReady(stage, "node");
      case "pip":
      case "uv pip":
      case "project":
        return !areReady(stage, "python");
      case "directory":
        return !/^(?:npm|npx|yarn|pnpm|tsc|node|vite|python[\d.]*|php)$/.test(command.program ?? "");
      default:
        return kind !== "environment";
    }
  });
}

function fixOf(stage: Stage, slim: string, packages: readonly string[], assumptions: readonly string[]): Fix {
  const edits: Edit[] = [replace(stage.imageWord!, slim)];
  const version = versionOf(stage);
  const lines = installLine(stage, packages, "apt-get");
  const first = stage.instructions.find((instruction) => !isSetting(instruction));
  const { syntax } = stage.dockerfile;
  if (lines.length > 0)
    edits.push(
      first ? insertInstructionsBefore(syntax, first, ...lines) : insertInstructionsAfter(syntax, stage.from, ...lines),
    );
  const extra =
    packages.length > 0
      ? `, and install ${packages
          .map((name) => `\`${name}\``)
          .join(", ")
          .replace(/, ([^,]*)$/, " and $1")}`
      : "";
  return assuming(
    changing(unsafe(`Start from \`${slim}\`${extra}`, edits), "images"),
    ...assumptions,
    ...(version === undefined ? [] : [isLatest(version)]),
    ...(buildsOf(stage).length > 0
      ? ["No package has to be compiled: the slim image has no compiler, and the build would stop there."]
      : []),
  );
}
