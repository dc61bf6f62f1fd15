import { defineRule } from "./rule.ts";

export default defineRule({
  id: "shell-form-entrypoint-with-cmd",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  concerns: "container",
  judges: "stage",

  *check({ stages }) {
    for (const { instructions } of stages) {
      const own = instructions.filter(({ onbuild, rest }) => !onbuild && rest.text !== "");
      const entrypoint = own.findLast(({ keyword }) => keyword === "ENTRYPOINT");
      const command = own.findLast(({ keyword }) => keyword === "CMD");
      if (!entrypoint || !command || entrypoint.json || entrypoint.rest.text.startsWith("[")) continue;
      // The arguments reach the shell: `"$@"` uses them.
      if (/\$\{?[@*\d]/.test(entrypoint.rest.text)) continue;
      yield {
        at: command.range,
        message: "The `ENTRYPOINT` is in shell form, so this `CMD` is ignored",
        related: [{ at: entrypoint.range, message: "the `ENTRYPOINT`" }],
      };
    }
  },
});
