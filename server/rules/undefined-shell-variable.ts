import type { Run } from "../model/run.ts";
import { closest, typingErrors } from "../model/similar.ts";
import type { Stage } from "../model/stage.ts";
import type { ShellVariable } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { replace } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";
import { assignedNames, mayRunOthers, namesSetBy } from "./shell-variables.ts";
import { mayBeInherited } from "./undeclared-variable.ts";

export default defineRule({
  id: "undefined-shell-variable",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["shellcheck/SC2154", "shellcheck/SC2153"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",
  // What is set where a trigger runs is not known here.
  judges: "stage",

  *check({ stages, globalArguments, text }) {
    for (const stage of stages) {
      for (const run of stage.runs) {
        if (run.onbuild || mayRunOthers(run) || readsProfile(run)) continue;
        const environment = stage.environmentBefore(run.instruction);
        const own = namesSetBy(run);
        const tested = testedNames(run);
        for (const variable of run.scripts.flatMap(({ variables }) => variables)) {
          const { name, range } = variable;
          // Arguments from above are out of scope, which is another thing.
          if (environment.has(name) || own.has(name) || globalArguments.has(name)) continue;
          if (isOptional(variable) || tested.has(name) || SHELL_VARIABLES.test(name)) continue;
          const suggestion = suggestionFor(stage, name, [...environment.keys(), ...assignedNames(run)]);
          const earlier = suggestion ? undefined : exportBefore(stage, run, name);
          if (!suggestion && !earlier && (!stage.isEnvironmentKnown || mayBeInherited(stage, name))) continue;
          const at = text.indexOf(name, range.start);
          yield {
            at: range,
            message: suggestion
              ? `\`${name}\` is not set here; \`${suggestion}\` is`
              : `\`${name}\` is not set here, so it is empty`,
            related: earlier ? [{ at: earlier, message: "this holds in its own `RUN` only" }] : [],
            fixes:
              suggestion && at !== -1 && at + name.length <= range.end
                ? [unsafe(`Write \`${suggestion}\``, replace({ start: at, end: at + name.length }, suggestion))]
                : [],
          };
        }
      }
    }
  },
});

/** What shells set themselves, and the builder for every RUN: its user's home, and the proxies. */
const SHELL_VARIABLES =
  /^(?:HOME|PATH|PWD|OLDPWD|HOSTNAME|IFS|PS[0-4]|OPTIND|OPTARG|OPTERR|PPID|LINENO|SHLVL|TERM|SHELL|_|BASH|BASH_\w+|BASHPID|BASHOPTS|SHELLOPTS|RANDOM|SRANDOM|SECONDS|EPOCH(?:REAL)?(?:SECONDS|TIME)|E?UID|GROUPS|HOSTTYPE|MACHTYPE|OSTYPE|PIPESTATUS|FUNCNAME|DIRSTACK|REPLY|COLUMNS|LINES|MAPFILE|COPROC|POSIXLY_CORRECT|LANG|LANGUAGE|LC_\w+|TZ|CI|SOURCE_DATE_EPOCH|BUILDKIT_\w+|(?:https?|ftp|no|all)_proxy)$/i;

/** A login or interactive shell reads files that may set anything. */
function readsProfile(run: Run): boolean {
  const environment = run.stage.environmentBefore(run.instruction);
  if (environment.has("BASH_ENV") || environment.has("ENV")) return true;
  return run.scripts.some((script) => {
    const [program = "", ...options] = run.shellWordsOf(script);
    return (
      !/(?:^|\/)(?:ba|da|a)?sh$/.test(program) ||
      options.some((word) => /^-\w*[li]|^--(?:login|rcfile|init-file)/.test(word))
    );
  });
}

/** It is written for when it is not set. */
function isOptional({ operator, prefix, context }: ShellVariable): boolean {
  return prefix !== undefined || context === "condition" || /^:?[-+=?]/.test(operator ?? "");
}

/** The script asks whether they are set: `[ -n "$X" ]`, `[ -z "$X" ]`. */
function testedNames(run: Run): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, args } of run.scripts.flatMap(({ commands }) => commands)) {
    if (name !== "[" && name !== "test") continue;
    for (const { text } of args) for (const [, one] of text.matchAll(/\$\{?(\w+)/g)) names.add(one!);
  }
  for (const { text } of run.scripts) for (const [, one] of text.text.matchAll(/\$\{(\w+):?[-+=?]/g)) names.add(one!);
  return names;
}

/** An earlier RUN exports it, in vain. */
function exportBefore(stage: Stage, run: Run, name: string): Range | undefined {
  if (mayBeInherited(stage, name)) return undefined;
  return stage.runs
    .filter(({ instruction, onbuild }) => !onbuild && instruction.range.start < run.instruction.range.start)
    .flatMap(({ scripts }) => scripts.flatMap(({ commands }) => commands))
    .filter((command) => command.name === "export" && command.place === "chain")
    .flatMap(({ args }) => args)
    .find(({ text }) => text.startsWith(`${name}=`))?.range;
}

function suggestionFor(stage: Stage, name: string, set: readonly string[]): string | undefined {
  if (mayBeInherited(stage, name)) return undefined;
  const suggestion = closest(
    name,
    set.filter((one) => one.length > 2 && one.replace(/\d/g, "") !== name.replace(/\d/g, "")),
  );
  if (!suggestion || stage.isEnvironmentKnown) return suggestion;
  // The base image may set one of a similar name.
  const isClose = typingErrors(name.toLowerCase(), suggestion.toLowerCase()) <= 1;
  return isClose && name.length >= 5 ? suggestion : undefined;
}
