/** Whether a Python project is installed among the packages, so that its modules are found from everywhere. */

import { includedRequirements, requirementsFiles } from "../model/requirements.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import { stepOf } from "./build-steps.ts";
import { startsOf } from "./start-program.ts";

/** It is, or that is not known. */
export function mayInstallProject(stage: Stage): boolean {
  const { dockerfile } = stage;
  const runs = dockerfile.runs.filter(({ onbuild }) => !onbuild);
  if (runs.some((run) => run.commands.some(({ program }) => /^(?:micro)?(?:conda|mamba)$/.test(program ?? ""))))
    return true;
  const isSynced = startsOf(stage).some(({ runners }) => runners.some(({ name }) => name === "uv"));
  return (
    (isSynced && isPackage(stage)) ||
    runs.some((run) => installs(stage, run)) ||
    requirementsFiles(dockerfile).some(({ paths }) => mayNameSources(stage, paths))
  );
}

function installs(stage: Stage, run: Run): boolean {
  return stepOf(run).builds.some(({ kind, names, command }) => {
    const values = command.args.map(({ value, text }) => value ?? text);
    if (kind === "pip" || kind === "uv pip")
      return (
        names.some((name) => /^[.$]|[/\\]/.test(name)) ||
        values.some(
          (value, index) =>
            /^(?:-e|--editable)|^\.(?:$|\[)|^\.\//.test(value) && !/^-[rc]$/.test(values[index - 1] ?? ""),
        )
      );
    if (kind !== "project") return false;
    const isLeftOut = values.some((value) =>
      /^--(?:no-install-project|no-root|no-self|no-install-workspace)$/.test(value),
    );
    return !isLeftOut && isPackage(stage);
  });
}

/** The project is one that its manager installs, or what it is is not known. */
function isPackage({ dockerfile: { context } }: Stage): boolean {
  const files = context.files ?? {};
  if (typeof files["Pipfile"] === "string") return /\bpath\s*=/.test(files["Pipfile"]);
  const manifests = Object.entries(files).flatMap(([path, text]) =>
    /(?:^|\/)pyproject\.toml$/.test(path) && text ? [text] : [],
  );
  if (manifests.length === 0) return true;
  return manifests.some((text) => {
    if (/^\s*package-mode\s*=\s*false/m.test(text) || /^\s*(?:package|distribution)\s*=\s*false/m.test(text))
      return false;
    return /^\s*\[build-system\]|^\s*\[tool\.poetry\]|^\s*(?:package|distribution)\s*=\s*true/m.test(text);
  });
}

/** A requirements file that names a folder of the sources, or is not known. */
function mayNameSources({ dockerfile: { context } }: Stage, paths: readonly string[]): boolean {
  const waiting = paths.filter((path) => typeof context.files?.[path] === "string").slice(0, 1);
  if (waiting.length === 0) return true;
  const seen = new Set(waiting);
  for (const path of seen) {
    const text = context.files?.[path];
    if (typeof text !== "string" || /^\s*(?:-e|--editable|\.|file:|\/)|@\s*(?:file:|\.)/m.test(text)) return true;
    for (const one of includedRequirements(path, text)) seen.add(one);
  }
  return false;
}
