import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { named } from "./options.ts";
import { INTERPRETERS, runsInput, SHELLS } from "./piped-program.ts";
import { defineRule } from "./rule.ts";
import { commandsIn, hostOf, isLocalTransfer, transferOptions, urlsOf } from "./transfer.ts";

export default defineRule({
  id: "pipe-to-shell",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: [],
  mentions: /curl|wget|fetch/i,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const piped = pipedDownload(run, command);
      const download = piped ?? substitutedDownload(run, command);
      if (!download || isLocalTransfer(run, download)) continue;
      const { range } = command.programWord!;
      yield {
        at: piped
          ? { start: piped.range.start, end: range.end }
          : { start: range.start, end: Math.max(range.end, download.range.end) },
        message: `\`${command.program}\` runs whatever the server sends in this moment`,
        refusal: adviceFor(run, download),
      };
    }
  },
});

/** `curl ... | sh`: the download that comes in through the pipe, if the command runs its input. */
function pipedDownload(run: Run, command: Command): Command | undefined {
  const { pipeline } = command.shell ?? {};
  if (!pipeline || !runsInput(command)) return undefined;
  return run.commands.find(
    (one) =>
      one.shell &&
      one.shell.place !== "substitution" &&
      pipeline.range.start <= one.range.start &&
      one.range.end <= command.range.start &&
      isDownload(one),
  );
}

/** `bash <(curl ...)`, `. <(curl ...)`, `sh -c "$(curl ...)"`, `eval "$(curl ...)"`. */
function substitutedDownload(run: Run, { program = "", args }: Command): Command | undefined {
  const isEvaluated = (text: string): boolean => /^["']?(?:\$\(|`)/.test(text);
  const word =
    program === "eval"
      ? args.find(({ text }) => isEvaluated(text))
      : SHELLS.test(program) && args.some(({ value }) => /^-\w*c$/.test(value ?? ""))
        ? args.find(({ text }) => isEvaluated(text))
        : SHELLS.test(program) || INTERPRETERS.test(program) || program === "source" || program === "."
          ? args.find(({ text }) => text.startsWith("<("))
          : undefined;
  return word && commandsIn(run, word).find(isDownload);
}

/** To its output, not to a file. */
function isDownload(command: Command): boolean {
  const options = transferOptions(command);
  if (!options) return command.program === "fetch";
  const files = named(options, "-o", "--output", "-O", "--remote-name", "--output-document");
  return command.program === "curl"
    ? files.every(({ value }) => value === "-")
    : files.some(({ value }) => value === "-" || value === "/dev/stdout");
}

/** Installers for which there is another way. */
const OTHER_WAYS: readonly (readonly [RegExp, string])[] = [
  [/^astral\.sh$/, "`COPY --from=ghcr.io/astral-sh/uv:<version> /uv /uvx /bin/` brings uv without a script"],
  [/^sh\.rustup\.rs$/, "the image `rust` has the toolchain"],
  [/^(?:deb|rpm)\.nodesource\.com$/, "the image `node` has Node.js, to build on or to copy from"],
  [/^bun\.sh$/, "the image `oven/bun` has Bun, to build on or to copy from"],
  [/^deno\.land$/, "the image `denoland/deno` has Deno, to build on or to copy from"],
  [/^getcomposer\.org$/, "`COPY --from=composer:2 /usr/bin/composer /usr/bin/` brings Composer without a script"],
  [/^get\.docker\.com$/, "`COPY --from=docker:<version>-cli /usr/local/bin/docker /usr/local/bin/` brings the client"],
];

function adviceFor(run: Run, download: Command): string {
  const hosts = urlsOf(run, download).map(({ value, text }) => hostOf(value ?? text) ?? "");
  const way = OTHER_WAYS.find(([pattern]) => hosts.some((host) => pattern.test(host)))?.[1];
  return (
    way ??
    "only the publisher can say which checksum is right: download to a file, compare with `sha256sum -c`, then run it"
  );
}
