import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "ignored-copy-source",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: ["buildkit/CopyIgnoredFile"],

  *check({ stages, context }) {
    const text = context.files?.[".dockerignore"];
    if (!text) return;
    const patterns = readIgnorePatterns(text);
    // What is left out may be brought back, and by which file of a folder is not known.
    if (patterns.some(({ negated }) => negated)) return;
    for (const stage of stages) {
      for (const instruction of stage.instructions) {
        const { keyword } = instruction;
        if ((keyword !== "COPY" && keyword !== "ADD") || instruction.flag("from")) continue;
        const texts = instruction.heredocs.map(({ range }) => range.start);
        for (const source of instruction.arguments.slice(0, -1)) {
          const path = stage.resolve(source, instruction);
          if (!path || REMOTE.test(path) || texts.includes(source.range.start)) continue;
          const isRoot = /^\.?\/*$/.test(path);
          const pattern = patterns.find((one) =>
            isRoot ? /^\*\*?(?:\/\*)?$/.test(one.text) && one.text !== "*/*" : matchesIgnorePattern(one, path),
          );
          if (!pattern) continue;
          yield {
            at: source.range,
            message: `\`.dockerignore\` leaves \`${path}\` out of the build context (line ${pattern.line}: \`${pattern.text}\`)`,
          };
        }
      }
    }
  },
});

const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i;
