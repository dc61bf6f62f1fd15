/** Rules by the names that people give them. */
import { isNameOf } from "../lint/settings.ts";
import { RULES } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import { Problem } from "./host.ts";
import { suggestion } from "./suggestion.ts";

/** The rules of an id or alias, of which there is at least one. @throws a Problem when there is none. */
export function rulesNamed(name: string): readonly Rule[] {
  const found = RULES.filter((rule) => isNameOf(rule, name));
  if (found.length > 0) return found;
  const names = RULES.flatMap(({ id, aliases }) => [id, ...aliases, ...aliases.map(withoutTool)]);
  const near = suggestion(name, names);
  throw new Problem(`there is no rule "${name}"; ${near ? `did you mean ${near}?` : "`plimsoll rules` lists them"}`);
}

function withoutTool(alias: string): string {
  return alias.slice(alias.indexOf("/") + 1);
}
