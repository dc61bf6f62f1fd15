import type { Stage } from "../model/stage.ts";

/** The stage is the developer's image, and says so by its own name or that of its file. */
export function isForDevelopment(stage: Stage, path = ""): boolean {
  const word = /(?:^|[._-])(?:dev|devel|development|debug|test|tests|testing|local|ci)(?:[._-]|$)|devcontainer/i;
  return (
    word.test(stage.name?.value ?? "") ||
    /\.devcontainer\//.test(path) ||
    word.test(path.slice(path.lastIndexOf("/") + 1))
  );
}
