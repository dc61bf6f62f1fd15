import { defineRule } from "./rule.ts";

export default defineRule({
  id: "inline-ignore",
  category: "maintainability",
  severity: "info",
  weight: "none",
  aliases: ["hadolint/DL1001"],
  enabled: false,

  *check({ syntax }) {
    for (const { text, range } of syntax.comments) {
      if (!/^(?:hadolint\s+ignore\s*=\s*[A-Z]|plimsoll\s+ignore\s+[a-z]|check\s*=\s*(?:\S*;)?skip=)/i.test(text))
        continue;
      yield { at: range, message: "This comment hides findings" };
    }
  },
});
