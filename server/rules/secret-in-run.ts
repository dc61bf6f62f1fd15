import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { classifyValue, isDummy } from "../model/secrets.ts";
import type { ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { named, type Options, optionNames, partOf, readOptions } from "./options.ts";
import { defineRule } from "./rule.ts";
import { transferOptions } from "./transfer.ts";

export default defineRule({
  id: "secret-in-run",
  category: "security",
  severity: "warning",
  weight: "critical",
  aliases: ["trivy/DS-0031", "sonar/S6437"],

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      if (run.mounts.some(({ type }) => type === "secret")) continue;
      for (const { value, range } of secretsOf(command)) {
        const kind = classifyValue(value);
        if (kind === "empty" || kind === "reference" || /^[!*]+$/.test(value)) continue;
        const isDefault = /^(?:placeholder|number|boolean)$/.test(kind) || isDummy(value, namesAround(run, range));
        const { isInImage } = run.stage;
        yield {
          at: range,
          message: isDefault
            ? `\`${command.program}\` is given a password that everybody knows`
            : `\`${command.program}\` is given a secret that stays in the ${isInImage ? "image's history" : "build's cache"}`,
          ...(isDefault || !isInImage ? { severity: "info", weight: isDefault ? "low" : "medium" } : {}),
          refusal:
            "somebody has to give the secret to the build: `docker build --secret`, and `RUN --mount=type=secret`",
        };
      }
    }
  },
});

/** The words beside it: a password that is the user's name is none. */
function namesAround(run: Run, { start }: Range): readonly string[] {
  return run.commands
    .flatMap(({ args }) => args)
    .filter(({ range }) => range.start !== start)
    .flatMap(({ value }) => value?.toLowerCase() ?? []);
}

interface Literal {
  readonly value: string;
  readonly range: Range;
}

function* secretsOf(command: Command): Generator<Literal> {
  const { program = "" } = command;
  const transfer = transferOptions(command);
  if (transfer) yield* ofTransfer(program, transfer);
  else if (Object.hasOwn(PASSWORD_OPTIONS, program)) yield* ofOptions(command, ...PASSWORD_OPTIONS[program]!);
  else if (/^(?:mysql\w*|mariadb(?:-\w+)*)$/.test(program)) yield* ofMysql(command);
  else if (program === "htpasswd") yield* lastOperand(command, optionNames("-C -r"), /^-\w*b/, 2);
  else if (program === "openssl" && command.args[0]?.value === "passwd")
    yield* lastOperand(command, optionNames("-salt -in -out"), /^passwd$/, 1);
  else yield* ofSubcommand(command);
}

function* ofTransfer(program: string, options: Options): Generator<Literal> {
  const users = program === "curl" ? named(options, "-u", "--user", "-U", "--proxy-user") : [];
  for (const { value, valueRange } of users) {
    // `user:`, `:token` and `user` alone
    const [, user, password] = /^([^:]*):(.+)$/s.exec(value ?? "") ?? [];
    if (password === undefined || !valueRange) continue;
    yield { value: password, range: tail(valueRange, value!, user!.length + 1) };
  }
  const passwords =
    program === "curl"
      ? named(options, "--oauth2-bearer", "--pass")
      : named(options, "--password", "--http-password", "--http-passwd", "--ftp-password", "--proxy-password");
  for (const { value, valueRange } of passwords) if (value && valueRange) yield { value, range: valueRange };
  for (const { value, valueRange, valueWord } of named(options, "-H", "--header", "--proxy-header")) {
    const match =
      /^\s*(?:(?:Proxy-)?Authorization:\s*(?:Bearer|Basic|Token|token)\s+|(?:PRIVATE-TOKEN|JOB-TOKEN|X-[\w-]*(?:Token|Api-Key)|Api-Key):\s*)(\S+)$/i.exec(
        value ?? "",
      );
    if (!match || !valueRange) continue;
    const start = match[0].length - match[1]!.length;
    yield { value: match[1]!, range: valueWord ? partOf(valueWord, start, match[0].length) : valueRange };
  }
}

/** Options with a password, and all that take a value. */
const PASSWORD_OPTIONS: Readonly<Record<string, readonly [passwords: string, valued: string]>> = {
  sshpass: ["-p", "-p -f -d -P"],
  useradd: [
    "-p --password",
    "-p --password -u --uid -g --gid -G --groups -d --home-dir -s --shell -c --comment -k --skel -e --expiredate -f --inactive -b --base-dir -K --key -R -P",
  ],
  usermod: [
    "-p --password",
    "-p --password -u --uid -g --gid -G --groups -d --home -s --shell -c --comment -l --login -e --expiredate -f --inactive",
  ],
  groupadd: ["-p --password", "-p --password -g --gid -K --key"],
};

function* ofOptions({ program, args }: Command, passwords: string, valued: string): Generator<Literal> {
  // Behind its own options, another program's follow.
  if (program === "sshpass") args = beforeOperand(args, optionNames(valued));
  for (const { value, valueRange } of named(readOptions(args, optionNames(valued)), ...passwords.split(" ")))
    if (value && valueRange) yield { value, range: valueRange };
}

function beforeOperand(args: readonly ShellWord[], valued: ReadonlySet<string>): readonly ShellWord[] {
  const end = args.findIndex(
    ({ value, text }, index) => !(value ?? text).startsWith("-") && !valued.has(args[index - 1]?.value ?? ""),
  );
  return end === -1 ? args : args.slice(0, end);
}

/** `-p` alone asks for it: a password stands in the same word. `mysqladmin password X` sets one. */
function* ofMysql({ program, args }: Command): Generator<Literal> {
  const verb = program?.endsWith("admin") ? args.findIndex(({ value }) => value === "password") : -1;
  const password = verb > 0 ? args[verb + 1] : undefined;
  if (password?.value) yield { value: password.value, range: password.range };
  for (const word of args) {
    const match = /^(?:-p|--password=)(.+)$/s.exec(word.value ?? "");
    if (match)
      yield { value: match[1]!, range: partOf(word, word.value!.length - match[1]!.length, word.value!.length) };
  }
}

/** The last of at least some operands, when an argument fits. */
function* lastOperand(
  { args }: Command,
  valued: ReadonlySet<string>,
  fits: RegExp,
  atLeast: number,
): Generator<Literal> {
  if (!args.some(({ value }) => fits.test(value ?? ""))) return;
  const isOption = ({ value, text }: ShellWord, index: number): boolean =>
    (value ?? text).startsWith("-") || valued.has(args[index - 1]?.value ?? "");
  const operands = args.filter((word, index) => !isOption(word, index));
  const last = operands.at(-1);
  if (last?.value && operands.length > atLeast) yield { value: last.value, range: last.range };
}

function* ofSubcommand({ program = "", args }: Command): Generator<Literal> {
  const words = args.filter(({ value, text }) => !(value ?? text).startsWith("-"));
  const [first, second, third] = words.map(({ value }) => value);
  const option = function* (names: string): Generator<Literal> {
    for (const { value, valueRange } of named(
      readOptions(args, optionNames(`${names} -u --username`)),
      ...names.split(" "),
    ))
      if (value && valueRange) yield { value, range: valueRange };
  };
  const word = function* (index: number): Generator<Literal> {
    const found = words[index];
    if (found?.value) yield { value: found.value, range: found.range };
  };
  switch (baseName(program)) {
    case "docker":
    case "podman":
    case "buildah":
    case "skopeo":
    case "crane":
    case "oras":
      if (first === "login") yield* option("-p --password");
      break;
    case "helm":
      if (first === "registry" && second === "login") yield* option("--password -p");
      if (first === "repo" && second === "add") yield* option("--password");
      break;
    case "az":
      if (first === "login") yield* option("-p --password --federated-token");
      break;
    case "doctl":
      if (first === "auth") yield* option("-t --access-token");
      break;
    case "aws":
      if (
        first === "configure" &&
        second === "set" &&
        /(?:^|\.)aws_(?:secret_access_key|session_token)$/.test(third ?? "")
      )
        yield* word(3);
      break;
    case "npm":
    case "pnpm":
    case "yarn":
      yield* ofNpm(words);
      break;
    case "poetry":
      if (first === "config" && third?.startsWith("pypi-token.")) yield* word(2);
      else if (first === "config" && second?.startsWith("pypi-token.")) yield* word(2);
      else if (first === "config" && second?.startsWith("http-basic.")) yield* word(3);
      break;
    case "composer":
      if (words.some(({ value }) => /^(?:github-oauth|gitlab-token|http-basic|bearer)\./.test(value ?? "")))
        yield* word(words.length - 1);
      break;
    default:
  }
}

const NPM_SECRET = /(?:^|:)(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent)$/;

/** `npm config set //registry.npmjs.org/:_authToken x`, or with `=` between. */
function* ofNpm(words: readonly ShellWord[]): Generator<Literal> {
  const set = words.findIndex(({ value }) => value === "set");
  if (set === -1) return;
  for (const [index, { value = "" }] of words.entries()) {
    if (index <= set) continue;
    const equals = value.indexOf("=");
    if (equals > 0 && NPM_SECRET.test(value.slice(0, equals)))
      yield { value: value.slice(equals + 1), range: partOf(words[index]!, equals + 1, value.length) };
    const next = words[index + 1];
    if (NPM_SECRET.test(value) && next?.value) yield { value: next.value, range: next.range };
  }
}

function tail(range: Range, value: string, from: number): Range {
  return range.end - range.start === value.length ? { start: range.start + from, end: range.end } : range;
}
