import type { PackageOperation } from "../model/packages.ts";
import { isConfigured, leftoverCaches } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "npm-cache",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "safe",
  concerns: "image",
  mentions: /npm/,

  check: leftoverCaches({
    managers: ["npm"],
    isMeant: (operation) => operation.has("--cache") === false && !isMoved(operation),
    folders: /\.npm(?:[/*"']|$)|npm-cache|_cacache|^\/root\/(?:\*|$)/,
    cleans: ({ manager, action, packages }) =>
      manager === "npm" && action === "clean" && packages.some(({ name }) => /^(?:clean|clear|rm)$/.test(name ?? "")),
    // The RUN may take the program away again.
    place: "behind",
    leaves: "its cache, a copy of every package,",
    command: () => "npm cache clean --force",
  }),
});

/** A variable or a configuration file puts the cache somewhere else. */
function isMoved(operation: PackageOperation): boolean {
  const environment = operation.run.stage.environmentBefore(operation.run.instruction);
  return (
    [...environment.keys()].some((name) => /^npm_config_cache$/i.test(name)) ||
    isConfigured(operation, /\bnpm config set cache\b|\bnpm_config_cache=/i)
  );
}
