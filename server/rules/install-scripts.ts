import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { insertArguments } from "./edit.ts";
import { isConfigured, nameOf } from "./package-rules.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "install-scripts",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["sonar/S6505"],
  enabled: false,
  strict: true,
  fix: "unsafe",

  *check(dockerfile) {
    for (const operation of dockerfile.packageOperations) {
      const { run, command, manager, verb } = operation;
      if (!/^(?:npm|yarn|pnpm)$/.test(manager) || operation.action !== "install" || operation.scope === "global")
        continue;
      if (operation.has("--ignore-scripts", "--mode", "-g", "--global", "--no-scripts") !== false) continue;
      const environment = run.stage.environmentBefore(run.instruction);
      if (
        ["npm_config_ignore_scripts", "NPM_CONFIG_IGNORE_SCRIPTS", "YARN_ENABLE_SCRIPTS", "YARN_IGNORE_SCRIPTS"].some(
          (name) => environment.has(name),
        )
      )
        continue;
      if (isConfigured(operation, /ignore-scripts["']?[\s=]+["']?true|enableScripts["']?[\s:]+["']?false/)) continue;
      // From pnpm 10 on, none but those that the project names: https://pnpm.io/blog/releases/10.0
      if (manager === "pnpm" && !isOldPnpm(operation)) continue;
      // Something is going to be compiled, by those scripts.
      if (bringsCompiler(run)) continue;
      const isBerry = manager === "yarn" && isLaterYarn(operation);
      const option = isBerry ? "--mode=skip-build" : "--ignore-scripts";
      yield {
        at: verb.range,
        message: `\`${nameOf(operation)}\` runs the install scripts of all packages, whoever wrote them`,
        fixes: [
          assuming(
            unsafe(`Add \`${option}\``, insertArguments(command, verb, option)),
            `No package has to be compiled, or to download a part of itself: \`${manager === "pnpm" || isBerry ? manager : "npm"} rebuild <name>\` runs the scripts of one.`,
          ),
        ],
      };
    }
  },
});

function isOldPnpm({ run, verb }: PackageOperation): boolean {
  if (/^(?:fetch|deploy)$/.test(verb.value ?? "")) return false;
  const manifest = run.stage.dockerfile.context.files?.["package.json"] ?? "";
  const named = /"packageManager"\s*:\s*"pnpm@(\d+)/.exec(manifest)?.[1] ?? /\bpnpm@(\d+)/.exec(textAbove(run))?.[1];
  return named !== undefined && Number(named) < 10;
}

/** Yarn 2 and later have another option for it: https://yarnpkg.com/cli/install */
function isLaterYarn(operation: PackageOperation): boolean {
  const { files } = operation.run.stage.dockerfile.context;
  return (
    operation.has("--immutable", "--immutable-cache") !== false ||
    typeof files?.[".yarnrc.yml"] === "string" ||
    /"packageManager"\s*:\s*"yarn@[2-9]/.test(files?.["package.json"] ?? "") ||
    /\.yarnrc\.yml|\byarn set version (?:berry|stable|[2-9])|\byarn@(?:[2-9]|stable|berry)/.test(
      textAbove(operation.run),
    )
  );
}

function bringsCompiler(run: Run): boolean {
  return run.stage.dockerfile.packageOperations.some(
    (operation) =>
      operation.action === "install" &&
      run.stage.lineage.includes(operation.run.stage) &&
      operation.packages.some(({ name }) =>
        /^(?:build-essential|build-base|gcc|g\+\+|make|node-gyp)$/.test(name ?? ""),
      ),
  );
}

function textAbove({ instruction, stage }: Run): string {
  return stage.dockerfile.text.slice(stage.lineage[0]!.from.range.start, instruction.range.end);
}
