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
  assumes: "Every server that is asked speaks TLS 1.2 or later.",
  mentions: /ssl|tls/i,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const options = transferOptions(command);
      if (!options || isLocalTransfer(run, command)) continue;
      for (const option of named(options, ...WEAK)) {
        // The value decides, where there is one.
        if (option.valueText !== undefined && !/^(?:1\.[01]|SSLv[23]|TLSv1(?:_[01])?)$/i.test(option.value ?? ""))
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

/** curl(1), wget(1) */
const WEAK = ["-2", "-3", "--sslv2", "--sslv3", "--tlsv1.0", "--tlsv1.1", "--tls-max", "--secure-protocol"];

function remedy(run: Run, command: Command, option: Option): Pick<Finding, "fixes"> {
  if (option.name.startsWith("--tlsv"))
    return { fixes: [unsafe("Use `--tlsv1.2`", replace(option.range, "--tlsv1.2"))] };
  return { fixes: [unsafe(`Remove \`${option.name}\``, removeOption(run, command, option))] };
}
