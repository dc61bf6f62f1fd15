/** Starting a Python program from its project's environment, without `uv run`, `poetry run` and their like in front of it. */
import type { Stage } from "../model/stage.ts";
import { replace } from "./edit.ts";
import type { Edit } from "./rule.ts";
import type { Runner, Start } from "./start-program.ts";

/** The tool that stands between the container and the program. */
export function projectRunner({ runners }: Start): Runner | undefined {
  return runners.find(({ name, words }) => /^(?:uv|poetry|pipenv|pdm|hatch|rye)$/.test(name) && words.length > 1);
}

export interface Unwrapped {
  readonly edit: Edit;
  /** How the program is started then. */
  readonly label: string;
}

/** The command without the tool, or why it cannot be without it. */
export function withoutRunner(start: Start, { words }: Runner): Unwrapped | string {
  const at = start.words.indexOf(words[0]!);
  const next = start.words[at + words.length];
  if (!start.word || start.name === undefined || next?.value === undefined) return "what it runs is not known";
  const [first] = start.instructions;
  if (start.instructions.length > 1 && (next.range.start < first!.range.start || first!.range.end < next.range.end))
    return "the rest of the command stands in another instruction";
  // `uv run -m`, `--with`: they say what to run, and with what. A plain word is an option's value.
  const isHarmless = /^--(?:no-dev|frozen|locked|no-sync|offline|quiet|isolated)$|^-q$|^--$/;
  if (words.slice(2).some(({ value }) => value === undefined || !isHarmless.test(value)))
    return "its options say what to run, too";
  const isScript = /\.py$/.test(next.value);
  const python = start.isExec ? '"python", ' : "python ";
  const name = isScript && start.isExec ? JSON.stringify(next.value) : next.text;
  const shown = start.words.slice(at + words.length, start.words.indexOf(start.word) + 1).map(({ value }) => value);
  return {
    edit: replace({ start: words[0]!.range.start, end: next.range.end }, `${isScript ? python : ""}${name}`),
    label: `${isScript ? "python " : ""}${shown.join(" ")}`,
  };
}

/** The environment's programs are found by their names. */
export function isOnPath(stage: Stage, environment: string): boolean {
  return stage
    .effective()
    .filter((instruction) => instruction.keyword === "ENV")
    .some((instruction) =>
      instruction.pairs.some(({ key, value }) => {
        if (key.value !== "PATH" || !value) return false;
        const folders = value.text.replace(/^["']|["']$/g, "").split(":");
        return (
          folders.some((folder) => stage.expand(folder, instruction)?.replace(/\/+$/, "") === `${environment}/bin`) ||
          value.value.includes(".venv/bin")
        );
      }),
    );
}
