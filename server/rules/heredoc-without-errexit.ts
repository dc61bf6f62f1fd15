import type { ShellScript } from "../syntax/shell.ts";
import { defineRule, unsafe } from "./rule.ts";
import { insertLineBefore, isBody } from "./shell-edit.ts";

export default defineRule({
  id: "heredoc-without-errexit",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  assumes: "No command of the script fails in a build that works.",

  *check({ runs }) {
    for (const run of runs) {
      for (const script of run.scripts) {
        const { heredocs } = run.instruction;
        const [item] = script.items;
        if (!item || !isBody(run, script) || script.errors.length > 0 || run.stopsOnError(script)) continue;
        const [command] = ignoredCommands(script);
        if (!command || speaksOfErrors(script)) continue;
        const edit = insertLineBefore(run, script, item, "set -e");
        yield {
          at: heredocs[0]!.range,
          message: `Without \`set -e\`, this script goes on when \`${command.name ?? command.words[0]!.text}\` fails`,
          related: [{ at: command.range, message: "its failure is ignored" }],
          fixes: edit ? [unsafe("Add `set -e`", edit)] : [],
        };
      }
    }
  },
});

/** They hardly fail, or it does not matter. */
const HARMLESS =
  /^(?:echo|printf|true|:|export|readonly|local|set|unset|umask|alias|trap|shift|exit|return|exec|break|continue|\[|test)$/;

function ignoredCommands({ commands }: ShellScript): ShellScript["commands"] {
  return commands.filter(
    ({ status, place, words, name, pipeline }, index) =>
      status === "ignored" &&
      (place === "chain" || place === "conditional") &&
      words.length > 0 &&
      !HARMLESS.test(name ?? "") &&
      index < commands.length - 1 &&
      // What a pipe loses is another matter.
      pipeline === undefined,
  );
}

/** It says `set +e`, or has a trap for errors: somebody has thought of it. */
function speaksOfErrors({ commands }: ShellScript): boolean {
  return commands.some(
    ({ name, args }) =>
      (name === "set" && args.some(({ value, text }) => /^[+-]\w*e|^errexit$/.test(value ?? text))) ||
      (name === "trap" && args.some(({ value }) => value === "ERR")),
  );
}
