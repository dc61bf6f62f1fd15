import { BUILDKIT_FILE_NAMES, BUILDKIT_NAMES, HADOLINT_NAMES, RULE_NAMES } from "../model/data/rule-names.ts";
import { closest } from "../model/similar.ts";
import { readCheck, type Suppression, type SuppressedName, suppressionsOf, textStart } from "../model/suppressions.ts";
import type { Comment, Syntax } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { remove, replace } from "./edit.ts";
import { defineRule, type Edit, type Finding, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "ineffective-directive",
  category: "maintainability",
  severity: "warning",
  weight: "low",
  aliases: [],
  fix: "safe",

  *check({ syntax }) {
    const findings = [
      ...misplacedDirectives(syntax),
      ...checkOptions(syntax),
      ...suppressionsOf(syntax).flatMap((one) => [...inSuppression(one, syntax)]),
      ...misspeltComments(syntax),
    ];
    yield* findings;
  },
});
