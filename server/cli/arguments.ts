/** The arguments of the commands: one table, from which they are read and their help is written. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { Problem } from "./host.ts";
import { suggestion } from "./suggestion.ts";
import { wrap } from "./words.ts";

export interface Option {
  readonly name: string;
  readonly short?: string;
  /** What its value is called; absent: it takes none. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** It may be given several times. */
  readonly repeatable?: true;
  /** What it does; a sentence without full stop. */
  readonly description: string;
}

export interface Command {
  readonly name: string;
  /** What follows the name: `[paths...]`. */
  readonly usage: string;
  /** What it does; a sentence without full stop. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** How many operands it takes. */
  readonly operands: { readonly least: number; readonly most: number; readonly name: string };
  /** More to know, in lines. */
  readonly notes?: readonly string[];
}

/** What was given. */
export interface Arguments {
  readonly operands: readonly string[];
  /** The value of an option; `undefined`: it was not given. */
  value(option: string): string | undefined;
  /** The values of a repeatable option. */
  values(option: string): readonly string[];
  has(option: string): boolean;
}

export const HELP: Option = { name: "help", short: "h", description: "Show this help" };
export const VERSION: Option = { name: "version", short: "V", description: "Show the version" };

/** @throws a Problem that names the option or operand at fault. */
export function readArguments(command: Command, args: readonly string[]): Arguments {
  const options = [...command.options, HELP];
  const { values, positionals: operands } = parse(command, options, args);
  const given = new Map(Object.entries(values));
  for (const { name, choices } of options) {
    const value = given.get(name);
    if (choices && value !== undefined && !choices.includes(String(value)))
      throw new Problem(`--${name} takes one of ${choices.join(", ")}; not "${value}"`);
  }
  const { least, most, name } = command.operands;
  if (!given.has("help") && operands.length < least)
    throw new Problem(`${command.name} needs ${name}; \`plimsoll ${command.name} --help\` shows how it is used`);
  if (operands.length > most)
    throw new Problem(
      `${command.name} takes ${most === 0 ? `no ${name}` : `one ${name.replace(/^an? /, "")}`}; leave out "${operands[most]}"`,
    );
  return {
    operands,
    value: (option) => given.get(option) as string | undefined,
    values: (option) => (given.get(option) as string[] | undefined) ?? [],
    has: (option) => given.has(option),
  };
}

export function helpFor(command: Command): string {
  const lines = [`Usage: plimsoll ${command.name} ${command.usage}`.trimEnd(), "", `${command.summary}.`, ""];
  lines.push("Options:", ...describeOptions([...command.options, HELP]));
  if (command.notes) lines.push("", ...command.notes);
  return `${lines.join("\n")}\n`;
}

/** The options in two columns. */
export function describeOptions(options: readonly Option[]): readonly string[] {
  const rows = options.map((option) => [spell(option), describe(option)] as const);
  return twoColumns(rows);
}

/** How wide help is, in columns. */
const WIDTH = 100;

export function twoColumns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    wrap(right.split(" "), WIDTH - width - 4, ({ length }) => length).map(
      (line, index) => `  ${(index === 0 ? left : "").padEnd(width)}  ${line}`,
    ),
  );
}

function spell({ name, short, value }: Option): string {
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

function describe({ description, choices }: Option): string {
  return choices ? `${description}: ${choices.join(", ")}` : description;
}

function parse(command: Command, options: readonly Option[], args: readonly string[]) {
  const config: ParseArgsConfig["options"] & object = {};
  for (const { name, short, value, repeatable } of options)
    config[name] = {
      type: value ? "string" : "boolean",
      ...(short ? { short } : {}),
      ...(repeatable ? { multiple: true } : {}),
    };
  try {
    return parseArgs({ args: [...args], options: config, allowPositionals: true });
  } catch (error) {
    throw problemOf(command, options, error as NodeJS.ErrnoException);
  }
}

function problemOf(command: Command, options: readonly Option[], error: NodeJS.ErrnoException): Problem {
  const help = `\`plimsoll ${command.name} --help\` lists the options`;
  const unknown = /^Unknown option '(-{1,2}[^']*)'/.exec(error.message)?.[1];
  if (unknown !== undefined) {
    const near = suggestion(
      unknown,
      options.map(({ name }) => `--${name}`),
    );
    return new Problem(`${command.name} has no option ${unknown}; ${near ? `did you mean ${near}?` : help}`);
  }
  // Node's own sentences, such as "Option '--format <value>' argument missing".
  return new Problem(`${error.message.split(/\.?\n|\. /)[0]!.replace(/^O/, "o")}; ${help}`);
}
