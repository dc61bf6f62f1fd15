import { parseImage } from "../model/image.ts";
import { closest } from "../model/similar.ts";
import type { Variable } from "../syntax/parse.ts";
import { expand } from "../syntax/words.ts";
import { replace } from "./edit.ts";
import { changing, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "undefined-image-argument",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["buildkit/UndefinedArgInFrom"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check({ stages, globalArguments, syntax }) {
    for (const { index, from, imageWord } of stages) {
      const variables = [...(from.flag("platform")?.value?.variables ?? []), ...(imageWord?.variables ?? [])];
      for (const variable of variables.filter((one) => !globalArguments.has(one.name) && !hasDefault(one))) {
        const { name, nameRange, range } = variable;
        const inside = stages
          .slice(0, index)
          .flatMap(({ instructions }) => instructions)
          .flatMap(({ keyword, pairs }) => (keyword === "ARG" || keyword === "ENV" ? pairs : []))
          .find(({ key }) => key.value === name);
        const suggestion = closest(name, globalArguments.keys());
        const rest =
          imageWord &&
          expand(imageWord.text, syntax.escape, (one) =>
            globalArguments.has(one) ? globalArguments.get(one) : undefined,
          );
        const isRefused = rest !== undefined && rest !== "scratch" && !parseImage(rest);
        yield {
          ...(isRefused ? { severity: "error" } : {}),
          at: range,
          message: inside
            ? `\`${name}\` is set inside of a stage, and \`FROM\` sees only what is declared before the first one`
            : `\`${name}\` is not declared before the first \`FROM\`, so it is empty`,
          related: inside ? [{ at: inside.range, message: "where it is set" }] : [],
          fixes:
            suggestion && !inside
              ? [changing(unsafe(`Write \`${suggestion}\``, replace(nameRange, suggestion)), "images", "stages")]
              : [],
        };
      }
    }
  },
});

/** What follows is used as it is. */
function hasDefault({ operator }: Variable): boolean {
  return operator !== undefined && /^:?[-+?]$/.test(operator);
}
