import { labelsOf } from "./labels.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "empty-label",
  category: "maintainability",
  severity: "warning",
  weight: "low",
  aliases: ["hadolint/DL3051"],

  *check(dockerfile) {
    const wanted = dockerfile.context.policy?.labels ?? {};
    for (const { name, pair, value } of labelsOf(dockerfile)) {
      if (value?.trim() === "" && Object.hasOwn(wanted, name))
        yield { at: pair.range, message: `The label \`${name}\` is empty` };
    }
  },
});
