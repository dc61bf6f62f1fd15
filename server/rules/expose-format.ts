import { replace } from "./edit.ts";
import { changing, defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "expose-format",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: ["buildkit/ExposeInvalidFormat"],
  fix: "safe",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "EXPOSE") continue;
        for (const word of instruction.arguments) {
          const port = stage.resolve(word, instruction);
          const colon = port?.lastIndexOf(":") ?? -1;
          // `:80` is read as `80`.
          if (port === undefined || colon <= 0) continue;
          const wanted = port.slice(colon + 1);
          const isPlain = word.text === port && wanted !== "";
          yield {
            at: word.range,
            message: `\`EXPOSE\` names a port of the container; addresses and ports of the host belong to \`docker run\``,
            ...(isPlain
              ? { fixes: [changing(safe(`Write \`${wanted}\``, replace(word, wanted)), "EXPOSE")] }
              : { refusal: "the port is made of variables or quotes" }),
          };
        }
      }
    }
  },
});
