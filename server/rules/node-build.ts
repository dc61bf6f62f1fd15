/** What builds in Node.js have in common. */
import type { Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import type { Recipe } from "./artefact.ts";
import { scriptOf } from "./package-script.ts";

/** What is for the build alone, where it leaves a program with all that this needs. */
export const NODE_BUILD: Pick<Recipe, "tools" | "isBuild" | "buildVariables" | "sources" | "hasSamePackages"> = {
  tools: "the builder",
  isBuild: ({ command }) => /^(?:npm|npx|yarn|pnpm|bun|bunx|corepack|next|nux[ti]|node)$/.test(command.program ?? ""),
  buildVariables: /^(?:NUXT_TELEMETRY_DISABLED|npm_config_.*|YARN_.*|PNPM_.*|COREPACK_.*|CI)$/i,
  sources:
    /(?:^|\/)(?:package\*?\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock\*?|pnpm-lock\.yaml\*?|pnpm-workspace\.yaml|bun\.lockb?|\.npmrc|\.yarnrc(?:\.yml)?|tsconfig[\w.]*\.json|(?:next|nuxt|postcss|tailwind)\.config\.\w+|[^/]*\.[jt]sx?)$|^(?:src|app|pages|components|lib|server|styles|\.yarn)\/?$/,
  hasSamePackages: true,
};

/** `npm run build` and its like, where the script does what the pattern says. */
export function runsScript(stage: Stage, { program = "", args }: Command, pattern: RegExp): boolean {
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(program)) return false;
  const name = args.map(({ value }) => value ?? "").find((value) => !/^-|^run(?:-script)?$/.test(value));
  return name !== undefined && pattern.test(scriptOf(stage, name) ?? "");
}
