import { insertBefore } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "multi-source-copy",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: ["hadolint/DL3021", "trivy/DS-0011", "kics/copy_with_more_than_two_arguments_not_ending_with_slash"],
  fix: "safe",

  *check(dockerfile) {
    for (const instruction of dockerfile.stages.flatMap((stage) => stage.instructions)) {
      const { keyword } = instruction;
      if (keyword !== "COPY" && keyword !== "ADD") continue;
      const words = instruction.arguments;
      if (words.length < 3 || instruction.heredocs.length > 0) continue;
      const destination = words.at(-1)!;
      // A directory by its form, or not known.
      if (/(?:^|[\\/])\.{0,2}$/.test(destination.value) || destination.value.includes("$")) continue;
      const { end } = destination.range;
      const isQuoted = /["']$/.test(destination.text);
      const place = isQuoted ? end - 1 : end;
      yield {
        at: destination.range,
        message: `Several files need a directory, and \`${destination.value}\` does not end with \`/\``,
        fixes: [safe("Add the slash", insertBefore({ start: place, end: place }, "/"))],
      };
    }
  },
});
