/** The options of a command, read as the program itself reads them: bundles of letters, `--name=value`, values of their own. */
import type { ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";

export interface Option {
  /** With its dashes: `-k`, `--insecure`. */
  readonly name: string;
  /** `undefined`: it has none, or it is not known. */
  readonly value: string | undefined;
  /** As it is written; `undefined`: it has none. */
  readonly valueText: string | undefined;
  /** The letter, the name, or the whole word where the text does not tell; with its value where that stands in the same word. */
  readonly range: Range;
  readonly valueRange: Range | undefined;
  readonly word: ShellWord;
  /** The word of its value, when that is the next one. */
  readonly valueWord: ShellWord | undefined;
  /** Other letters stand in the same word. */
  readonly bundled: boolean;
}

export interface Options {
  readonly options: readonly Option[];
  /** What is neither an option nor an option's value. */
  readonly operands: readonly ShellWord[];
}

/** @param valued those that take a value, by name: `-o --output`. */
export function readOptions(args: readonly ShellWord[], valued: ReadonlySet<string>): Options {
  const options: Option[] = [];
  const operands: ShellWord[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const plain = word.value ?? word.text.replace(/["']/g, "");
    if (plain === "--") {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!/^-./.test(plain)) {
      operands.push(word);
      continue;
    }
    const next = args[i + 1];
    if (plain.startsWith("--")) {
      const equals = plain.indexOf("=");
      const name = equals === -1 ? plain : plain.slice(0, equals);
      const takesNext = equals === -1 && valued.has(name) && next !== undefined;
      options.push(
        equals === -1
          ? optionOf(name, word, { start: 0, end: plain.length }, takesNext ? next : undefined, false)
          : attached(name, word, plain, equals + 1, false),
      );
      if (takesNext) i++;
      continue;
    }
    for (let j = 1; j < plain.length; j++) {
      const name = `-${plain[j]}`;
      const bundled = plain.length > 2;
      if (!valued.has(name)) {
        options.push(
          optionOf(name, word, bundled ? { start: j, end: j + 1 } : { start: 0, end: 2 }, undefined, bundled),
        );
        continue;
      }
      if (j + 1 < plain.length) options.push(attached(name, word, plain, j + 1, j > 1));
      else if (next === undefined) options.push(optionOf(name, word, { start: j, end: j + 1 }, undefined, bundled));
      else {
        options.push(optionOf(name, word, bundled ? { start: j, end: j + 1 } : { start: 0, end: 2 }, next, bundled));
        i++;
      }
      break;
    }
  }
  return { options, operands };
}

/** The options of these names, in order. */
export function named({ options }: Options, ...names: readonly string[]): readonly Option[] {
  return options.filter(({ name }) => names.includes(name));
}

export function optionNames(names: string): ReadonlySet<string> {
  return new Set(names.split(" "));
}

/** The part of a word, given by indexes into what it says; the whole word where quotes or escapes hide the place. */
export function partOf(word: ShellWord, start: number, end: number): Range {
  const plain = word.value ?? word.text;
  const shift =
    word.text === plain ? 0 : word.text.length === plain.length + 2 && word.text.slice(1, -1) === plain ? 1 : -1;
  if (shift < 0 || word.range.end - word.range.start !== word.text.length) return word.range;
  return { start: word.range.start + shift + start, end: word.range.start + shift + end };
}

function optionOf(
  name: string,
  word: ShellWord,
  part: Range,
  valueWord: ShellWord | undefined,
  bundled: boolean,
): Option {
  return {
    name,
    value: valueWord?.value,
    valueText: valueWord?.text,
    range: partOf(word, part.start, part.end),
    valueRange: valueWord?.range,
    word,
    valueWord,
    bundled,
  };
}

function attached(name: string, word: ShellWord, plain: string, from: number, bundled: boolean): Option {
  return {
    name,
    value: word.value === undefined ? undefined : plain.slice(from),
    valueText: plain.slice(from),
    range: word.value === undefined ? word.range : partOf(word, bundled ? from - 1 : 0, plain.length),
    valueRange: word.value === undefined ? word.range : partOf(word, from, plain.length),
    word,
    valueWord: undefined,
    bundled,
  };
}
