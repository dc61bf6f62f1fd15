import type { Run } from "../model/run.ts";
import type { ShellCommand, ShellRedirect, ShellScript, ShellWord } from "../syntax/shell.ts";
import { insertAfter, insertBefore, replace } from "./edit.ts";
import { defineRule, type Finding, type Fix, unsafe } from "./rule.ts";
import { partOf } from "./shell-edit.ts";
import { namesSetBy } from "./shell-variables.ts";

export default defineRule({
  id: "test-mistake",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    "shellcheck/SC1020",
    "shellcheck/SC1035",
    "shellcheck/SC2070",
    "shellcheck/SC2071",
    "shellcheck/SC2073",
    "shellcheck/SC2077",
    "shellcheck/SC2107",
    "shellcheck/SC2158",
    "shellcheck/SC2159",
  ],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check({ runs, text }) {
    for (const run of runs) {
      for (const script of run.scripts) {
        if (script.errors.length > 0) continue;
        for (const command of script.commands) {
          const [first] = command.words;
          if (!first) continue;
          if (first.text === "[" || first.text === "test") yield* mistakesOf(run, script, command, text);
          else yield* joinedBracket(command, first);
        }
      }
    }
  },
});

/** `[$x = y ]`, `[-f x ]` */
function* joinedBracket({ args }: ShellCommand, first: ShellWord): Generator<Finding> {
  const last = args.at(-1);
  if (!last?.text.endsWith("]") || !/^\[(?:["$-]|[^[\]*?]*$)/.test(first.text) || first.text.startsWith("[[")) return;
  const at = partOf(first, 0, 1);
  if (at)
    yield {
      at,
      message: "Without a blank behind it, this `[` is part of the program's name",
      fixes: [unsafe("Add a blank", insertAfter(at, " "))],
    };
}

function* mistakesOf(run: Run, script: ShellScript, command: ShellCommand, source: string): Generator<Finding> {
  const isBracket = command.words[0]!.text === "[";
  const last = command.args.at(-1);
  if (isBracket && last?.text !== "]") {
    yield* unclosed(script, command, last, source);
    return;
  }
  const all = isBracket ? command.args.slice(0, -1) : command.args;
  const args = all[0]?.text === "!" ? all.slice(1) : all;
  const [one, two, three] = args;
  for (const redirect of command.redirects) {
    const finding = comparison(redirect, args, isBracket ? last : undefined, source);
    if (finding) yield finding;
  }
  if (args.length === 1) yield* constant(command, one!, all.length === 1 && isBracket);
  else if (args.length === 2 && one!.text === "-n" && isUnquotedExpansion(two!)) {
    if (!isKnown(run, two!))
      yield { at: two!.range, message: "Without quotes, this is true when it is empty, too", fixes: [quote(two!)] };
  } else if (args.length === 3 && /^(?:==?|!=)$/.test(two!.text)) {
    for (const word of [one!, three!]) {
      if (!mayBeEmpty(run, word)) continue;
      yield {
        at: word.range,
        message: `When this is empty, \`[\` finds an error instead of comparing`,
        fixes: [quote(word)],
      };
    }
  }
}

/** `[ -f a && -f b ]`, `[ "$a" = "b"]` */
function* unclosed(
  script: ShellScript,
  command: ShellCommand,
  last: ShellWord | undefined,
  source: string,
): Generator<Finding> {
  if (!last) return;
  const next = script.commands[script.commands.indexOf(command) + 1];
  const between = next && source.slice(command.range.end, next.range.start);
  if (
    next &&
    /^\s*(?:&&|\|\|)\s*$/.test(between!) &&
    next.words.at(-1)?.text === "]" &&
    !next.words[0]!.text.startsWith("[")
  ) {
    const start = command.range.end + between!.search(/[&|]/);
    yield {
      at: { start, end: start + 2 },
      message: "The shell reads this before `[` does, which then has no `]`",
      fixes: [unsafe("Write two tests", insertAfter(command.range, " ]"), insertBefore(next.range, "[ "))],
    };
    return;
  }
  const { text } = last;
  const at = /[^\\[\]]\]$/.test(text) && !text.includes("[") ? partOf(last, text.length - 1, text.length) : undefined;
  if (at)
    yield {
      at,
      message: "Without a blank before it, this `]` is part of the word",
      fixes: [unsafe("Add a blank", insertBefore(at, " "))],
    };
}

/** `[ "$a"="$b" ]`, `[ false ]` */
function* constant(command: ShellCommand, word: ShellWord, isAlone: boolean): Generator<Finding> {
  const { text, value, range } = word;
  const operator = unquotedOperator(text);
  if (operator && operator.index > 0) {
    const start = operator.index;
    const end = start + operator.text.length;
    const at = partOf(word, start, end);
    yield {
      at: at ?? range,
      message: `Without blanks around \`${operator.text}\`, this is one word, and always true`,
      fixes:
        at && end < text.length
          ? [unsafe("Add the blanks", replace(at, ` ${operator.text === "==" ? "=" : operator.text} `))]
          : [],
    };
  } else if (value === "false" || value === "0") {
    const fixes = isAlone && value === "false" ? [unsafe("Write `false`", replace(command, "false"))] : [];
    yield { at: range, message: `\`[ ${text} ]\` is true: it is a word that is not empty`, fixes };
  }
}

/** `[ "$a" > 5 ]` */
function comparison(
  { operator, target, range }: ShellRedirect,
  args: readonly ShellWord[],
  close: ShellWord | undefined,
  source: string,
): Finding | undefined {
  if (
    (operator !== ">" && operator !== "<") ||
    !target ||
    args.length !== 1 ||
    !close ||
    range.start > close.range.start
  )
    return undefined;
  if (source[range.start] !== operator || /[/.]/.test(target.value ?? "")) return undefined;
  const isNumber = /^\d+$/.test(target.value ?? "");
  const name = operator === ">" ? "-gt" : "-lt";
  return {
    at: { start: range.start, end: range.start + 1 },
    message:
      operator === ">"
        ? `This does not compare: it writes to a file named \`${target.text}\``
        : `This does not compare: it reads a file named \`${target.text}\``,
    fixes: isNumber
      ? [unsafe(`Write \`${name}\``, replace({ start: range.start, end: target.range.start }, `${name} `))]
      : [],
  };
}

function unquotedOperator(text: string): { readonly index: number; readonly text: string } | undefined {
  // Quotes and expansions hold their place, so that the index stays.
  const bare = text.replace(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"|\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`/gs, (part) =>
    "_".repeat(part.length),
  );
  const match = /!?==?/.exec(bare);
  return match && !/[()]/.test(bare) ? { index: match.index, text: match[0] } : undefined;
}

function isUnquotedExpansion({ text }: ShellWord): boolean {
  return /^(?:\$[A-Za-z_]\w*|\$\{\w+\}|\$\([^(].*\)|`.*`)$/s.test(text);
}

function quote({ range }: ShellWord): Fix {
  return unsafe("Add quotes", insertBefore(range, '"'), insertAfter(range, '"'));
}

function nameIn({ text }: ShellWord): string | undefined {
  return /^\$\{?([A-Za-z_]\w*)\}?$/.exec(text)?.[1];
}

function isKnown(run: Run, word: ShellWord): boolean {
  const name = nameIn(word);
  if (name === undefined || namesSetBy(run).has(name)) return false;
  return /^[^\s*?[]+$/.test(run.stage.environmentBefore(run.instruction).get(name) ?? "");
}

/** An argument without a value, or a variable that is set to nothing. */
function mayBeEmpty(run: Run, word: ShellWord): boolean {
  const { stage, instruction } = run;
  const name = nameIn(word);
  if (name === undefined || namesSetBy(run).has(name)) return false;
  const value = stage.environmentBefore(instruction).get(name);
  if (value === undefined || stage.dockerfile.globalArguments.has(name)) return false;
  if (value !== null) return value === "";
  const declaration = stage
    .effective(instruction)
    .findLast(
      (one) => (one.keyword === "ARG" || one.keyword === "ENV") && one.pairs.some(({ key }) => key.value === name),
    );
  return (
    declaration?.keyword === "ARG" && declaration.pairs.some(({ key, value: given }) => key.value === name && !given)
  );
}
