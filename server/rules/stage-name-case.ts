import type { Dockerfile } from "../model/dockerfile.ts";
import type { Stage } from "../model/stage.ts";
import type { Range } from "../syntax/text.ts";
import { replace } from "./edit.ts";
import { changing, defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "stage-name-case",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["buildkit/StageNameCasing"],
  fix: "safe",
  judges: "stage",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const { name, from } = stage;
      if (!name || from.arguments.length !== 3) continue;
      const wanted = name.value.toLowerCase();
      if (name.value === wanted) continue;
      const places = [name.range, ...references(dockerfile, stage)].filter(
        ({ start, end }) => dockerfile.text.slice(start, end) !== wanted && end - start === wanted.length,
      );
      yield {
        at: name.range,
        message: `The stage name \`${name.value}\` is not in lower case, as the builder reads it`,
        fixes: [
          changing(
            safe(
              places.length === 1 ? `Write \`${wanted}\`` : `Write \`${wanted}\` everywhere`,
              places.map((place) => replace(place, wanted)),
            ),
            "stages",
            "images",
          ),
        ],
      };
    }
  },
});

/** Where the stage is named again. */
function references(dockerfile: Dockerfile, stage: Stage): Range[] {
  return dockerfile.stages.slice(stage.index + 1).flatMap((later) => {
    const base = later.parent === stage && later.imageWord?.variables.length === 0 ? [later.imageWord.range] : [];
    const sources = later.sourceReferences.filter(
      // A trigger names the stages of another file.
      ({ instruction, name }) =>
        !instruction.onbuild && dockerfile.findStage(name, later) === stage && !/^\d/.test(name),
    );
    return [...base, ...sources.map(({ range }) => range)];
  });
}
