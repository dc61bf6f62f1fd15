import { insertArguments } from "./edit.ts";
import { nameOf, readsInput } from "./package-rules.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "interactive-zypper-install",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    "hadolint/DL3034",
    "kics/missing_zypper_non_interactive_switch",
    "semgrep/missing-zypper-no-confirm-switch",
  ],
  fix: "safe",
  mentions: /zypper/,

  *check(dockerfile) {
    for (const operation of dockerfile.packageOperations) {
      const { manager, verb, command } = operation;
      if (manager !== "zypper" || !ASKING.includes(verb.value!)) continue;
      if (operation.has("-n", "--non-interactive", "-y", "--no-confirm", "-D", "--dry-run") !== false) continue;
      if (readsInput(command)) continue;
      yield {
        at: verb.range,
        message: `\`${nameOf(operation)}\` asks for confirmation, which nobody gives during a build`,
        fixes: [safe("Add `-y`", insertArguments(command, verb, "-y"))],
      };
    }
  },
});

/** The subcommands that ask, and know `-y`: zypper(8). */
const ASKING = [
  ...["install", "in", "remove", "rm", "source-install", "si", "patch"],
  ...["update", "up", "dist-upgrade", "dup"],
];
