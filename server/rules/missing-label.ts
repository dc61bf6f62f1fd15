import { labelsOf } from "./labels.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-label",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3049", "sonar/S7028"],
  judges: "stage",

  *check(dockerfile) {
    const stage = dockerfile.finalStage;
    const wanted = Object.keys(dockerfile.context.policy?.labels ?? {});
    if (!stage?.imageWord || wanted.length === 0) return;
    const own = stage.effective().filter(({ keyword }) => keyword === "LABEL");
    // A name that is not known could be any.
    if (own.some(({ pairs }) => pairs.some(({ key }) => key.variables.length > 0))) return;
    const present = new Set(
      [...labelsOf(dockerfile)].filter((label) => stage.lineage.includes(label.stage)).map(({ name }) => name),
    );
    for (const name of wanted.filter((one) => !present.has(one)))
      yield { at: stage.imageWord.range, message: `The image has no label \`${name}\`` };
  },
});
