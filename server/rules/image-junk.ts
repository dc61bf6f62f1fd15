import { removeInstruction, removeWord } from "./edit.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "image-junk",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: ["dockle/DKL-LI-0003"],
  fix: "unsafe",
  concerns: "image",
  mentions: /copy|add/i,

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      if (!stage.isInImage) continue;
      for (const instruction of stage.instructions) {
        if (!/^(?:COPY|ADD)$/.test(instruction.keyword)) continue;
        for (const word of instruction.arguments.slice(0, -1)) {
          const path = stage.resolve(word, instruction);
          const name = path?.replace(/\/+$/, "").split("/").at(-1);
          const what = name === undefined || !Object.hasOwn(JUNK, name) ? undefined : JUNK[name];
          if (!what || (path!.includes("://") && name !== undefined)) continue;
          const isOnly = instruction.arguments.length === 2;
          const edit = isOnly ? removeInstruction(dockerfile.syntax, instruction) : removeWord(dockerfile.syntax, word);
          yield {
            at: word.range,
            message: `\`${name}\` is ${what}, which no container needs`,
            ...(instruction.json || (isOnly && instruction.comments.length > 0)
              ? { refusal: "the instruction has to be looked at as a whole" }
              : { fixes: [assuming(unsafe("Leave it out", edit), "No `RUN` of this stage needs it.")] }),
          };
        }
      }
    }
  },
});

const JUNK: Readonly<Record<string, string>> = {
  ".git": "the project's history",
  ".svn": "the project's history",
  ".hg": "the project's history",
  ".github": "for the project's host",
  ".vscode": "an editor's settings",
  ".idea": "an editor's settings",
  ".cache": "a cache",
  ".npm": "a cache",
  __pycache__: "a cache",
  ".pytest_cache": "a cache",
  ".mypy_cache": "a cache",
  ".DS_Store": "for a Mac's desktop",
};
