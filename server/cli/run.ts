/** The command line: arguments in, output and exit code out. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { findPackageRoot, readVersion } from "../context/pages.ts";
import { type Command, describeOptions, HELP, helpFor, readArguments, twoColumns, VERSION } from "./arguments.ts";
import { COMMANDS } from "./commands.ts";
import { type ExitCode, FAILURE, SUCCESS } from "./exit.ts";
import { type Host, Problem, reportProblem } from "./host.ts";
import { suggestion } from "./suggestion.ts";

/** Never fails: what goes wrong is told on standard error. */
export async function run(args: readonly string[], host: Host): Promise<ExitCode> {
  try {
    return await dispatch(args, host);
  } catch (error) {
    reportProblem(host, error);
    return FAILURE;
  }
}

async function dispatch([name, ...args]: readonly string[], host: Host): Promise<ExitCode> {
  if (name === undefined) {
    host.complain(overview());
    return FAILURE;
  }
  if (name === "--help" || name === "-h") return print(host, overview());
  if (name === "help" && args.length === 0) return print(host, overview());
  if (name === "--version" || name === "-V") return print(host, `${readVersion(findPackageRoot(host.entry))}\n`);
  const command = findCommand(name === "help" ? args[0]! : name, host);
  if (name === "help") return print(host, helpFor(command));
  const given = readArguments(command, args);
  if (given.has("help")) return print(host, helpFor(command));
  // Help does not wait for the rules to load.
  const { IMPLEMENTATIONS } = await import("./implementations.ts");
  return IMPLEMENTATIONS[command.name]!(given, given.has("no-color") ? { ...host, isColored: false } : host);
}

function print(host: Host, text: string): ExitCode {
  host.print(text);
  return SUCCESS;
}

function findCommand(name: string, host: Host): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command) return command;
  if (existsSync(resolve(host.directory, name)))
    throw new Problem(`"${name}" is not a command; to check it: plimsoll check ${name}`);
  const near = suggestion(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  throw new Problem(
    `"${name}" is not a command; ${near ? `did you mean ${near}?` : "`plimsoll --help` lists the commands"}`,
  );
}

function overview(): string {
  const lines = [
    "Usage: plimsoll COMMAND [OPTIONS]",
    "",
    "Says what is wrong with a Dockerfile, what it costs, and repairs it.",
    "",
    "Commands:",
    ...twoColumns(COMMANDS.map(({ name, usage, summary }) => [`${name} ${usage}`.trimEnd(), summary])),
    "",
    "Options:",
    ...describeOptions([HELP, VERSION]),
    "",
    "`plimsoll COMMAND --help` lists the options of a command.",
  ];
  return `${lines.join("\n")}\n`;
}
