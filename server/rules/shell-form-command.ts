import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellCommand } from "../syntax/shell.ts";
import { insertAfter, insertBefore, replace } from "./edit.ts";
import { assuming, changing, defineRule, type Edit, type Finding, type Fix, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "shell-form-command",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    "hadolint/DL3025",
    "buildkit/JSONArgsRecommended",
    "kics/not_using_json_in_cmd_and_entrypoint_arguments",
    "semgrep/prefer-json-notation",
    "sonar/S7019",
  ],
  fix: "safe",
  assumes: "Nothing but the program itself has to be told that the container ends.",
  concerns: "container",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        const { keyword, rest } = instruction;
        if ((keyword !== "CMD" && keyword !== "ENTRYPOINT") || instruction.json) continue;
        // What begins with a bracket is meant as JSON.
        if (rest.text === "" || rest.text.startsWith("[")) continue;
        const shell = stage.shellBefore(instruction);
        if (shell.instruction) continue;
        const commands = shell.posix ? commandsOf(instruction) : undefined;
        if (keyword === "CMD" && commands?.at(-1)?.name === "exec") continue;
        yield {
          at: instruction.keywordRange,
          message:
            keyword === "CMD"
              ? "`CMD` in shell form runs under a shell, which may keep signals from the program"
              : "`ENTRYPOINT` in shell form ignores `CMD` and arguments, and its shell may keep signals from the program",
          ...repair(stage, instruction, commands ?? []),
        };
      }
    }
  },
});

/**
 * The commands of the list that it runs, when the last of them is a simple one that ends it; else none. In the background, or
 * with a trap, they would not get along with one that takes the shell's place.
 */
function commandsOf({ rest }: Instruction): readonly ShellCommand[] | undefined {
  const { items, commands, errors } = parseShell(rest);
  const last = items.at(-1)?.command;
  const isCalm = items.every(({ operator }) => operator !== "&") && commands.every(({ name }) => name !== "trap");
  if (!last || errors.length > 0 || !isCalm) return undefined;
  // Something stands before or behind it: `&`, a comment.
  const isWhole = items[0]!.range.start === rest.range.start && last.range.end === rest.range.end;
  return isWhole ? commands : undefined;
}

/** They are no programs, so nothing but a shell can run them. */
const BUILTINS =
  ". : alias bg break cd command continue eval exit export fg hash jobs local read return set shift source times trap type ulimit umask unalias unset wait";

function repair(
  stage: Stage,
  instruction: Instruction,
  commands: readonly ShellCommand[],
): Pick<Finding, "fixes" | "refusal"> {
  const command = commands.at(-1);
  const words = command?.name === "exec" ? command.args : (command?.words ?? []);
  const first = words[0]?.value;
  if (!command || first === undefined || first.startsWith("-") || BUILTINS.split(" ").includes(first)) {
    return {
      refusal: "only a shell can run this; in a script that ends with `exec`, the program would get the signals",
    };
  }
  const keyword = instruction.keyword as "CMD" | "ENTRYPOINT";
  const isPlain = words.every(({ value, text }) => value !== undefined && !/^~|[=:]~/.test(text));
  if (!isPlain || commands.length > 1 || command.redirects.length > 0 || command.assignments.length > 0) {
    const fix = shellFix(instruction, command);
    return fix
      ? { fixes: [changing(fix, keyword)] }
      : { refusal: "the text holds characters that a JSON string cannot" };
  }
  const isInterrupted = instruction.comments.some(({ range }) =>
    words.some((word) => word.range.start < range.start && range.end <= word.range.end),
  );
  if (isInterrupted) return { refusal: "a comment stands inside a word" };
  const edits = words.map(({ range, value }, index) =>
    replace(range, `${index === 0 ? "[" : ""}${JSON.stringify(value)}${index === words.length - 1 ? "]" : ","}`),
  );
  // `exec` goes.
  if (words !== command.words) edits[0] = { ...edits[0]!, start: command.range.start };
  // What the two are together is no longer the same.
  const other = keyword === "CMD" ? "ENTRYPOINT" : "CMD";
  const isAlone = stage.lineage.every(({ instructions }) => instructions.every((one) => one.keyword !== other));
  // A shell runs a script without a first line, too.
  const isScript = /\.(?:ba)?sh$|entrypoint/.test(first);
  const fix = changing((isAlone && !isScript ? safe : unsafe)("Write it in exec form", edits), keyword);
  return { fixes: [isScript ? assuming(fix, `The first line of \`${first}\` names its shell: \`#!/bin/sh\`.`) : fix] };
}

/** A shell that the program replaces. */
function shellFix({ rest, comments }: Instruction, command: ShellCommand): Fix | undefined {
  const { text } = rest;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings hold none.
  if (/[\u0000-\u001f]/.test(text) || comments.length > 0) return undefined;
  const escapes = [...text.matchAll(/["\\]/g)].map(({ index }) => insertBefore(rest.rangeOf(index, index), "\\"));
  const start = insertBefore(rest.range, '["/bin/sh", "-c", "');
  const exec = command.name === "exec" ? [] : [insertBefore(command.words[0]!, "exec ")];
  const edits = atOnePlace([start, ...exec, ...escapes]);
  return unsafe("Write it in exec form, with a shell that the program replaces", edits, insertAfter(rest.range, '"]'));
}

/** Several insertions at one place are one, in their order. */
function atOnePlace(insertions: readonly Edit[]): readonly Edit[] {
  const texts = new Map<number, string>();
  for (const { start, text } of insertions) texts.set(start, (texts.get(start) ?? "") + text);
  return [...texts].map(([start, text]) => ({ start, end: start, text }));
}
