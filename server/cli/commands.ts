/** What the command line offers: every command with its options. */
import { SETTINGS } from "../lint/settings.ts";
import { ENGINES } from "../measure/engine.ts";
import type { Command, Option } from "./arguments.ts";

export const FAIL_ON = ["error", "warning", "info", "hint", "never"] as const;
export const CHECK_FORMATS = ["text", "json", "sarif", "github"] as const;
const TEXT_OR_JSON = ["text", "json"] as const;

const RULES: Option = {
  name: "rules",
  value: "LIST",
  description: 'Run these rules alone, by id or by another tool\'s name, with commas between; or "all"',
};
const PRESET: Option = {
  name: "preset",
  value: "NAME",
  choices: choicesOf("preset"),
  description: "Which rules are on",
};
const ROLE: Option = {
  name: "role",
  value: "ROLE",
  choices: choicesOf("role").map((role) => role.replace(" ", "-")),
  description: "What the Dockerfiles make; a base image is not rated for what only an application needs",
};
const CONFIG: Option = {
  name: "config",
  value: "FILE",
  description:
    "Read this configuration, as hadolint's if its name says so, instead of the .plimsoll.yaml and .hadolint.yaml nearby",
};
const CONTEXT: Option = {
  name: "context",
  value: "DIR",
  description: "The build context, where .dockerignore and manifests are looked for (default: the Dockerfile's folder)",
};
const STDIN_PATH: Option = {
  name: "stdin-path",
  value: "NAME",
  description: "The path that standard input is shown under and looked at as",
};
const NO_COLOR: Option = {
  name: "no-color",
  description: "No colours (also with NO_COLOR=1, and where no terminal is)",
};
const FORMAT: Option = { name: "format", value: "FORMAT", choices: TEXT_OR_JSON, description: "How it is printed" };

const EXCEPT: Option = {
  name: "except",
  value: "LIST",
  repeatable: true,
  description: "Leave out the fixes of these rules, named as for --rules",
};

export const CHECK: Command = {
  name: "check",
  usage: "[paths...]",
  summary: "Report what is wrong with Dockerfiles, and their score",
  operands: { least: 0, most: Number.POSITIVE_INFINITY, name: "paths" },
  options: [
    { ...FORMAT, choices: CHECK_FORMATS },
    RULES,
    {
      name: "fail-on",
      value: "SEVERITY",
      choices: FAIL_ON,
      description: "Exit with 1 when a finding is at least this severe (default: warning)",
    },
    {
      name: "min-score",
      value: "N",
      description: "Exit with 1 when the overall score of a file, as it is shown, is under N (0 to 10)",
    },
    PRESET,
    ROLE,
    CONFIG,
    CONTEXT,
    STDIN_PATH,
    { name: "no-shellcheck", description: "Do not ask ShellCheck, which is asked where it is installed" },
    { name: "quiet", short: "q", description: "Print the findings alone: no scores, no summary" },
    NO_COLOR,
  ],
  notes: [
    "A path is a file, which is checked whatever its name; a folder, in which Dockerfiles are looked for, except where",
    ".gitignore has them ignored; or `-`, standard input. Without paths: the current folder.",
    "What `ignore` in a .plimsoll.yaml names is left alone.",
    "",
    "Exit code: 0; 1 findings at or above --fail-on, or a score under --min-score; 2 something could not run.",
  ],
};

export const RATE: Command = {
  name: "rate",
  usage: "FILE",
  summary: "Explain the score of a Dockerfile: every lost point, and what its fix would give back",
  operands: { least: 1, most: 1, name: "a file" },
  options: [FORMAT, RULES, PRESET, ROLE, CONFIG, CONTEXT, STDIN_PATH, NO_COLOR],
};

export const FIX: Command = {
  name: "fix",
  usage: "FILE...",
  summary: "Repair Dockerfiles in place",
  operands: { least: 1, most: Number.POSITIVE_INFINITY, name: "a file" },
  options: [
    { name: "unsafe", description: "Also apply the fixes that may change what the image does; look at the result" },
    { name: "diff", description: "Print what would change, as a unified diff, and write nothing" },
    {
      name: "explain",
      description: "Say of each change why it is made and what it takes for granted, and of what is left why",
    },
    EXCEPT,
    RULES,
    PRESET,
    ROLE,
    CONFIG,
    CONTEXT,
    STDIN_PATH,
    NO_COLOR,
  ],
  notes: ["With `-`, standard input is repaired and printed, and nothing else is."],
};

export const MEASURE: Command = {
  name: "measure",
  usage: "FILE",
  summary: "Build a Dockerfile as it is and with every fix, and compare the sizes of the images",
  operands: { least: 1, most: 1, name: "a file" },
  options: [
    FORMAT,
    { name: "engine", value: "NAME", choices: ENGINES, description: "What builds (default: the first that answers)" },
    CONTEXT,
    {
      name: "build-arg",
      value: "NAME=VALUE",
      repeatable: true,
      description: "The value of an ARG, as for the engine; without a value, that of the environment",
    },
    {
      name: "secret",
      value: "id=ID,src=FILE",
      repeatable: true,
      description: "What a secret mount gets, as for the engine",
    },
    { name: "target", value: "STAGE", description: "The stage that is built (default: the last)" },
    { name: "network", value: "MODE", description: "The network of RUN, as for the engine: host, none, ..." },
    { name: "timeout", value: "MINUTES", description: "End a build that takes longer (default: 30)" },
    EXCEPT,
    RULES,
    PRESET,
    ROLE,
    STDIN_PATH,
    NO_COLOR,
  ],
  notes: [
    "Runs what the Dockerfile says, twice: only for Dockerfiles that you trust. The images are removed afterwards; what the",
    "engine keeps in its build cache stays.",
  ],
};

export const LIST_RULES: Command = {
  name: "rules",
  usage: "",
  summary: "List the rules",
  operands: { least: 0, most: 0, name: "operands" },
  options: [FORMAT, NO_COLOR],
};

export const EXPLAIN: Command = {
  name: "explain",
  usage: "RULE",
  summary: "Explain a rule, named by its id or by what another tool calls it: root-user, DL3002, trivy/DS-0002",
  operands: { least: 1, most: 1, name: "a rule" },
  options: [NO_COLOR],
};

export const LSP: Command = {
  name: "lsp",
  usage: "--stdio",
  summary: "Serve an editor over the Language Server Protocol",
  operands: { least: 0, most: 0, name: "operands" },
  options: [
    { name: "stdio", description: "Over standard input and output, which is the only way and the default" },
    { name: "clientProcessId", value: "ID", description: "Given by editors; not used" },
  ],
};

export const COMMANDS: readonly Command[] = [CHECK, RATE, FIX, MEASURE, LIST_RULES, EXPLAIN, LSP];

function choicesOf(key: "preset" | "role"): readonly string[] {
  return SETTINGS.find((setting) => setting.key === key)!.schema["enum"] as readonly string[];
}
