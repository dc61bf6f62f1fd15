/** What a COPY or ADD of the builder means to the final stage of a split. */
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Building } from "./split-part.ts";
import { isInside } from "./stage-split.ts";

/** It brings more to the directory than what says which packages to install. */
export function bringsSources(stage: Stage, copy: Instruction, directory: string): boolean {
  const target = targetOf(stage, copy);
  if (target === undefined || copy.flag("from")) return false;
  return isInside(target, directory) && !copy.arguments.slice(0, -1).every(({ value }) => MANIFEST.test(value));
}

/** Where a COPY or ADD leads to; `undefined`: it is none, or that is not known. */
export function targetOf(stage: Stage, copy: Instruction): string | undefined {
  if (copy.keyword !== "COPY" && copy.keyword !== "ADD") return undefined;
  const word = copy.arguments.at(-1);
  const path = word && stage.resolve(word, copy);
  if (path === undefined) return undefined;
  return path.startsWith("/") ? normalise(path) : normalise(`${stage.workdirBefore(copy) ?? ""}/${path}`);
}

/** The folder that a copy of the whole build context goes to. */
export function wholeCopyTarget(stage: Stage, copy: Instruction): string | undefined {
  if (copy.flag("from") || copy.flag("exclude") || copy.arguments.length !== 2) return undefined;
  return /^(?:\.?\/*|\.?\/?\*)$/.test(copy.arguments[0]!.value) ? targetOf(stage, copy) : undefined;
}

/** The final stage needs the copy, too: it does not come with what was built, and is not only for building. */
export function isCarried(
  building: Building,
  copy: Instruction,
  outputs: readonly string[],
  wholeCopies: readonly string[],
): boolean {
  const target = targetOf(building.stage, copy);
  if (target === undefined) return true;
  if (outputs.some((path) => isInside(target, path)) || isInside(target, "/tmp")) return false;
  const sources = copy.arguments.slice(0, -1);
  if (
    building.builds("pip", "uv pip", "project").length > 0 &&
    sources.every(({ value }) => PYTHON_MANIFEST.test(value))
  )
    return false;
  if (sources.every(({ value }) => MANIFEST.test(value)) && wholeCopies.some((path) => isInside(target, path)))
    return false;
  if (sources.every(({ value }) => /^https:\/\/(?:astral\.sh\/uv|install\.python-poetry\.org)\b/.test(value)))
    return false;
  const image = copy.flag("from")?.value?.value ?? "";
  const tool = /(?:^|\/)(?:astral-sh|astral)\/uv\b/.test(image)
    ? "uv"
    : /(?:^|\/)composer(?::|$)/.test(image)
      ? "composer"
      : undefined;
  // What stood in front of the program is gone then.
  if (tool === "uv" && building.builds("project").length > 0) return false;
  return tool === undefined || building.starts(tool) || building.starts(`${tool}x`);
}

/** What says which packages to install, and what stands beside it. */
const MANIFEST =
  /^(?:\.?\/)?(?:[\w.-]+\/)*(?:package(?:-lock)?\.json|package\*\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.npmrc|\.yarnrc(?:\.yml)?|\.yarn\/?|[\w.-]*requirements[\w.*-]*\.(?:txt|in)|requirements\/?|constraints\.txt|pyproject\.toml|(?:conda-)?env(?:ironment)?[\w.-]*\.ya?ml|(?:uv|poetry|pdm|Pipfile|composer|Gemfile)\.lock\*?|poetry\.toml|Pipfile\*?|README(?:\.md)?|LICENSE|Gemfile\*?|\.ruby-version|\.python-version|\.tool-versions|composer\.json|composer\.\*)$/;

/** Only the install reads them. */
const PYTHON_MANIFEST =
  /^(?:\.?\/)?(?:[\w.-]+\/)*(?:[\w-]*requirements[\w.*-]*\.(?:txt|in)|constraints\.txt|pyproject\.toml|poetry\.toml|(?:conda-)?env(?:ironment)?[\w.-]*\.ya?ml|(?:uv|poetry|pdm)\.lock\*?|Pipfile(?:\.lock|\*)?)$/;
