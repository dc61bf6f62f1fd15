import { replace } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "numbered-stage-reference",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["kics/using_unnamed_build_stages"],
  fix: "safe",
  judges: "stage",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const reference of stage.sourceReferences) {
        const { instruction, name, range } = reference;
        const target = /^\d+$/.test(name) && !instruction.onbuild ? dockerfile.findSource(reference, stage) : undefined;
        if (!target) continue;
        const isUnique = target.name && dockerfile.findStage(target.name.value, stage) === target;
        yield {
          at: range,
          message: `The stage \`${name}\` is another one as soon as a stage is added above it`,
          related: [{ at: target.from.range, message: "the stage" }],
          ...(isUnique
            ? { fixes: [safe(`Write \`${target.name!.value}\``, replace(range, target.name!.value))] }
            : { refusal: "the stage has no name of its own" }),
        };
      }
    }
  },
});
