/** A rule's `check`: a download does not ask the server who it is. Shared by `insecure-curl` and `insecure-wget`. */
import { named } from "./options.ts";
import { assuming, type Rule, unsafe } from "./rule.ts";
import { isLocalTransfer, removeOption, transferOptions } from "./transfer.ts";

export function insecureTransfers(programs: RegExp, options: Readonly<Record<string, string>>): Rule["check"] {
  return function* check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const given = programs.test(command.program ?? "") ? transferOptions(command) : undefined;
      if (!given || isLocalTransfer(run, command)) continue;
      for (const option of named(given, ...Object.keys(options))) {
        yield {
          at: option.range,
          message: `\`${option.name}\` takes the download from whoever answers: ${options[option.name]}`,
          fixes: [
            assuming(
              unsafe(`Remove \`${option.name}\``, removeOption(run, command, option)),
              "The server has a certificate that the image trusts: `ca-certificates` is installed.",
            ),
          ],
        };
      }
    }
  };
}
