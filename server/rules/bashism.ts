import { baseName } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellCommand, ShellExtension, ShellScript, ShellWord } from "../syntax/shell.ts";
import { contains, type Range } from "../syntax/text.ts";
import { insertAfter, remove, replace } from "./edit.ts";
import { defineRule, type Edit, type Finding, type Fix, safe, unsafe } from "./rule.ts";
import { bashFix, firstRuns } from "./shell-edit.ts";
import { isSetBy } from "./shell-variables.ts";

export default defineRule({
  id: "bashism",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    ..."3001 3002 3003 3004 3005 3006 3007 3008 3009 3010 3011 3014 3018 3019 3020 3021 3022 3024 3028 3029 3030 3032 3034"
      .split(" ")
      .map((code) => `shellcheck/SC${code}`),
    ..."3037 3040 3044 3045 3046 3047 3048 3051 3053 3054 3057 3059 3060 2112 2113"
      .split(" ")
      .map((code) => `shellcheck/SC${code}`),
  ],
  fix: "safe",
  assumes: "What bash does with it is what was meant.",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const first = firstRuns();
      for (const run of stage.runs) {
        for (const script of run.scripts) {
          const shell = run.interpreterOf(script);
          // A script that asks which shell it has knows what it does.
          if ((shell !== "dash" && shell !== "ash") || script.errors.length > 0) continue;
          if (/\b(?:BASH_VERSION|ZSH_VERSION)\b/.test(script.text.text)) continue;
          for (const { at, says, harm, fix } of bashismsOf(run, script, shell)) {
            const bash = fix ?? bashFix(run, script, first);
            const fails = harm === "fails";
            yield {
              at,
              message: `${says} ${shell}${baseName(run.shellWordsOf(script)[0] ?? "") === shell ? "" : ", the `sh` of this image"}`,
              ...(fails ? { severity: "error" } : {}),
              ...(typeof bash === "string" ? { refusal: bash } : { fixes: [bash] }),
            } satisfies Finding;
          }
        }
      }
    }
  },
});

interface Bashism {
  readonly at: Range;
  /** The sentence, up to the shell's name. */
  readonly says: string;
  /** `fails`: the RUN, for certain. */
  readonly harm: "fails" | "misleads";
  readonly fix?: Fix | undefined;
}

type Almquist = "dash" | "ash";

function* bashismsOf(run: Run, script: ShellScript, shell: Almquist): Generator<Bashism> {
  for (const extension of script.extensions) {
    const bashism = bashismOf(run, script, extension, shell);
    if (bashism) yield bashism;
  }
  for (const command of script.commands) yield* commandBashisms(run, script, command, shell);
  if (shell !== "dash") return;
  for (const { name, range, operator } of script.variables) {
    if (!BASH_VARIABLES.test(name) || /^:?[-+=?]/.test(operator ?? "")) continue;
    const { stage, instruction } = run;
    if (!stage.isEnvironmentKnown && !/^(?:RANDOM|PIPESTATUS|BASH_SOURCE)$/.test(name)) continue;
    if (stage.environmentBefore(instruction).has(name) || stage.dockerfile.globalArguments.has(name)) continue;
    if (isSetBy(run, name)) continue;
    yield { at: range, says: `\`${name}\` is bash's, and empty in`, harm: "misleads" };
  }
}

// Tried with dash 0.5.12 (Debian 12); ash: BusyBox' shell/ash.c at 371fe9f (2024-04) with ASH_BASH_COMPAT, as Alpine builds it.
const BASH_VARIABLES = /^(?:RANDOM|PIPESTATUS|BASH_SOURCE|SECONDS|E?UID|OSTYPE|HOSTTYPE|MACHTYPE)$/;
const BASH_COMMANDS = /^(?:pushd|popd|shopt|declare|typeset|mapfile|readarray|compgen|coproc)$/;

type Harm = "syntax" | "fatal" | "unknown" | "literal" | "other" | undefined;

/** What each shell makes of it; `undefined`: it works, or that is not certain. */
const EXTENSIONS: Readonly<Record<ShellExtension["kind"], readonly [dash: Harm, ash: Harm]>> = {
  "[[": ["unknown", undefined],
  "((": ["unknown", "unknown"],
  "for ((": ["syntax", "syntax"],
  "$[": ["literal", undefined],
  "++": ["fatal", undefined],
  "**": ["fatal", undefined],
  select: ["syntax", "syntax"],
  coproc: ["unknown", undefined],
  function: ["syntax", undefined],
  array: ["syntax", "syntax"],
  "+=": ["unknown", "unknown"],
  "<<<": ["syntax", "syntax"],
  "&>": ["other", undefined],
  ">&": ["syntax", undefined],
  "{fd}": ["literal", undefined],
  "<()": ["syntax", undefined],
  "$''": ["literal", undefined],
  '$""': ["literal", undefined],
  "{,}": ["literal", "literal"],
  "|&": ["syntax", undefined],
  ";&": ["syntax", undefined],
  "@()": ["syntax", undefined],
  "$(<)": ["other", undefined],
  "${//}": ["fatal", undefined],
  "${:}": ["fatal", undefined],
  "${^}": ["fatal", "fatal"],
  "${@}": ["fatal", undefined],
  "${!}": ["fatal", "fatal"],
  "${[]}": ["fatal", "fatal"],
};

function bashismOf(run: Run, script: ShellScript, extension: ShellExtension, shell: Almquist): Bashism | undefined {
  const { kind, range, text } = extension;
  const effect = EXTENSIONS[kind][shell === "dash" ? 0 : 1];
  if (effect === undefined) return undefined;
  // Newer ones know it: POSIX has had it since 2024.
  if (kind === "$''" && !isOldDash(run)) return undefined;
  if (kind === "array" && !text.startsWith("("))
    return { at: range, says: `\`${text}\` is not an assignment in`, harm: "misleads" };
  if (kind === "{,}" && !isMeantAsBraces(script, extension)) return undefined;
  const code = `\`${text.includes("\n") || text.length > 30 ? kind : text.trim()}\``;
  const fix = simpleFix(run, extension);
  switch (effect) {
    case "syntax":
      return { at: range, says: `${code} is a syntax error in`, harm: "fails", fix };
    case "fatal":
      return { at: range, says: `${code} is an error in`, harm: isReached(script, range) ? "fails" : "misleads", fix };
    case "unknown":
      return {
        at: range,
        says: `${code} is bash's, and no command of`,
        harm: failsBuild(run, script, range) ? "fails" : "misleads",
        fix,
      };
    case "literal":
      return { at: range, says: `${code} is bash's, and only text to`, harm: "misleads", fix };
    default:
      return kind === "&>"
        ? {
            at: range,
            says: text.startsWith("&>>")
              ? "`&>>` is bash's: it starts the command in the background in"
              : "`&>` is bash's: it starts the command in the background and empties the file in",
            harm: "misleads",
            fix,
          }
        : { at: range, says: `${code} is bash's, and empty in`, harm: "misleads", fix };
  }
}

function* commandBashisms(run: Run, script: ShellScript, command: ShellCommand, shell: Almquist): Generator<Bashism> {
  const { name, args, words } = command;
  const [word] = words;
  if (name === undefined || !word) return;
  const isDash = shell === "dash";
  const harm = (): Bashism["harm"] => (failsBuild(run, script, command.range) ? "fails" : "misleads");
  if (name === "source" && isDash) {
    yield {
      at: word.range,
      says: "`source` is bash's, and no command of",
      harm: harm(),
      fix: sourceFix(word, args, harm()),
    };
  } else if (
    (BASH_COMMANDS.test(name) || (isDash && name === "let")) &&
    !/\b(?:pushd|popd|declare)\s*\(\)/.test(script.text.text)
  ) {
    yield { at: word.range, says: `\`${name}\` is bash's, and no command of`, harm: harm() };
  } else if (isDash && (name === "[" || name === "test")) {
    for (const operator of args) {
      if (operator.text !== "==") continue;
      yield {
        at: operator.range,
        says: "`==` is bash's, and an error in the `[` of",
        harm: "misleads",
        fix: unsafe("Write `=`", replace(operator, "=")),
      };
    }
  } else if (isDash && name === "echo" && /^-[neE]*[eE][neE]*$/.test(args[0]?.value ?? "")) {
    yield {
      at: args[0]!.range,
      says: `\`${args[0]!.value}\` is bash's, and part of what is printed by`,
      harm: "misleads",
      fix: echoFix(word, args),
    };
  } else if (isDash && name === "set" && isOldDash(run)) {
    const option = args.find(({ value }) => value === "pipefail");
    if (option)
      yield {
        at: option.range,
        says: "`pipefail` is an error in",
        harm: isReached(script, command.range) ? "fails" : "misleads",
      };
  } else if (isDash && name === "trap") {
    for (const signal of args.slice(1)) {
      const [, short] = /^SIG([A-Z]+\d*)$/.exec(signal.value ?? "") ?? [];
      if (short)
        yield {
          at: signal.range,
          says: `\`${signal.text}\` is no name of a signal in`,
          harm: "misleads",
          fix: unsafe(`Write \`${short}\``, replace(signal, short)),
        };
      else if (/^(?:ERR|DEBUG|RETURN)$/.test(signal.value ?? ""))
        yield { at: signal.range, says: `\`${signal.text}\` is no name of a signal in`, harm: "misleads" };
    }
  } else {
    const option = args.find(({ value = "" }) => optionsOf(name, shell)?.test(value));
    if (option) yield { at: option.range, says: `\`${name} ${option.text}\` is an error in`, harm: harm() };
  }
}

function optionsOf(name: string, shell: Almquist): RegExp | undefined {
  if (name === "export") return /^-\w*f/;
  if (name === "read") return shell === "dash" ? /^-[rp]*[aeinNstu]/ : /^-\w*[aeN]/;
  return name === "printf" && shell === "dash" ? /^-v/ : undefined;
}

function simpleFix(run: Run, { kind, range, text, word, context }: ShellExtension): Fix | undefined {
  const source = run.stage.dockerfile.text;
  if (source.slice(range.start, range.end) !== text) return undefined;
  switch (kind) {
    case "&>":
      return unsafe(
        `Write \`${text.startsWith("&>>") ? ">>" : ">"} ... 2>&1\``,
        remove({ start: range.start, end: range.start + 1 }),
        insertAfter(range, " 2>&1"),
      );
    case ">&":
      return unsafe(
        "Write `> ... 2>&1`",
        remove({ start: range.start + 1, end: range.start + 2 }),
        insertAfter(range, " 2>&1"),
      );
    case "|&":
      return unsafe("Write `2>&1 |`", replace(range, "2>&1 |"));
    case "$(<)":
      return unsafe(
        "Write `$(cat ...)`",
        replace({ start: range.start + 2, end: range.start + text.indexOf("<") + 1 }, "cat"),
      );
    case "function": {
      const [, blanks, name, parentheses] = /^function(\s+)([\w-]+)\s*(\(\s*\))?/.exec(source.slice(range.start)) ?? [];
      if (!name || blanks === undefined || /\n/.test(blanks)) return undefined;
      const start = range.start + text.length;
      const edits: Edit[] = [remove({ start: range.start, end: start + blanks.length })];
      if (!parentheses) edits.push(insertAfter({ start, end: start + blanks.length + name.length }, "()"));
      return safe(`Write \`${name}()\``, edits);
    }
    case "{,}": {
      const isAlone = /[\s]/.test(source[range.start - 1] ?? "") && /[\s;]/.test(source[range.end] ?? " ");
      const whole = word ?? (context === "list" && isAlone ? { range, text } : undefined);
      const expanded = whole && expandBraces(whole.text, text);
      return expanded ? unsafe("Write the words out", replace(whole, expanded)) : undefined;
    }
    default:
      return undefined;
  }
}

/** The words of `a{b,c}d`, when there is nothing else to expand. */
function expandBraces(word: string, braces: string): string | undefined {
  const at = word.indexOf(braces);
  const inner = braces.slice(1, -1);
  if (at === -1 || /[{}"'\\$`*?[\]~=]/.test(word.replace(braces, "") + inner)) return undefined;
  const range = /^(-?\d{1,3})\.\.(-?\d{1,3})$/.exec(inner);
  let parts = inner.split(",");
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (Math.abs(from - to) >= 20 || /^-?0\d/.test(range[1]!) || /^-?0\d/.test(range[2]!)) return undefined;
    const step = from <= to ? 1 : -1;
    parts = Array.from({ length: Math.abs(from - to) + 1 }, (_, index) => String(from + index * step));
  } else if (parts.length < 2) return undefined;
  return parts.map((part) => word.slice(0, at) + part + word.slice(at + braces.length)).join(" ");
}

/** Files, or numbers to count: not `{}` of `find`, nor what another program is to read (awk, JSON, `git@{1,2}`). */
function isMeantAsBraces(script: ShellScript, { range, text, context }: ShellExtension): boolean {
  if (!/^\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}$/.test(text)) return false;
  if (context === "list") return true;
  const command = script.commands.find((one) => one.words.some((word) => contains(word.range, range)));
  return /^(?:mkdir|touch|rm|rmdir|cp|mv|ln|chmod|chown|chgrp|install|ls|cat|tar|du|seq)$/.test(command?.name ?? "");
}

function sourceFix(word: ShellWord, args: readonly ShellWord[], harm: Bashism["harm"]): Fix | undefined {
  const [file, ...more] = args;
  // `.` passes no arguments on there.
  if (!file || more.length > 0) return undefined;
  const edits = [replace(word, ".")];
  // Without a slash, `.` looks in PATH only.
  if (!file.text.includes("/") && file.value === undefined) return undefined;
  if (!file.text.includes("/")) edits.push({ start: file.range.start, end: file.range.start, text: "./" });
  return (harm === "fails" ? safe : unsafe)("Write `.`", edits);
}

function echoFix(echo: ShellWord, args: readonly ShellWord[]): Fix | undefined {
  const [option, text, ...more] = args;
  if (!option || !text || more.length > 0 || !option.value?.includes("e") || option.value.includes("E"))
    return undefined;
  const format = option.value.includes("n") ? "'%b'" : "'%b\\n'";
  return unsafe(`Write \`printf ${format}\``, replace(echo, "printf"), replace(option, format));
}

/** The shell comes by, and what ends the shell ends the RUN. */
function isReached(script: ShellScript, range: Range): boolean {
  const command = script.commands.findLast((one) => contains(one.range, range));
  return command?.place === "chain" && command.pipeline === undefined;
}

/** What stands there is not found, and the RUN fails for it. */
function failsBuild(run: Run, script: ShellScript, range: Range): boolean {
  const item = script.items.find((one) => contains(one.range, range));
  if (!item || item.range.start !== range.start) return false;
  const operators = [item, ...script.items.slice(item.index + 1)].map(({ operator }) => operator);
  if (item.index === 0) operators.shift();
  return operators.every(
    (operator) => operator === "&&" || (operator !== "||" && operator !== "&" && run.stopsOnError(script)),
  );
}

/** One that is certain to know neither `pipefail` nor `$''`. */
function isOldDash({ stage }: Run): boolean {
  return /^(?:buster|bullseye|bookworm|1[0-2](?:\.\d+)?|18\.04|20\.04|22\.04|24\.04)$/.test(stage.base.release ?? "");
}
