import type { Rule } from "../server/rules/rule.ts";

/** The line of facts under the title of a rule's page. */
export function factsLine(rule: Rule): string {
  const parts = [`\`${rule.id}\``, rule.category, rule.severity, rule.fix ? `${rule.fix} fix` : "no fix"];
  if (rule.refactoring) parts.push("a refactoring, offered in the editor");
  else if (rule.enabled === false) parts.push(rule.strict ? "off by default, on in `strict`" : "off by default");
  return [...parts, ...rule.aliases].join(" · ");
}
