import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { secretName } from "../model/secrets.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "leaked-secret-mount",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: [],
  mentions: /secret|token|passw|npmrc|netrc|credential/i,

  *check(dockerfile) {
    for (const run of dockerfile.runs) {
      const secrets = secretsOf(run);
      for (const command of run.commands) {
        const written = writtenFile(run, command, secrets);
        if (written === undefined || !isKept(run, command, written)) continue;
        yield {
          at: command.range,
          message: `The secret is written to \`${written}\`, which stays in the ${run.stage.isInImage ? "image" : "build's cache"}`,
          ...(run.stage.isInImage ? {} : { severity: "info", weight: "low" }),
          refusal:
            "what reads the file has to do so in this `RUN`: the `target` of a secret mount can be the place where it looks",
        };
      }
    }
  },
});

interface Secrets {
  /** Paths of mounted files. */
  readonly files: readonly string[];
  readonly variables: ReadonlySet<string>;
}

function secretsOf(run: Run): Secrets {
  const files: string[] = [];
  const variables = new Set<string>();
  for (const { type, options, target } of run.mounts) {
    if (type !== "secret") continue;
    const variable = options.get("env");
    if (variable) variables.add(variable);
    if (target ?? !variable) files.push(target ?? `/run/secrets/${options.get("id")}`);
  }
  // What ENV holds is in the image anyway.
  const given = run.stage.effective(run.instruction).filter(({ keyword }) => keyword === "ARG");
  for (const { key } of given.flatMap(({ pairs }) => pairs)) if (secretName(key.value)) variables.add(key.value);
  // `TOKEN=$(cat /run/secrets/token)`, with or without `export`
  const text = run.scripts.map((script) => script.text.text).join("\n");
  for (const [, name, value] of text.matchAll(/\b([A-Za-z_]\w*)=["']?(?:\$\(|`)\s*(?:cat|<)\s*([^)`]+)/g))
    if (files.some((file) => value!.includes(file))) variables.add(name!);
  return { files, variables };
}

/** Programs whose output is what they are given. */
const PASSING = /^(?:cat|echo|printf|base64|tee|tr|head|tail|sed|envsubst|xargs)$/;

/** Programs that keep what they are told in a file of the user, by how they are told. */
const CONFIGURING: readonly (readonly [command: RegExp, file: string])[] = [
  [/^(?:npm|pnpm) (?:config |c )?set /, "~/.npmrc"],
  // Yarn 1: https://classic.yarnpkg.com/en/docs/cli/config
  [/^yarn config set /, "~/.yarnrc"],
  [/^git config (?:set )?--global /, "~/.gitconfig"],
  [/^pip[\d.]* config (?:--user )?set /, "~/.config/pip/pip.conf"],
  [/^poetry config (?!--local)/, "~/.config/pypoetry"],
  [/^composer (?:config (?:-g|--global)|global config) /, "~/.composer"],
  [/^bundle config (?!.*--local)/, "~/.bundle/config"],
];

/** The file that a command writes a secret to; `undefined`: none, or not known which. */
function writtenFile(run: Run, command: Command, secrets: Secrets): string | undefined {
  const { program = "", args, shell } = command;
  if (!shell) return undefined;
  const words = [program, ...args.map(({ value, text }) => value ?? text)].join(" ");
  const configured = CONFIGURING.find(([pattern]) => pattern.test(words));
  if (configured) return reads(run, shell, secrets) ? configured[1] : undefined;
  if (program === "cp" || program === "install") {
    const operands = args.filter(({ text }) => !text.startsWith("-"));
    const isSecret = operands.slice(0, -1).some(({ value }) => value !== undefined && secrets.files.includes(value));
    return isSecret ? fileOf(operands.at(-1)?.value ?? operands.at(-1)?.text) : undefined;
  }
  if (!PASSING.test(program)) return undefined;
  const redirect = shell.redirects.find(({ operator }) => /^(?:>|>>|>\|)$/.test(operator));
  const tee = program === "tee" ? args.find(({ text }) => !text.startsWith("-")) : undefined;
  const target = tee ?? redirect?.target;
  const file = fileOf(target?.value ?? target?.text);
  if (file === undefined) return undefined;
  const before = shell.pipeline
    ? shell.pipeline.commands.slice(0, shell.pipeline.commands.indexOf(shell) + 1)
    : [shell];
  const isPassed = (from: number): boolean => before.slice(from).every(({ name }) => PASSING.test(name ?? ""));
  return before.some((one, index) => reads(run, one, secrets) && isPassed(index)) ? file : undefined;
}

function reads(run: Run, command: Command["shell"] & object, { files, variables }: Secrets): boolean {
  const names = run.scripts.flatMap((script) => script.variables);
  const hasVariable = (from: number, to: number): boolean =>
    names.some(({ name, range }) => variables.has(name) && from <= range.start && range.end <= to);
  return (
    command.args.some(
      ({ value, text, range }) =>
        files.some((file) => value === file || (value === undefined && text.includes(file))) ||
        hasVariable(range.start, range.end),
    ) || command.redirects.some(({ operator, target }) => operator === "<" && files.includes(target?.value ?? ""))
  );
}

/** A path that stays in the layer, as far as its text says. */
function fileOf(text: string | undefined): string | undefined {
  const path = text?.replace(/["']/g, "");
  if (path === undefined || path === "-" || /^\/(?:dev|proc|sys)\//.test(path)) return undefined;
  return /[$`*?]/.test(path.replace(/^(?:\$HOME|\$\{HOME\}|~)(?=\/)/, "")) ? undefined : path;
}

/** Nothing takes it away again in the same RUN, and no mount lies there. */
function isKept(run: Run, command: Command, file: string): boolean {
  // `npm config delete`, `git config --global --unset`, `bundle config unset`
  const isTakenBack = run.commands.some(
    ({ program, args, range }) =>
      program === command.program &&
      range.start > command.range.start &&
      args.some(({ text }) => /^(?:--)?(?:delete|rm|unset(?:-all)?|remove-section)$/.test(text)),
  );
  if (isTakenBack) return false;
  if (run.mounts.some(({ target }) => target !== undefined && (file === target || file.startsWith(`${target}/`))))
    return false;
  const { text } = run.stage.dockerfile;
  const after = text.slice(command.range.end, run.instruction.range.end);
  const whole = text.slice(run.instruction.range.start, run.instruction.range.end);
  const name = file.slice(file.lastIndexOf("/") + 1);
  const folder = file.slice(0, file.lastIndexOf("/"));
  const removals = [
    ...after.matchAll(/\b(?:rm|shred|unlink|truncate)\b[^&|;]*/g),
    ...whole.matchAll(/\btrap\b[^&|]*/g),
  ].map(([match]) => match);
  return !removals.some(
    (removal) => removal.includes(name) || (folder !== "" && removal.includes(folder)) || /[$*]/.test(removal),
  );
}
