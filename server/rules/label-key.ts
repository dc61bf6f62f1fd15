import { defineRule } from "./rule.ts";

export default defineRule({
  id: "label-key",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: ["hadolint/DL3048"],
  enabled: false,

  *check({ stages }) {
    for (const { pairs, keyword } of stages.flatMap(({ instructions }) => instructions)) {
      if (keyword !== "LABEL") continue;
      for (const { key } of pairs) {
        const problem = key.value === "" || key.value.includes("$") ? undefined : problemOf(key.value);
        if (problem) yield { at: key.range, message: `The key \`${key.value}\` ${problem}` };
      }
    }
  },
});

/** https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations */
function problemOf(key: string): string | undefined {
  if (/^(?:com\.docker|io\.docker|org\.dockerproject)\./.test(key)) return "is in a name space that belongs to Docker";
  if (!/^[a-z]/.test(key) || !/[a-z0-9]$/.test(key))
    return "does not begin with a lower-case letter and end with one or a digit";
  if (/[^a-z0-9._/-]/.test(key)) return "has other characters than lower-case letters, digits, dots and dashes";
  return /\.\.|--/.test(key) ? "has two dots or dashes in a row" : undefined;
}
