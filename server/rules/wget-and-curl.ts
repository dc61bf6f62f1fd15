import type { Command } from "../model/command.ts";
import { isBusyBox } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "wget-and-curl",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL4001", "trivy/DS-0014", "kics/run_using_wget_and_curl", "semgrep/use-either-wget-or-curl"],
  concerns: "image",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const first = new Map<string, Command>();
      for (const run of stage.runs) {
        for (const command of run.commands) {
          const { program } = command;
          if (program !== "wget" && program !== "curl") continue;
          if (command.args.length === 0 || (program === "wget" && isBusyBox(run, "wget") !== false)) continue;
          if (!first.has(program)) first.set(program, command);
        }
      }
      const [one, other] = first.values();
      if (!one || !other) continue;
      yield {
        at: other.programWord!.range,
        message: `This stage downloads with \`${one.program}\` and with \`${other.program}\`; one of them would do`,
        related: [{ at: one.programWord!.range, message: `\`${one.program}\` is used here` }],
      };
    }
  },
});
