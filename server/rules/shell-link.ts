import type { Command } from "../model/command.ts";
import { replace } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "shell-link",
  category: "maintainability",
  severity: "warning",
  weight: "low",
  aliases: ["hadolint/DL4005", "kics/changing_default_shell_using_run_command", "semgrep/use-shell-instruction"],
  fix: "unsafe",
  assumes: "Nothing relies on `/bin/sh` itself being that shell.",
  mentions: /\/sh\b/,

  *check({ commands, text }) {
    for (const { run, command } of commands) {
      const shell = linkedShell(command);
      if (!shell) continue;
      const { instruction, script } = run;
      const isAlone = script?.items.length === 1 && instruction.flags.length === 0 && instruction.comments.length === 0;
      const keyword = text.slice(instruction.keywordRange.start, instruction.keywordRange.end);
      yield {
        at: command.range,
        message: "This replaces `/bin/sh` for every program of the image",
        ...(isAlone && /^\/[\w/.-]+$/.test(shell)
          ? {
              fixes: [
                unsafe(
                  "Write it as `SHELL`",
                  replace(
                    { start: instruction.keywordRange.start, end: instruction.rest.range.end },
                    `${keyword === "run" ? "shell" : "SHELL"} ["${shell}", "-c"]`,
                  ),
                ),
              ],
            }
          : { refusal: "more than this happens in the `RUN`" }),
      };
    }
  },
});

/** The program that `ln` puts in the place of `/bin/sh`. */
function linkedShell({ program, args }: Command): string | undefined {
  if (program !== "ln") return undefined;
  const [source, target, ...more] = args.filter(({ text }) => !text.startsWith("-"));
  return target?.value === "/bin/sh" && more.length === 0 ? source!.text : undefined;
}
