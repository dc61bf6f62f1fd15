import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { insertArguments, insertBefore } from "./edit.ts";
import { named } from "./options.ts";
import { assuming, defineRule, type Fix, unsafe } from "./rule.ts";
import { isLocalTransfer, transferOptions, urlsOf } from "./transfer.ts";

export default defineRule({
  id: "unnoticed-http-error",
  category: "correctness",
  severity: "info",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  mentions: /curl/,

  *check(dockerfile) {
    // A file of settings may say it for all.
    if (/curlrc/.test(dockerfile.text)) return;
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "curl" || !takesPages(run, command)) continue;
      yield {
        at: command.programWord!.range,
        message: "When the server answers with an error, `curl` takes the page that says so for what was wanted",
        fixes: [repair(command)],
      };
    }
  },
});

/** What fails for errors, asks for more than a file, or says by itself what to do about them. */
const OTHERWISE = [
  ...["-f", "--fail", "--fail-with-body", "-I", "--head", "-w", "--write-out", "-K", "--config", "-V", "--version"],
  ...["-X", "--request", "-T", "--upload-file", "-F", "--form", "-d", "--data", "--data-binary", "--data-raw"],
  ...["--data-urlencode", "--json", "-i", "--include", "-D", "--dump-header", "-h", "--help", "-v", "--verbose"],
];

function takesPages(run: Run, command: Command): boolean {
  const options = transferOptions(command);
  const status = command.shell?.status;
  if (!options || status === "condition" || status === "forgiven") return false;
  if (named(options, ...OTHERWISE).length > 0 || isLocalTransfer(run, command)) return false;
  const urls = urlsOf(run, command).map(({ value, text }) => (value ?? text).replace(/^["']/, ""));
  // A variable alone may be an option, or any kind of address.
  return urls.length > 0 && urls.every((url) => /^https?:/i.test(url));
}

function repair(command: Command): Fix {
  const [first] = command.args;
  // `-sSL` gets the letter.
  const bundle = command.shell && first && /^-[a-zA-Z#]+$/.test(first.text) ? first : undefined;
  const at = bundle && { start: bundle.range.start + 1, end: bundle.range.start + 1 };
  const fix =
    bundle && at
      ? unsafe(`Write \`-f${bundle.text.slice(1)}\``, insertBefore(at, "f"))
      : unsafe("Add `-f`", insertArguments(command, command.programWord!, "-f"));
  return assuming(fix, "No answer that the build takes today is an error: it stops the build now.");
}
