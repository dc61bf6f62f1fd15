import { insertArguments } from "./edit.ts";
import { operationsOf } from "./package-rules.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "uncompiled-bytecode",
  category: "efficiency",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  refactoring: true,
  mentions: /\buv\b/,

  *check({ packageOperations }) {
    for (const install of operationsOf(packageOperations, ["uv"], ["install"])) {
      const { run, command, verb } = install;
      if (install.has("--compile-bytecode", "--compile", "--no-compile-bytecode", "--no-compile") !== false) continue;
      if (run.stage.environmentBefore(run.instruction).has("UV_COMPILE_BYTECODE")) continue;
      yield {
        at: verb.range,
        message: "`uv` leaves files uncompiled, so that each new container compiles them when it starts",
        fixes: [
          assuming(
            unsafe("Add `--compile-bytecode`", insertArguments(command, verb, "--compile-bytecode")),
            "A faster start is worth a larger image: compiled files take about as much room as the sources.",
          ),
        ],
      };
    }
  },
});
