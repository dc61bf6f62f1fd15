import { defineRule } from "./rule.ts";

export default defineRule({
  id: "todo-comment",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: ["sonar/S1135"],
  enabled: false,

  *check({ syntax }) {
    for (const { text, range } of syntax.comments) {
      const mark = /\b(?:TODO|FIXME|XXX)\b/i.exec(text)?.[0];
      if (mark) yield { at: range, message: `Something is left to do (\`${mark}\`)` };
    }
  },
});
