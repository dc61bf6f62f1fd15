import { defineRule } from "./rule.ts";

export default defineRule({
  id: "cd-in-run",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3003",
    "trivy/DS-0013",
    "kics/run_command_cd_instead_of_workdir",
    "semgrep/use-workdir",
    "sonar/S6597",
  ],

  *check({ runs }) {
    for (const run of runs) {
      const [first, ...more] = run.script?.items ?? [];
      const [cd, target] = first?.command?.words ?? [];
      if (!first?.command || cd?.value !== "cd" || !target || first.command.args.length > 1) continue;
      // To build somewhere, go back and clean up is one layer's work.
      if (
        run.commands.some(
          ({ program, range }) => range.start > cd.range.start && /^(?:cd|pushd|popd)$/.test(program ?? ""),
        )
      )
        continue;
      if (more.length > 0 && more[0]!.operator !== "&&" && more[0]!.operator !== ";") continue;
      yield {
        at: first.range,
        ...(more.length === 0
          ? { message: "This `cd` ends with its `RUN` and changes nothing", severity: "warning" }
          : { message: "`WORKDIR` would say where this runs" }),
      };
    }
  },
});
