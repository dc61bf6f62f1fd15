import type { Stage } from "../model/stage.ts";
import type { Instruction, KeyValue } from "../syntax/parse.ts";
import { isForDevelopment } from "./development-image.ts";
import { removeInstruction, removeWord, replace } from "./edit.ts";
import { changing, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "debug-mode",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["sonar/S4507"],
  fix: "unsafe",
  assumes: "The image runs in production: nobody debugs in it.",
  concerns: "container",
  judges: "stage",

  *check({ finalStage, context }) {
    if (!finalStage || isForDevelopment(finalStage, context.path)) return;
    const settings = finalStage
      .effective()
      .filter(({ keyword }) => keyword === "ENV")
      .flatMap((instruction) => instruction.pairs.map((pair) => ({ instruction, pair })));
    for (const [index, { instruction, pair }] of settings.entries()) {
      const name = pair.key.value;
      // The last one counts.
      if (settings.slice(index + 1).some((later) => later.pair.key.value === name)) continue;
      const value = pair.value && finalStage.expand(pair.value.text, instruction);
      const kind = value === undefined ? undefined : kindOf(name, value);
      if (!kind) continue;
      yield {
        at: pair.range,
        message:
          kind === "environment"
            ? `\`${name}\` runs the container as on a developer's machine: with details in its errors, and without what makes it fast`
            : `\`${name}\` has the container tell about its inside, or open a debugger`,
        ...remedy(finalStage, instruction, pair, kind),
      };
    }
  },
});

const ENVIRONMENTS =
  /^(?:NODE_ENV|FLASK_ENV|RAILS_ENV|RACK_ENV|APP_ENV|DJANGO_ENV|SYMFONY_ENV|ASPNETCORE_ENVIRONMENT|DOTNET_ENVIRONMENT|MIX_ENV|GIN_MODE|HANAMI_ENV|CI_ENVIRONMENT)$/;

/** What each calls the other one. */
const PRODUCTION: readonly (readonly [RegExp, string])[] = [
  [/^GIN_MODE$/, "release"],
  [/^(?:ASPNETCORE|DOTNET)_/, "Production"],
  [/^(?:MIX|SYMFONY)_/, "prod"],
  [/^/, "production"],
];

function kindOf(name: string, value: string): "environment" | "switch" | undefined {
  if (ENVIRONMENTS.test(name)) return /^(?:dev|development|debug)$/i.test(value) ? "environment" : undefined;
  if (name === "XDEBUG_MODE") return /(?:^|,)debug(?:,|$)/i.test(value) ? "switch" : undefined;
  if (!/(?:^|_)DEBUG$/.test(name) && !/^(?:PYTHONASYNCIODEBUG|WERKZEUG_DEBUG_PIN)$/.test(name)) return undefined;
  return /^(?:1|true|yes|on)$/i.test(value) ? "switch" : undefined;
}

function remedy(
  stage: Stage,
  instruction: Instruction,
  pair: KeyValue,
  kind: "environment" | "switch",
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax } = stage.dockerfile;
  const { value } = pair;
  if (kind === "environment" && value) {
    if (value.variables.length > 0) return { refusal: "the value comes from a variable" };
    const name = PRODUCTION.find(([pattern]) => pattern.test(pair.key.value))![1];
    return { fixes: [changing(unsafe(`Set it to \`${name}\``, replace(value, name)), "ENV")] };
  }
  const isOnly = instruction.pairs.length === 1;
  if (isOnly && instruction.comments.length > 0) return { refusal: "a comment would be lost" };
  const edit = isOnly ? removeInstruction(syntax, instruction) : removeWord(syntax, pair);
  return { fixes: [changing(unsafe(`Remove \`${pair.key.value}\``, edit), "ENV")] };
}
