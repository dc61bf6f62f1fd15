import type { Run } from "../model/run.ts";
import type { ShellCommand, ShellScript } from "../syntax/shell.ts";
import { insertAfter } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "unchecked-cd",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: ["shellcheck/SC2164"],
  fix: "unsafe",
  assumes: "The directory is there in a build that works.",

  *check({ runs, text }) {
    for (const run of runs) {
      for (const script of run.scripts) {
        if (script.errors.length > 0 || run.stopsOnError(script)) continue;
        const made = madeIn(script);
        for (const command of script.commands) {
          const { name, args, status, range, pipeline } = command;
          if (!/^(?:cd|pushd)$/.test(name ?? "") || args.length !== 1 || status !== "ignored" || pipeline) continue;
          if (isCertain(run, made, command) || isLast(script, command) || isGuarded(text, script, command)) continue;
          yield {
            at: range,
            message: `If this \`${name}\` fails, what follows runs in another directory`,
            fixes: [unsafe("Add `|| exit 1`", insertAfter(range, " || exit 1"))],
          };
        }
      }
    }
  },
});

/** Directories that every image has. */
const EVERYWHERE =
  /^(?:\/|\/(?:tmp|etc|usr|usr\/(?:local|src|lib|bin|share)|usr\/local\/(?:bin|src|lib)|var|opt|home|srv|root)\/?|~|-|\.|\.\.)$/;

/** It cannot fail: every image has the directory, or it was made for sure. */
function isCertain(run: Run, made: ReadonlyMap<string, number>, { args, range }: ShellCommand): boolean {
  const [target] = args;
  const { text, value } = target!;
  if (/^"?\$(?:HOME|OLDPWD|\{HOME\}|\{OLDPWD\})"?$/.test(text) || EVERYWHERE.test(value ?? text)) return true;
  const { stage, instruction } = run;
  const isWorkdir = stage
    .effective(instruction)
    .some((one) => one.keyword === "WORKDIR" && value !== undefined && one.rest.text.trim() === value);
  return isWorkdir || (made.get(text) ?? range.start) < range.start;
}

/** The words that name directories which a script makes, and where it first does. */
function madeIn(script: ShellScript): ReadonlyMap<string, number> {
  const made = new Map<string, number>();
  for (const { name, args, range } of script.commands) {
    if (!/^(?:mkdir|install)$/.test(name ?? "")) continue;
    for (const { text } of args) if (!made.has(text)) made.set(text, range.start);
  }
  return made;
}

/** Nothing follows that it could lead astray. */
function isLast(script: ShellScript, command: ShellCommand): boolean {
  return script.commands.at(-1) === command;
}

/** `[ -d x ] && cd x; make`: it is meant to be left out at times. */
function isGuarded(text: string, script: ShellScript, { range }: ShellCommand): boolean {
  let end = range.start;
  while (end > script.text.range.start && /[\s\\`]/.test(text[end - 1]!)) end--;
  return /^(?:&&|\|\|)$/.test(text.slice(Math.max(end - 2, script.text.range.start), end));
}
