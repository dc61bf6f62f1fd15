import { commandOf } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellCommand, ShellPipeline, ShellScript } from "../syntax/shell.ts";
import { insertAfter } from "./edit.ts";
import { optionNames, readOptions } from "./options.ts";
import { runsInput } from "./piped-program.ts";
import { defineRule, type Fix, onRequest, unsafe } from "./rule.ts";
import { bashFix, firstRuns, insertLineBefore } from "./shell-edit.ts";

export default defineRule({
  id: "missing-pipefail",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL4006", "kics/shell_running_a_pipe_without_pipefail_flag", "semgrep/set-pipefail"],
  fix: "unsafe",
  assumes: "No command of the pipe fails in a build that works.",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const first = firstRuns();
      for (const run of stage.runs) {
        for (const script of run.scripts) {
          const pipelines = script.pipelines.filter((pipeline) => losesFailure(run, script, pipeline));
          const pipeline = pipelines.find((one) => !isHarmless(one)) ?? pipelines[0];
          if (!pipeline) continue;
          const index = riskOf(pipeline);
          const name = pipeline.members[Math.max(index, 0)]?.name;
          // What is piped into a shell has a graver finding of its own.
          const last = pipeline.members.at(-1);
          const noticing = last && notices(last) ? last.name!.replace(/^.*\//, "") : undefined;
          const isNeedless = noticing !== undefined || isHarmless(pipeline);
          const isMinor = isNeedless || (last !== undefined && runsInput(commandOf(last)));
          const fix = fixOf(run, script, pipeline, first);
          yield {
            at: pipeline.operators[Math.max(index, 0)]!,
            message: `${name ? `If \`${name}\`` : "If what stands before this pipe"} fails, ${noticing ? `the error is \`${noticing}\`'s, which tells little` : "nothing notices"}: only the last command of a pipe counts`,
            ...(isMinor ? { severity: "info", weight: "none" } : {}),
            ...(typeof fix === "string" ? { refusal: fix } : { fixes: [isNeedless ? onRequest(fix) : fix] }),
          };
        }
      }
    }
  },
});

/** They say what is known, or ask the system: what can go wrong with them, the next command sees. */
const HARMLESS =
  /^(?:echo|printf|true|:|pwd|uname|arch|nproc|id|date|whoami|hostname|env|yes|cat|ls|set|export|seq|find|ldd|scanelf|readelf|readlink|basename|dirname|apt-mark|dpkg|dpkg-query|apt-cache|rpm|locale|getent|ps|which|type|command|grep|egrep|fgrep|awk|sed|cut|sort|tr)$/;

/** They work on what comes in, and fail for nothing else. */
const FILTERS =
  /^(?:sed|tr|cut|sort|uniq|wc|base64|rev|awk|gawk|mawk|head|tail|tac|column|fold|nl|tee|grep|egrep|fgrep|cat|paste)$/;

function losesFailure(run: Run, script: ShellScript, pipeline: ShellPipeline): boolean {
  const { status, place, operators, members } = pipeline;
  // Nobody asks whether it succeeded.
  if (status === "condition" || status === "forgiven" || (status === "ignored" && place === "substitution"))
    return false;
  if (operators.length !== members.length - 1) return false;
  // It never ends by itself: with pipefail, this would fail.
  if (members.slice(0, -1).every((member) => member?.name === "yes")) return false;
  return !isSet(run, script, pipeline);
}

function isSet(run: Run, script: ShellScript, pipeline: ShellPipeline): boolean {
  const { stage, instruction } = run;
  if (run.shellWordsOf(script).some((word) => /\bpipefail$/.test(word))) return true;
  if (stage.environmentBefore(instruction).get("SHELLOPTS")?.includes("pipefail")) return true;
  return script.commands.some(
    ({ name, args, range }) =>
      name === "set" && range.start < pipeline.range.start && args.some(({ value }) => value === "pipefail"),
  );
}

/** The first member whose failure matters; -1: none. */
function riskOf({ members }: ShellPipeline): number {
  return members.slice(0, -1).findIndex((member, index) => {
    const name = member?.name?.replace(/^.*\//, "");
    if (index > 0 && name === "xargs") return !HARMLESS.test(runBy(member!));
    return name === undefined || !(HARMLESS.test(name) || (index > 0 && FILTERS.test(name)));
  });
}

/** The program that `xargs` runs. */
function runBy({ args }: ShellCommand): string {
  const { operands } = readOptions(args, XARGS);
  return operands[0]?.value?.replace(/^.*\//, "") ?? "echo";
}

const XARGS = optionNames("-I -n -L -P -d -a -s -E");

function isHarmless(pipeline: ShellPipeline): boolean {
  return riskOf(pipeline) === -1 || stopsEarly(pipeline);
}

/** The end of it stops reading before the beginning has said all, which then fails for it: `| head -n 1`, `| grep -q x`. */
function stopsEarly({ members }: ShellPipeline): boolean {
  return (
    members[0]?.name === "yes" ||
    members.slice(1).some((member) => {
      const name = member?.name;
      if (name === "head") return true;
      return /^[ef]?grep$/.test(name ?? "") && has(member!, /^-\w*[qm]|^--quiet$|^--silent$|^--max-count/);
    })
  );
}

/** It fails for nothing but what it expects, so that an input that breaks off is no success. */
function notices(last: ShellCommand): boolean {
  const name = last.name?.replace(/^.*\//, "");
  const [first] = last.args;
  if (name === "tar" || name === "bsdtar")
    return /^-?\w*x|^--(?:extract|get)$/.test(first?.value ?? "") || has(last, /^-\w*x\w*$|^--(?:extract|get)$/);
  if (name === "gpg" || name === "gpg2") return has(last, /^--(?:dearmor|import)$/);
  if (name === "apt-key") return first?.value === "add";
  if (/^(?:sha\d+|md5)sum$/.test(name ?? "")) return has(last, /^-\w*c$|^--check$/);
  return /^(?:gunzip|bunzip2|unxz|zcat|xzcat|unzip)$/.test(name ?? "");
}

function has({ args }: ShellCommand, option: RegExp): boolean {
  return args.some(({ value, text }) => option.test(value ?? text));
}

/** The fix, or why there is none. */
function fixOf(run: Run, script: ShellScript, pipeline: ShellPipeline, firstOf: (run: Run) => Run): Fix | string {
  if (stopsEarly(pipeline))
    return "this pipe stops reading early, which `pipefail` would take for a failure of the program before it";
  if (pipeline.status === "ignored" && !run.stopsOnError(script))
    return "what follows runs in any case: `&&` or `set -e` has to come first";
  switch (run.interpreterOf(script)) {
    case "bash":
    case "ash":
      return setFix(run, script, pipeline) ?? "here it would have to be set by hand";
    case "dash":
      return shellFix(run, script, firstOf);
    default:
      return "what shell the image has is not known: `set -o pipefail` works in bash, and in the `sh` of Alpine";
  }
}

function setFix(run: Run, script: ShellScript, pipeline: ShellPipeline): Fix | undefined {
  const [item, next] = script.items;
  if (!item || script.errors.length > 0) return undefined;
  const { command } = item;
  if (
    command?.name === "set" &&
    pipeline.item !== item &&
    command.args.length > 0 &&
    command.args.every(({ value }) => /^-[a-z]+$/.test(value ?? ""))
  )
    return unsafe("Add `-o pipefail`", insertAfter(command.args.at(-1)!.range, " -o pipefail"));
  if (next?.operator === "&") return undefined;
  const edit = insertLineBefore(run, script, item, "set -o pipefail");
  return edit && unsafe("Add `set -o pipefail`", edit);
}

/** Debian's `sh` has no pipefail, but its bash is always there. */
function shellFix(run: Run, script: ShellScript, firstOf: (run: Run) => Run): Fix | string {
  const fix = bashFix(run, script, firstOf, "-o", "pipefail");
  if (typeof fix === "string") return fix;
  const { start } = firstOf(run).instruction.range;
  const below = run.stage.runs.filter(({ instruction }) => instruction.range.start >= start);
  if (below.some(({ scripts }) => scripts.some(({ pipelines }) => pipelines.some(stopsEarly))))
    return "`SHELL` with `pipefail` would also hold for a pipe of this stage that stops reading early";
  return fix;
}
