import { removeWord } from "./edit.ts";
import { octal } from "./file-mode.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "owned-executable",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["sonar/S6504", "kics/chown_flag_exists"],
  enabled: false,
  strict: true,
  fix: "unsafe",
  concerns: "image",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        const flag = /^(?:COPY|ADD)$/.test(instruction.keyword) ? instruction.flag("chown") : undefined;
        const owner = flag?.value && stage.resolve(flag.value, instruction)?.split(":")[0];
        if (!flag || !owner || /^(?:root|0+)$/.test(owner)) continue;
        const mode = instruction.flag("chmod")?.value;
        const digits = mode && octal(stage.resolve(mode, instruction) ?? "");
        // The owner may not write, or that is not known.
        if (mode && (!digits || (digits[1] & 2) === 0)) continue;
        const words = instruction.arguments.map((word) => stage.resolve(word, instruction) ?? "");
        const isProgram = words.slice(0, -1).some((path) => /\.(?:sh|bash|bin|run|exe|elf)$/.test(path));
        const isSystem = /^\/(?:usr\/(?:local\/)?)?s?bin(?:\/|$)/.test(words.at(-1) ?? "");
        if (!isProgram && !isSystem) continue;
        yield {
          at: flag.range,
          message: `\`${owner}\` may change the program that it runs`,
          fixes: [
            assuming(
              unsafe("Leave the files to root", removeWord(dockerfile.syntax, flag)),
              "The file may be read and run by everybody: `--chmod=755`.",
            ),
          ],
        };
      }
    }
  },
});
