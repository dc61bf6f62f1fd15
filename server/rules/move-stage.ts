/** A stage that others need moves above them. Shared by `later-stage` and `unknown-copy-source`. */
import type { Stage } from "../model/stage.ts";
import { commentBlockAbove, insertBefore, lineOf, remove } from "./edit.ts";
import { assuming, type Contract, changing, type Finding, unsafe } from "./rule.ts";

/** The fix that moves a stage above another one, or why it cannot be. */
export function movingStage(later: Stage, above: Stage): Pick<Finding, "fixes" | "refusal"> {
  const { dockerfile } = later;
  const { stages } = dockerfile;
  const name = later.name!.value;
  if (later.isFinal) return { refusal: `\`${name}\` is the last stage, which is what is built` };
  const needed = later.sourceReferences.map((reference) => dockerfile.findSource(reference, later));
  if ([later.parent, ...needed].some((stage) => stage && stage.index >= above.index))
    return { refusal: `\`${name}\` itself needs a stage that does not stand above this one` };
  const isCounted = stages.some((stage) =>
    stage.sourceReferences.some(({ name: source, kind }) => kind === "copy" && /^\d+$/.test(source)),
  );
  if (isCounted) return { refusal: "stages are referred to by their numbers, which would change" };
  const place = { start: startOf(later), end: startOf(stages[later.index + 1]!) };
  const at = startOf(above);
  return {
    fixes: [
      assuming(
        changing(
          unsafe(
            `Move the stage \`${name}\` above this one`,
            insertBefore({ start: at, end: at }, dockerfile.text.slice(place.start, place.end)),
            remove(place),
          ),
          "stages",
          "images",
          ...INHERITED.filter((name) => later.lineage.some((one) => one.last(name) !== undefined)),
        ),
        `No image called \`${name}\` is meant.`,
      ),
    ],
  };
}

/** What the stages that name it get from it, at last. */
const INHERITED: readonly Contract[] = [
  ...(["USER", "CMD", "ENTRYPOINT", "EXPOSE", "VOLUME", "WORKDIR"] as const),
  ...(["HEALTHCHECK", "STOPSIGNAL", "ENV", "LABEL"] as const),
];

/** Where the lines of a stage begin, with the comments that speak of it. */
function startOf({ dockerfile, from }: Stage): number {
  const [first] = commentBlockAbove(dockerfile.syntax, from);
  return lineOf(dockerfile.text, first ? first.start : from.range.start).start;
}
