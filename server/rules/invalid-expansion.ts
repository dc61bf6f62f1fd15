import { isDockerFrontend, typedInstruction } from "../model/frontend.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { DEEPEST_EXPANSION } from "../syntax/words.ts";
import { insertBefore } from "./edit.ts";
import { type Contract, changing, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "invalid-expansion",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check({ syntax, text }) {
    if (!isDockerFrontend(syntax)) return;
    const typed = typedInstruction(syntax);
    for (const outer of syntax.instructions) {
      if (outer === typed) continue;
      const instruction = outer.trigger ?? outer;
      for (const word of expandedWords(instruction)) {
        const problem = word.text.includes("${") ? new Reader(word.text, syntax.escape).read() : undefined;
        if (problem) yield toFinding(text, instruction, word, problem);
      }
    }
  },
});

/** What the builder expands: the `Expand` methods of frontend/dockerfile/instructions/commands.go, FROM, and ARG. */
function expandedWords(instruction: Instruction): readonly Word[] {
  const { keyword, rest, flags, json } = instruction;
  switch (keyword) {
    case "ENV":
    case "LABEL":
    case "ARG":
      return instruction.pairs.flatMap(({ key, value }) => (value ? [key, value] : [key]));
    case "FROM":
      return instruction.arguments.slice(0, 1);
    case "COPY":
    case "ADD":
      // The quotes of a flag are gone before it is expanded.
      return [
        ...flags.flatMap(({ name, value }) => (value && /^ch(?:own|mod)$/.test(name) ? [value] : [])),
        ...(json ? [] : instruction.arguments),
      ].filter((word) => !word.text.startsWith("<<"));
    case "EXPOSE":
    case "VOLUME":
      return json ? [] : instruction.arguments;
    case "STOPSIGNAL":
    case "USER":
    case "WORKDIR":
      return [instruction.word(rest, { start: 0, end: rest.text.length })];
    default:
      return [];
  }
}

function toFinding(source: string, { keyword }: Instruction, { text, range }: Word, problem: Problem): Finding {
  const isExact = source.slice(range.start, range.end) === text;
  const locate = (part: Range): Range =>
    isExact ? { start: range.start + part.start, end: range.start + part.end } : range;
  const { message, at, brace } = problem;
  if (brace === undefined || !isExact) return { at: locate(at), message };
  const fix = unsafe("Add the brace", insertBefore(locate({ start: brace, end: brace }), "}"));
  const contract = CONTRACTS[keyword];
  return { at: locate(at), message, fixes: [contract ? changing(fix, contract) : fix] };
}

const CONTRACTS: Readonly<Record<string, Contract>> = {
  ENV: "ENV",
  LABEL: "LABEL",
  FROM: "images",
  EXPOSE: "EXPOSE",
  VOLUME: "VOLUME",
  STOPSIGNAL: "STOPSIGNAL",
  USER: "USER",
  WORKDIR: "WORKDIR",
};

interface Problem {
  readonly message: string;
  readonly at: Range;
  /** Where the missing brace was meant to be. */
  readonly brace?: number;
}

const NAME = /[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?$!-]|/uy;

/** Reads a word as BuildKit's frontend/dockerfile/shell/lex.go does, up to what it refuses. */
class Reader {
  readonly #text: string;
  readonly #escape: string;
  #at = 0;
  #depth = 0;
  #problem: Problem | undefined;

  constructor(text: string, escape: string) {
    this.#text = text;
    this.#escape = escape;
  }

  /** `undefined`: nothing is wrong, or a template or an open quote makes it unclear. */
  read(): Problem | undefined {
    if (/\{\{|<%|%[%{]|@@/.test(this.#text)) return undefined;
    this.#readTo(undefined);
    return this.#problem;
  }

  /** @returns whether it came to `stop`; `false`: it can go no further. */
  #readTo(stop: string | undefined): boolean {
    const text = this.#text;
    while (this.#at < text.length) {
      const char = text[this.#at]!;
      if (char === stop) {
        this.#at++;
        return true;
      }
      if (char === "'") {
        const end = text.indexOf("'", this.#at + 1);
        if (end === -1) return false;
        this.#at = end + 1;
      } else if (char === '"') {
        if (!this.#readQuoted()) return false;
      } else if (char === "$") {
        if (!this.#readDollar()) return false;
      } else this.#at += char === this.#escape ? 2 : 1;
    }
    return stop === undefined;
  }

  #readQuoted(): boolean {
    const text = this.#text;
    for (this.#at++; this.#at < text.length; ) {
      const char = text[this.#at]!;
      const next = text[this.#at + 1];
      if (char === '"') {
        this.#at++;
        return true;
      }
      if (char === "$") {
        if (!this.#readDollar()) return false;
      } else this.#at += char === this.#escape && (next === '"' || next === "$" || next === this.#escape) ? 2 : 1;
    }
    return false;
  }

  #readDollar(): boolean {
    if (this.#depth === DEEPEST_EXPANSION) return false;
    this.#depth++;
    const isRead = this.#readVariable();
    this.#depth--;
    return isRead;
  }

  #readVariable(): boolean {
    const text = this.#text;
    const start = this.#at;
    const isBraced = text[start + 1] === "{";
    NAME.lastIndex = start + (isBraced ? 2 : 1);
    const name = NAME.exec(text)![0];
    const end = start + (isBraced ? 2 : 1) + name.length;
    this.#at = end;
    if (!isBraced) return true;
    const modifier = text[end];
    if (name === "" && modifier !== undefined && /[}:]/.test(modifier))
      return this.#fail("Between the braces, a variable's name is missing", start, end + 1);
    this.#at = end + 1;
    switch (modifier) {
      case "}":
        return true;
      case ":": {
        const second = text[end + 1];
        this.#at++;
        if (!this.#readTo("}")) return this.#open(start, end);
        return second !== undefined && /[-+?#%]/.test(second)
          ? true
          : this.#unknown(start, end, text.slice(end, end + 2));
      }
      case "+":
      case "-":
      case "?":
      case "#":
      case "%":
        return this.#readTo("}") || this.#open(start, end);
      case "/":
        if (text[this.#at] === "/") this.#at++;
        return (this.#readTo("/") && this.#readTo("}")) || this.#open(start, end);
      default:
        return modifier === undefined || /["']/.test(modifier)
          ? this.#open(start, end)
          : this.#unknown(start, end, modifier);
    }
  }

  /** No brace closes it, or a quote inside is open. */
  #open(start: number, nameEnd: number): false {
    if (this.#problem) return false;
    const text = this.#text;
    const rest = text.slice(start);
    if (!rest.includes("}")) {
      const isName = nameEnd > start + 2 && /^(?:$|["'/.])/.test(text.slice(nameEnd));
      const at = { start, end: nameEnd };
      const message = `No brace closes \`${text.slice(start, nameEnd)}\``;
      this.#problem = isName ? { message, at, brace: nameEnd } : { message, at };
    } else if (
      text[nameEnd] === "/" &&
      /^[^"'\\`$/{]*\}/.test(text.slice(nameEnd + (text[nameEnd + 1] === "/" ? 2 : 1)))
    ) {
      return this.#fail(
        "A replacement needs a second slash: `${name/pattern/replacement}`",
        start,
        start + rest.indexOf("}") + 1,
      );
    }
    return false;
  }

  #unknown(start: number, nameEnd: number, modifier: string): false {
    const close = this.#text.indexOf("}", nameEnd);
    const name = this.#text.slice(start + 2, nameEnd);
    const message = /^[!#]$/.test(name)
      ? `The builder has no \`\${${name}...}\`, which is of a shell`
      : `The builder has no \`${modifier}\` behind the name of a variable`;
    return this.#fail(message, start, close === -1 ? nameEnd : close + 1);
  }

  #fail(message: string, start: number, end: number): false {
    this.#problem ??= { message, at: { start, end } };
    return false;
  }
}
