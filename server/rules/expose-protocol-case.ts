import { replace } from "./edit.ts";
import { changing, defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "expose-protocol-case",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/ExposeProtoCasing"],
  fix: "safe",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "EXPOSE") continue;
        for (const word of instruction.arguments) {
          const protocol = stage.resolve(word, instruction)?.split("/")[1];
          if (protocol === undefined || protocol === protocol.toLowerCase()) continue;
          const isWritten =
            word.text.endsWith(`/${protocol}`) && word.range.end - word.range.start === word.text.length;
          const at = isWritten ? { start: word.range.end - protocol.length, end: word.range.end } : word.range;
          const wanted = protocol.toLowerCase();
          yield {
            at,
            message: `The protocol \`${protocol}\` is not in lower case`,
            ...(isWritten
              ? { fixes: [changing(safe(`Write \`${wanted}\``, replace(at, wanted)), "EXPOSE")] }
              : { refusal: "a variable holds it" }),
          };
        }
      }
    }
  },
});
