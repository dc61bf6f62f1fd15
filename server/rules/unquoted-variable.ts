import type { Run } from "../model/run.ts";
import { PLATFORM_ARGUMENTS } from "../model/variables.ts";
import type { ShellScript, ShellVariable } from "../syntax/shell.ts";
import { contains } from "../syntax/text.ts";
import { insertAfter, insertBefore } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";
import { namesSetBy } from "./shell-variables.ts";

export default defineRule({
  id: "unquoted-variable",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: ["shellcheck/SC2086", "sonar/S6570"],
  // What is left unquoted on purpose looks the same.
  enabled: false,
  fix: "unsafe",
  assumes: "The variable holds one argument, not several.",

  *check({ runs }) {
    for (const run of runs) {
      for (const script of run.scripts) {
        if (script.errors.length > 0) continue;
        const own = namesSetBy(run);
        for (const variable of script.variables) {
          const { name, range } = variable;
          if (!isSplit(script, variable) || isList(name) || !mayHoldSeveral(run, script, name, own)) continue;
          yield {
            at: range,
            message: `Without quotes, a blank or a \`*\` in \`${name}\` makes several arguments of it`,
            fixes: [unsafe("Put the variable in quotes", insertBefore(range, '"'), insertAfter(range, '"'))],
          };
        }
      }
    }
  },
});

/** It stands in an argument, alone for itself: not in quotes, not in `${X:-$Y}`, not `${X:+--flag}`. */
function isSplit({ variables }: ShellScript, variable: ShellVariable): boolean {
  const { context, quoted, prefix, operator, range } = variable;
  if (context !== "argument" || quoted || prefix !== undefined || /^:?\+/.test(operator ?? "")) return false;
  const { command, word } = variable;
  const isWhole = word?.text === `$${variable.name}` || word?.text === `\${${variable.name}}`;
  if (isWhole && TAKES_SEVERAL.test(command?.name ?? "")) return false;
  return !variables.some((outer) => outer !== variable && contains(outer.range, range));
}

/** Who gives them a variable alone means all that is in it; or it is a number. */
const TAKES_SEVERAL =
  /^(?:set|apt|apt-get|apt-mark|aptitude|apk|dnf|microdnf|yum|zypper|pacman|dpkg|pip3?|npm|yarn|gem|cpan|docker-php-ext-\w+|kill|exit|return|shift|(?:.*\/)?configure|cmake|make)$/;

/** Its name says that it holds several: `PACKAGES`, `buildDeps`, `CFLAGS`, `PIP_OPTS`, `EXTRA_ARGS`. */
function isList(name: string): boolean {
  return /(?:[^sS][sS]|list|extra|cmd|command|dep|config)$/i.test(name) || /(?:^|_)(?:EXTRA|ARGS|OPTS)_/i.test(name);
}

function mayHoldSeveral(run: Run, script: ShellScript, name: string, own: ReadonlySet<string>): boolean {
  if (PLATFORM_ARGUMENTS.includes(name)) return false;
  if (own.has(name)) {
    // The words of `for` are split already.
    if (new RegExp(`\\b(?:for|select)\\s+${name}\\b`).test(script.text.text)) return false;
    const assigned = run.scripts
      .flatMap(({ commands }) => commands.flatMap(({ assignments }) => assignments))
      .filter((one) => one.name === name);
    return assigned.length > 0 && assigned.some(({ value }) => value === undefined || isSeveral(value));
  }
  const value = run.stage.environmentBefore(run.instruction).get(name);
  // What the base image sets is not known.
  return value === null || (value !== undefined && isSeveral(value));
}

function isSeveral(value: string): boolean {
  return /[\s*?[]/.test(value);
}
