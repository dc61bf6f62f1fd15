import { defineRule } from "./rule.ts";

export default defineRule({
  id: "nested-onbuild",
  category: "correctness",
  severity: "error",
  weight: "medium",
  aliases: ["hadolint/DL3043", "kics/from_or_maintainer_cannot_be_triggered_within_onbuild"],

  *check({ syntax }) {
    for (const { trigger } of syntax.instructions) {
      if (!trigger || !["ONBUILD", "FROM", "MAINTAINER"].includes(trigger.keyword)) continue;
      yield { at: trigger.keywordRange, message: `\`${trigger.keyword}\` cannot be a trigger` };
    }
  },
});
