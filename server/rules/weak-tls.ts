import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { replace } from "./edit.ts";
import { named, type Option } from "./options.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";
import { isLocalTransfer, removeOption, transferOptions } from "./transfer.ts";

export default defineRule({
  id: "weak-tls",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["sonar/S4423"],
  fix: "unsafe",

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const options = transferOptions(command);
      if (!options || isLocalTransfer(run, command)) continue;
      for (const option of command.program === "curl"
        ? named(options, "--sslv2", "--sslv3", "-2", "-3", "--tlsv1.0", "--tlsv1.1", "--tls-max")
        : named(options, "--secure-protocol")) {
        const weak = option.value ?? option.name.replace(/^-+/, "");
        if (
          option.value !== undefined
            ? !/^(?:default|1\.[01]|SSLv[23]|TLSv1(?:_[01])?)$/i.test(weak) || weak === "default"
            : option.valueText !== undefined
        )
          continue;
        yield {
          at: option.range,
          message: `\`${option.name}\` allows a version of TLS that is broken, or makes it the only one`,
          ...remedy(run, command, option),
        };
      }
    }
  },
});

function remedy(run: Run, command: Command, option: Option): Pick<Finding, "fixes"> {
  if (option.name.startsWith("--tlsv"))
    return {
      fixes: [
        unsafe(
          "Use `--tlsv1.2`",
          replace(
            option.range,
            command.shell || option.range.start > option.word.range.start ? "--tlsv1.2" : '"--tlsv1.2"',
          ),
        ),
      ],
    };
  return { fixes: [unsafe(`Remove \`${option.name}\``, removeOption(run, command, option))] };
}
