import { closest } from "../model/similar.ts";
import { replace } from "./edit.ts";
import { labelsOf } from "./labels.ts";
import { changing, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "superfluous-label",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3050"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    const { labels, strictLabels } = dockerfile.context.policy ?? {};
    if (!strictLabels || !labels) return;
    const wanted = Object.keys(labels);
    for (const { name, pair } of labelsOf(dockerfile)) {
      if (wanted.includes(name)) continue;
      const near = closest(name, wanted);
      yield {
        at: pair.key.range,
        message: `The label \`${name}\` is none of those that the configuration allows`,
        fixes: near === undefined ? [] : [changing(unsafe(`Write \`${near}\``, replace(pair.key, near)), "LABEL")],
      };
    }
  },
});
