import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { insertArguments } from "./edit.ts";
import { isBusyBox } from "./package-rules.ts";
import { assuming, defineRule, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "wget-progress",
  category: "maintainability",
  severity: "info",
  weight: "none",
  aliases: ["hadolint/DL3047"],
  fix: "safe",
  mentions: /wget/,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "wget" || isBusyBox(run, "wget") !== false) continue;
      if (isLogged(run, command) || isQuiet(command.args.flatMap((word) => run.resolve(word)))) continue;
      const edit = insertArguments(command, command.programWord!, "--progress=dot:giga");
      const { distribution } = run.stage.base;
      // Fedora's wget is Wget2, which draws no dots.
      const isGnu = distribution !== undefined && distribution !== "fedora" && distribution !== "busybox";
      yield {
        at: command.programWord!.range,
        message: "`wget` writes its progress into the build's log, line after line",
        fixes: [
          isGnu
            ? safe("Add `--progress=dot:giga`", edit)
            : assuming(
                unsafe("Add `--progress=dot:giga`", edit),
                "It is GNU Wget: BusyBox's and Wget2 do not know this option.",
              ),
        ],
      };
    }
  },
});

const QUIET = /^--(?:progress|quiet|no-verbose|output-file|append-output|spider|version|help|show-progress)(?:=|$)/;

/** Those of one letter whose value can follow in the same word: wget(1). */
const VALUED = "OPaoitTUeBQwDIXlARGYS";

/** `2> log`, `&> log`. */
function isLogged(run: Run, { shell }: Command): boolean {
  return shell?.redirects.some(({ range }) => /[2&]/.test(run.stage.dockerfile.text[range.start]!)) ?? false;
}

function isQuiet(args: readonly ShellWord[]): boolean {
  if (args.length === 0) return true;
  return args.some(({ value, text }) => {
    if (value === undefined) return /^["']?[$`]/.test(text);
    if (QUIET.test(value)) return true;
    if (!/^-[A-Za-z]/.test(value)) return false;
    for (let i = 1; i < value.length; i++) {
      const letter = value[i]!;
      if ("qoaVh".includes(letter) || (letter === "n" && value[i + 1] === "v")) return true;
      if (letter === "n") i++;
      if (VALUED.includes(letter)) return false;
    }
    return false;
  });
}
