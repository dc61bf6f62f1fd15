import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import { findWholeCopy, ignoreEntries, leavingOut } from "./ignore-file.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "incomplete-dockerignore",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["sonar/S6470", "dockle/DKL-LI-0003"],
  fix: "safe",
  judges: "stage",

  *check(dockerfile) {
    const text = dockerfile.context.files?.[".dockerignore"];
    if (!text || !/^[ \t]*[^#\s]/m.test(text)) return;
    const whole = findWholeCopy(dockerfile);
    const entries = whole && ignoreEntries(dockerfile);
    if (!whole || typeof entries !== "object") return;
    const patterns = readIgnorePatterns(text);
    // What a line leaves out or brings back, somebody has thought of; so has somebody who names files below it.
    const left = entries.filter(({ pattern, isThere }) => {
      const path = pattern.replace(/^\*\*\//, "");
      return (
        isThere &&
        !patterns.some(
          (one) => matchesIgnorePattern(one, path) || one.text.replace(/^\*\*\//, "").startsWith(`${path}/`),
        )
      );
    });
    if (left.length === 0) return;
    const names = new Set(left.map(({ pattern }) => `\`${pattern.replace(/^\*\*\//, "")}\``));
    yield {
      at: whole.word.range,
      message: `\`${whole.instruction.keyword}\` takes ${[...names].join(" and ")} along, which \`.dockerignore\` does not leave out`,
      ...leavingOut(dockerfile, left),
    };
  },
});
