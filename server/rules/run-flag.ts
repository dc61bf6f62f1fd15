/** A rule's `check`: a flag of RUN takes a wall of the build away. Shared by `insecure-run` and `host-network-run`. */
import { removeWord } from "./edit.ts";
import { assuming, type Rule, unsafe } from "./rule.ts";

export function runFlags(name: string, value: string, message: string, assumption: string): Rule["check"] {
  return function* check(dockerfile) {
    for (const { instruction } of dockerfile.runs) {
      for (const flag of instruction.flags) {
        if (flag.name !== name || flag.value?.value.toLowerCase() !== value) continue;
        yield {
          at: flag.range,
          message,
          fixes: [assuming(unsafe(`Remove \`--${name}=${value}\``, removeWord(dockerfile.syntax, flag)), assumption)],
        };
      }
    }
  };
}
