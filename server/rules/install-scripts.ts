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
      if (manager === "pnpm" && /^(?:fetch|deploy)$/.test(verb.value ?? "")) continue;
      yield {
        at: verb.range,
        message: `\`${nameOf(operation)}\` runs the install scripts of all packages, whoever wrote them`,
        fixes: [
          assuming(
            unsafe("Add `--ignore-scripts`", insertArguments(command, verb, "--ignore-scripts")),
            "No package has to be compiled, or to download a part of itself: `npm rebuild <name>` runs the scripts of one.",
          ),
        ],
      };
    }
  },
});
