import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { replace } from "./edit.ts";
import { partOf, readOptions } from "./options.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";
import { hostOf, isNear, isVerified, transferOptions } from "./transfer.ts";

export default defineRule({
  id: "cleartext-http",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["sonar/S5332"],
  fix: "unsafe",
  mentions: /http:/i,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      // What is compared with a checksum or a signature may come over any way.
      if (!FETCHES.test(command.program ?? "") || isVerified(run, command)) continue;
      for (const word of fetchedWords(command)) yield* inWord(run, word);
    }
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ADD" || instruction.flag("checksum")) continue;
        for (const { text, range } of instruction.arguments.slice(0, -1)) {
          const found = cleartext(text);
          if (found) yield finding(found, { start: range.start + found.start, end: range.start + found.end });
        }
      }
    }
  },
});

/** Programs that fetch what their arguments name, or remember it for that. */
const FETCHES =
  /^(?:curl|wget2?|aria2c|axel|fetch|git|svn|hg|bzr|pip[\d.]*|uv|poetry|npm|yarn|pnpm|gem|bundle|cargo|composer|rpm|yum|dnf|microdnf|zypper|yum-config-manager|helm|conda|mamba|luarocks|cpanm|nuget)$/;

const PROXIES = /^(?:-x|--proxy|--preproxy|--proxy-url|http-proxy|https-proxy|proxy)$/;

/** Without proxies, headers and data. */
function fetchedWords(command: Command): readonly ShellWord[] {
  const transfer = transferOptions(command);
  if (transfer) {
    const urls = transfer.options.filter(({ name }) => name === "--url" || name === "-i" || name === "--input-file");
    return [...transfer.operands, ...urls.map(({ valueWord, word }) => valueWord ?? word)];
  }
  const verb = command.args.find(({ value }) => !value?.startsWith("-"))?.value ?? "";
  if (command.program === "git" && !/^(?:clone|fetch|ls-remote|pull|remote|submodule)$/.test(verb)) return [];
  const { options, operands } = readOptions(command.args, new Set(["--proxy"]));
  if (operands.some(({ value }) => PROXIES.test(value ?? "") || /(?:^|\.)proxy$/.test(value ?? ""))) return [];
  const values = options.filter(({ name, value }) => !PROXIES.test(name) && value !== undefined);
  return [...operands, ...values.map(({ valueWord, word }) => valueWord ?? word)];
}

function* inWord(run: Run, word: ShellWord): Generator<Finding> {
  const found = cleartext(word.value ?? word.text);
  if (found) {
    yield finding(found, partOf(word, found.start, found.end));
    return;
  }
  const resolved = word.value === undefined ? run.resolve(word)[0] : undefined;
  const value = resolved?.value === undefined ? undefined : cleartext(resolved.value);
  if (value) yield { ...finding(value, word.range), fixes: [], refusal: "the address stands in a variable" };
}

interface Cleartext {
  readonly scheme: string;
  /** Of the scheme, with `://`. */
  readonly start: number;
  readonly end: number;
}

/** An address of the internet whose way nobody has closed; `undefined`: none, or its host is not known. */
function cleartext(text: string): Cleartext | undefined {
  const match = /(?<![\w.+-])(?:git\+|svn\+|hg\+)?((?:http|ftp|git):\/\/)([^\s"']+)/i.exec(text);
  if (!match) return undefined;
  const host = hostOf(match[2]!);
  if (host === undefined || isNear(host)) return undefined;
  const start = match.index + match[0].indexOf(match[1]!);
  return { scheme: match[1]!.toLowerCase(), start, end: start + match[1]!.length };
}

function finding({ scheme }: Cleartext, at: Range): Finding {
  return {
    at,
    message: `\`${scheme}\` is not encrypted: whoever is on the way can change what arrives`,
    ...(scheme === "ftp://"
      ? { refusal: "whether the server also speaks another protocol is not known" }
      : at.end - at.start === scheme.length
        ? {
            fixes: [assuming(unsafe("Use `https://`", replace(at, "https://")), "The server also answers over HTTPS.")],
          }
        : { refusal: "the address is put together from parts" }),
  };
}
