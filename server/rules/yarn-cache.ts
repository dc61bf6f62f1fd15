import type { PackageOperation } from "../model/packages.ts";
import { leftoverCaches } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "yarn-cache",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: ["hadolint/DL3060", "kics/run_yarn_clean_after_yarn_install"],
  fix: "safe",
  concerns: "image",
  mentions: /yarn/i,

  check: leftoverCaches({
    managers: ["yarn"],
    isMeant: (operation) => operation.has("--cache-folder") === false && !mayBeModern(operation),
    folders: /yarn|\.cache(?:[/*"']|$)|^\/root\/$/,
    cleans: ({ manager, action, packages }) =>
      manager === "yarn" && action === "clean" && packages.some(({ name }) => name === "clean"),
    // The RUN may take the program away again.
    place: "behind",
    leaves: "its cache, a copy of every package,",
    command: () => "yarn cache clean",
    assumption: (operation) =>
      isClassic(operation) ? undefined : "This is Yarn 1: later ones may load packages from the cache at run time.",
  }),
});

/** Yarn 2 and later can run a program from the cache. */
function mayBeModern({ run, args }: PackageOperation): boolean {
  const { context } = run.stage.dockerfile;
  const manifest = context.files?.["package.json"];
  if (context.files?.[".yarnrc.yml"] || /"packageManager"\s*:\s*"yarn@[2-9]/.test(manifest ?? "")) return true;
  if (args.some(({ value }) => /^--(?:immutable|inline-builds|check-cache|mode)/.test(value ?? ""))) return true;
  return run.stage
    .effective(run.instruction)
    .concat(run.instruction)
    .some(({ keyword, rest }) =>
      keyword === "RUN" ? /\bcorepack\b|\byarn set version\b/.test(rest.text) : /\.yarn(?:rc\.yml)?\b/.test(rest.text),
    );
}

/** It has flags that only Yarn 1 knows, or the context shows that nothing else was set up. */
function isClassic(operation: PackageOperation): boolean {
  const files = operation.run.stage.dockerfile.context.files;
  return (
    operation.has("--production", "--prod", "--pure-lockfile", "--non-interactive") === true ||
    operation.scope === "global" ||
    files?.[".yarnrc.yml"] === null
  );
}
