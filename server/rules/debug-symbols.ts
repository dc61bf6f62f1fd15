import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { type BuildCommand, buildCommands, wordsOf } from "./build-command.ts";
import { insertAfter, insertBefore } from "./edit.ts";
import { manifest } from "./manifest.ts";
import { assuming, defineRule, type Edit, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "debug-symbols",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  judges: "stage",
  mentions: /\b(?:go|cargo|cmake|meson|gcc|g\+\+|cc|c\+\+|clang)\b/,

  *check({ stages, text }) {
    // Somebody debugs what is built here.
    if (/\b(?:dlv|delve|gdb|lldb|valgrind)\b/.test(text)) return;
    for (const stage of stages) {
      const commands = buildCommands(stage);
      if (commands.some(({ command }) => /(?:^|-)strip$|^upx$/.test(command.program ?? ""))) continue;
      for (const one of commands) {
        const found = one.command.shell ? symbolsOf(one) : undefined;
        if (found) yield findingOf(one.command, found);
      }
    }
  },
});

interface Symbols {
  /** What leaves them in: `go build`. */
  readonly name: string;
  readonly option: string;
  readonly edit: Edit;
  readonly assumption: string;
  /** It takes something that may be missed, and nothing from the score. */
  readonly isMatterOfTaste?: true;
}

function findingOf({ programWord, args }: Command, symbols: Symbols): Finding {
  const { name, option, edit, assumption, isMatterOfTaste } = symbols;
  const [first] = args;
  const end = name.includes(" ") && first ? first.range.end : programWord!.range.end;
  return {
    at: { start: programWord!.range.start, end },
    ...(isMatterOfTaste ? { weight: "none" } : {}),
    message: `\`${name}\` leaves in the program what only a debugger reads`,
    fixes: [assuming(unsafe(`Leave it out: \`${option}\``, edit), assumption)],
  };
}

const NO_DEBUGGER = "Nobody looks into the program with a debugger";

function symbolsOf(one: BuildCommand): Symbols | undefined {
  const { program = "" } = one.command;
  if (program === "go") return goSymbols(one);
  if (program === "cargo") return cargoSymbols(one);
  if (program === "cmake" || program === "meson") return installedSymbols(one);
  return /^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-\d+)?$/.test(program) ? linkedSymbols(one) : undefined;
}

/** https://pkg.go.dev/cmd/link: what a stack trace needs stays. */
function goSymbols(one: BuildCommand): Symbols | undefined {
  const { run, command } = one;
  const { args } = command;
  const words = wordsOf(one);
  const [verb] = args;
  if (!/^(?:build|install)$/.test(verb?.value ?? "") || hasVariable(run, /^(?:GOFLAGS|GO_LDFLAGS)$/)) return undefined;
  if (words.some((word) => /^-(?:race|msan|asan|cover|n|gcflags|buildmode)\b|.@|^\/dev\/null$/.test(word)))
    return undefined;
  const makesProgram = verb!.value === "install" || words.includes("-o") || !words.some((word) => word.includes("..."));
  // A word that may hold options.
  if (!makesProgram || args.some(({ value, text }) => value === undefined && /^["']?\$/.test(text))) return undefined;
  const option = "-s -w";
  const symbols = { name: `go ${verb!.value}`, assumption: `${NO_DEBUGGER}; its stack traces stay as they are.` };
  const index = args.findIndex(({ text }) => /^--?ldflags(?:=|$)/.test(text));
  if (index === -1) {
    const flag = `-ldflags="${option}"`;
    return { ...symbols, option: flag, edit: insertAfter(verb!, ` ${flag}`) };
  }
  const word = /=/.test(args[index]!.text) ? args[index] : args[index + 1];
  const place = word && valueIn(word);
  if (!place || /(?:^|\s)-(?:s|w)\b|linkmode/.test(place.text) || /(?:^|[^=\w}])[$`]/.test(place.text))
    return undefined;
  return { ...symbols, option, edit: insertBefore({ start: place.start, end: place.start }, `${option} `) };
}

/** What stands behind the quote that a word, or the value of its option, begins with. */
function valueIn({ text, range }: ShellWord): { readonly start: number; readonly text: string } | undefined {
  const found = /^(?:--?ldflags=)?["']/.exec(text)?.[0];
  return found === undefined || range.end - range.start !== text.length
    ? undefined
    : { start: range.start + found.length, text: text.slice(found.length, -1) };
}

/** https://doc.rust-lang.org/cargo/reference/profiles.html#strip: since 1.59; the variable is not known before, and does nothing. */
function cargoSymbols(one: BuildCommand): Symbols | undefined {
  const { run, command } = one;
  const words = wordsOf(one).filter((word) => !word.startsWith("+"));
  const isRelease = words.some((word) => /^(?:--release|-r)$/.test(word));
  const isInstall =
    words[0] === "install" && words.some((word) => /^--path(?:=|$)/.test(word)) && !words.includes("--debug");
  if (!isInstall && !(words[0] === "build" && isRelease)) return undefined;
  if (words.some((word) => /^--profile(?:=|$)|^--(?:tests?|examples?|bench(?:es)?|config)(?:=|$)/.test(word)))
    return undefined;
  if (hasVariable(run, /^(?:CARGO_PROFILE_.*|(?:CARGO_.*)?RUSTFLAGS|RUST_BACKTRACE)$/)) return undefined;
  const text = manifest(run.stage, "Cargo.toml");
  const profile = text && /^\s*\[profile\.release\]((?:(?!^\s*\[)[^\n]*\n?)*)/m.exec(text)?.[0];
  if (
    text === undefined ||
    /^\s*\[profile\.release\.|^\s*(?:strip|debug|split-debuginfo|inherits)\s*=/m.test(profile ?? "")
  )
    return undefined;
  if (command.wrappers.length > 0) return undefined;
  const option = "CARGO_PROFILE_RELEASE_STRIP=symbols";
  return {
    name: `cargo ${words[0]}`,
    option,
    edit: insertBefore(command.programWord!, `${option} `),
    assumption: `${NO_DEBUGGER}, and no backtrace of it needs the names of functions.`,
    isMatterOfTaste: true,
  };
}

/** CMake since 3.15 and Meson since 0.62 strip what they install: https://cmake.org/cmake/help/latest/manual/cmake.1.html#install-a-project */
function installedSymbols(one: BuildCommand): Symbols | undefined {
  const { command, run } = one;
  const { program = "", args } = command;
  const word = args.find(({ value }) => value === (program === "cmake" ? "--install" : "install"));
  const words = wordsOf(one);
  if (!word || words.includes("--strip") || (program === "meson" && args[0] !== word)) return undefined;
  // Where the build says that it wants them.
  const configured = run.stage.runs.flatMap(({ instruction }) => instruction.rest.text).join("\n");
  if (/BUILD_TYPE[=:\w]*=\W?(?:Debug|RelWithDebInfo)|buildtype[= ]\W?debug/i.test(configured)) return undefined;
  const before = program === "cmake" ? args[args.indexOf(word) + 1] : word;
  if (!before) return undefined;
  return {
    name: `${program} ${word.value}`,
    option: "--strip",
    edit: insertAfter(before, " --strip"),
    assumption: `${NO_DEBUGGER}, and nothing links to a static library that is installed.`,
  };
}

/** https://gcc.gnu.org/onlinedocs/gcc/Link-Options.html */
function linkedSymbols(one: BuildCommand): Symbols | undefined {
  const { run, command } = one;
  const words = wordsOf(one);
  if (!words.includes("-o") || hasVariable(run, /^[A-Z]*FLAGS$/)) return undefined;
  if (command.args.some(({ value, text }) => value === undefined && /^["']?[$`]/.test(text))) return undefined;
  if (
    words.some((word) =>
      /^-(?:c|S|E|s|r|shared|g\w*|p|pg|coverage|-coverage|rdynamic|fsanitize.*|Wl,.*)$|^@/.test(word),
    )
  )
    return undefined;
  return {
    name: command.program!,
    option: "-s",
    edit: insertAfter(command.programWord!, " -s"),
    assumption: `${NO_DEBUGGER}, and it does not print its own stack.`,
  };
}

function hasVariable({ stage, instruction, commands }: Run, name: RegExp): boolean {
  const assigned = commands.flatMap(({ shell }) => shell?.assignments ?? []);
  return [...stage.environmentBefore(instruction).keys(), ...assigned.map((one) => one.name)].some((one) =>
    name.test(one),
  );
}
