import type { Run } from "../model/run.ts";
import type { ShellScript } from "../syntax/shell.ts";
import { insertAfter, replace } from "./edit.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "chained-run",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  refactoring: true,

  *check({ runs }) {
    for (const run of runs) {
      const { script, instruction } = run;
      if (!script || instruction.json || script.items.length < 2) continue;
      yield {
        at: instruction.keywordRange,
        message: "The commands of this `RUN` could stand in a heredoc, one a line",
        ...repair(run, script),
      };
    }
  },
});

const MARK = "EOF";

function repair(run: Run, script: ShellScript): Pick<Finding, "fixes" | "refusal"> {
  const reason = obstacleIn(run, script);
  if (reason) return { refusal: reason };
  const { instruction } = run;
  const { syntax, text } = run.stage.dockerfile;
  const { lineEnd } = syntax;
  const [first, ...others] = script.items;
  const start = instruction.flags.at(-1)?.range.end ?? instruction.keywordRange.end;
  const commentsIn = (from: number, to: number): string =>
    instruction.comments
      .filter(({ range }) => from <= range.start && range.start < to)
      .map(({ range }) => text.slice(range.start, range.end) + lineEnd)
      .join("");
  const opening = ` <<${MARK}${lineEnd}${run.stopsOnError(script) ? "" : `set -e${lineEnd}`}`;
  const edits = [
    replace({ start, end: first!.range.start }, opening + commentsIn(start, first!.range.start)),
    ...others.map(({ gap }) => replace(gap!, lineEnd + commentsIn(gap!.start, gap!.end))),
    insertAfter(script.items.at(-1)!.range, `${lineEnd}${MARK}`),
  ];
  return {
    fixes: [
      assuming(
        unsafe("Write the commands in a heredoc, one a line", edits),
        "The builder knows heredocs: Dockerfile 1.4 and later, which Docker has built in since version 23.",
      ),
    ],
  };
}

/** Why `set -e` and a line for each command would be something else. */
function obstacleIn({ instruction, stage, commands }: Run, script: ShellScript): string | undefined {
  const { text, syntax } = stage.dockerfile;
  const { items } = script;
  if (script.errors.length > 0) return "the script is not understood";
  if (items.slice(1).some(({ operator }) => operator !== "&&")) return "not all commands are joined by `&&`";
  // Inside of these, `set -e` would hold, which `&&` behind them takes away.
  const isPlain = items.every(
    ({ command, range }) =>
      command !== undefined || script.pipelines.some((one) => one.range.start === range.start && !one.negated),
  );
  if (!isPlain || commands.some(({ shell }) => shell?.place !== "chain")) return "one of them is more than a command";
  const end = items.at(-1)!.range.end;
  if (/[^\s\\`]/.test(text.slice(end, instruction.rest.range.end))) return "something stands behind the last of them";
  const inside = items.map(({ range }) => text.slice(range.start, range.end));
  if (inside.some((part) => part.split(/\r?\n/).some((line) => line.trim() === MARK)))
    return `a line of it is \`${MARK}\``;
  const isCut = items.some(({ range }) =>
    instruction.comments.some((comment) => range.start < comment.range.start && comment.range.end < range.end),
  );
  if (isCut) return "a comment stands inside of a command, where a heredoc allows none";
  // The builder takes a continuation out wherever it stands, the shell not in single quotes, and a backtick is none for it.
  const words = commands.flatMap((command) => command.words);
  const isSplit = words.some(({ range }) => text.slice(range.start, range.end).includes("\n"));
  if (isSplit || (syntax.escape === "`" && inside.some((part) => part.includes("\n"))))
    return "a line is continued in a way that the shell does not know";
  return undefined;
}
