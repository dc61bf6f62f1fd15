/** A rule's `check`: VOLUME names a path that it should not. Shared by `docker-socket` and `system-volume`. */

import type { Dockerfile } from "../model/dockerfile.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import { removeInstruction, removeWord } from "./edit.ts";
import { changing, type Finding, type Rule, unsafe } from "./rule.ts";

export function volumes(isMeant: (path: string) => boolean, message: (path: string) => string): Rule["check"] {
  return function* check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "VOLUME") continue;
        for (const word of instruction.arguments) {
          const path = stage.resolve(word, instruction)?.replace(/(?<=.)\/+$/, "");
          if (path === undefined || !isMeant(path)) continue;
          yield { at: word.range, message: message(path), ...removal(dockerfile, instruction, word) };
        }
      }
    }
  };
}

function removal({ syntax }: Dockerfile, instruction: Instruction, word: Word): Pick<Finding, "fixes" | "refusal"> {
  const isOnly = instruction.arguments.length === 1;
  if (instruction.json && !isOnly) return { refusal: "the list has to be looked at as a whole" };
  if (isOnly && instruction.comments.length > 0) return { refusal: "a comment would be lost" };
  const edit = isOnly ? removeInstruction(syntax, instruction) : removeWord(syntax, word);
  return { fixes: [changing(unsafe("Take it out of `VOLUME`", edit), "VOLUME")] };
}
