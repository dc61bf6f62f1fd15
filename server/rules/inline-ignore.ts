import { suppressionsOf } from "../model/suppressions.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "inline-ignore",
  category: "maintainability",
  severity: "info",
  weight: "none",
  aliases: ["hadolint/DL1001"],
  enabled: false,

  *check({ syntax }) {
    const isForFile = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
      start === 0 && end > syntax.text.length;
    const suppressions = suppressionsOf(syntax).filter(({ reach }) => !reach.some(isForFile));
    const comments = new Map(suppressions.map(({ range }) => [range.start, range]));
    for (const range of comments.values()) yield { at: range, message: "This comment hides findings" };
  },
});
