import type { Run } from "../model/run.ts";
import type { ShellCommand, ShellScript, ShellWord } from "../syntax/shell.ts";
import { contains } from "../syntax/text.ts";
import { insertAfter, insertBefore, remove } from "./edit.ts";
import { defineRule, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "masked-return",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: ["shellcheck/SC2155"],
  fix: "unsafe",
  assumes: "The command does not fail in a build that works.",

  *check({ runs }) {
    for (const run of runs) {
      for (const script of run.scripts) {
        if (script.errors.length > 0) continue;
        for (const command of script.commands) {
          const { name, args, status, words } = command;
          if (!/^(?:export|local|readonly|declare|typeset)$/.test(name ?? "")) continue;
          // Nobody would ask for the status in any case.
          if (status === "condition" || status === "forgiven") continue;
          if (status === "ignored" && !run.stopsOnError(script)) continue;
          const word = args.find((one) => /^[A-Za-z_]\w*=/.test(one.text) && mayFail(script, one));
          if (!word) continue;
          yield {
            at: words[0]!.range,
            message: `\`${name}\` succeeds even when the command in it fails`,
            fixes: args.length === 1 ? fixesOf(run, command, word) : [],
          };
        }
      }
    }
  },
});

/** They say what is known, or work on what comes in. */
const HARMLESS =
  /^(?:echo|printf|uname|arch|nproc|id|whoami|hostname|date|pwd|basename|dirname|cat|seq|dpkg|getconf|mktemp|cut|sed|tr|awk|head|tail|sort|wc)$/;

/** The command that a substitution ends with decides. */
function mayFail({ commands }: ShellScript, word: ShellWord): boolean {
  const inner = commands.filter(({ place, range }) => place === "substitution" && contains(word.range, range));
  const last = inner.toSorted((a, b) => b.range.end - a.range.end || a.range.start - b.range.start)[0];
  return last !== undefined && !HARMLESS.test(last.name ?? "");
}

function fixesOf(run: Run, command: ShellCommand, word: ShellWord): readonly Fix[] {
  const [keyword] = command.words;
  const variable = /^\w+/.exec(word.text)![0];
  const { text } = run.stage.dockerfile;
  if (command.pipeline || text.slice(keyword!.range.end, word.range.start).trim() !== "") return [];
  const joiner = command.status === "ignored" ? "; " : " && ";
  const title = "Assign first";
  if (command.name === "local") return [unsafe(title, insertBefore(word.range, `${variable}${joiner}`))];
  if (command.name === "export" || command.name === "readonly")
    return [
      unsafe(
        title,
        remove({ start: keyword!.range.start, end: word.range.start }),
        insertAfter(word.range, `${joiner}${command.name} ${variable}`),
      ),
    ];
  return [];
}
