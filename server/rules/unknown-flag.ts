import { isDockerFrontend } from "../model/frontend.ts";
import { closest } from "../model/similar.ts";
import { removeWord, replace } from "./edit.ts";
import { changing, defineRule, unsafe } from "./rule.ts";

/** The flags of each instruction; those of which the value may be left out end with `?`. https://docs.docker.com/reference/dockerfile/ */
const FLAGS: Readonly<Record<string, string>> = {
  ADD: "keep-git-dir? chown chmod link? checksum exclude unpack?",
  COPY: "from chown chmod link? parents? exclude",
  FROM: "platform",
  HEALTHCHECK: "interval timeout start-period start-interval retries",
  RUN: "mount network security device",
};
const REPEATABLE = new Set(["mount", "exclude", "device"]);

export default defineRule({
  id: "unknown-flag",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check({ syntax, stages }) {
    if (!isDockerFrontend(syntax)) return;
    for (const { keyword, flags } of stages.flatMap((stage) => [stage.from, ...stage.instructions])) {
      const known = FLAGS[keyword]?.split(" ") ?? [];
      const names = known.map((name) => name.replace("?", ""));
      for (const [index, flag] of flags.entries()) {
        // `--` alone ends the flags.
        if (flag.name === "") continue;
        if (!names.includes(flag.name)) {
          const suggestion = closest(flag.name, names);
          const fixes = suggestion
            ? [changing(unsafe(`Write \`--${suggestion}\``, replace(flag.nameRange, suggestion)), "images")]
            : [];
          yield { at: flag.nameRange, message: `\`${keyword}\` has no flag \`--${flag.name}\``, fixes };
        } else if (!flag.value && known.includes(flag.name)) {
          yield { at: flag.range, message: `\`--${flag.name}\` needs a value: \`--${flag.name}=...\`` };
        } else if (!REPEATABLE.has(flag.name) && flags.slice(0, index).some(({ name }) => name === flag.name)) {
          yield {
            at: flag.range,
            message: `\`--${flag.name}\` is given twice, which the builder refuses`,
            fixes: [changing(unsafe("Delete the second one", removeWord(syntax, flag)), "images")],
          };
        }
      }
    }
  },
});
