import { judgedInstructions } from "../model/frontend.ts";
import { closest } from "../model/similar.ts";
import { replace } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

/** As BuildKit has it: frontend/dockerfile/instructions/commands_runnetwork.go, commands_runsecurity.go. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  network: ["default", "none", "host"],
  security: ["sandbox", "insecure"],
};

export default defineRule({
  id: "invalid-run-flag-value",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    for (const instruction of judgedInstructions(dockerfile)) {
      if (instruction.keyword !== "RUN") continue;
      for (const { name, value, range } of instruction.flags) {
        const values = VALUES[name];
        // A template may stand there.
        if (!values || !value || values.includes(value.value) || /\{\{|<|%[%{]|@@/.test(value.value)) continue;
        const at = value.value === "" ? range : value.range;
        if (value.variables.length > 0) {
          yield { at, message: `Variables are not expanded in \`--${name}\`` };
          continue;
        }
        const listed = values.map((one) => `\`${one}\``).join(values.length > 2 ? ", " : " or ");
        const meant = closest(value.value, values);
        yield {
          at,
          message: `\`--${name}\` cannot be \`${value.value}\`: it is ${listed.replace(/, (?=[^,]*$)/, " or ")}`,
          fixes: meant === undefined ? [] : [unsafe(`Write \`${meant}\``, replace(value, meant))],
        };
      }
    }
  },
});
