import { findWholeCopy, ignoreEntries, leavingOut } from "./ignore-file.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-dockerignore",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: ["sonar/S6470", "dockle/DKL-LI-0003"],
  fix: "safe",
  judges: "stage",

  *check(dockerfile) {
    const known = dockerfile.context.files?.[".dockerignore"];
    if (known === undefined || (known !== null && /^[ \t]*[^#\s]/m.test(known))) return;
    const whole = findWholeCopy(dockerfile);
    if (!whole) return;
    // It is the same for all copies of the whole folder.
    yield {
      at: whole.word.range,
      message: `\`${whole.instruction.keyword}\` takes the whole folder, and ${
        known === null ? "there is no `.dockerignore` that" : "`.dockerignore` has no line that"
      } keeps secrets, \`.git\` and caches out`,
      ...leavingOut(dockerfile, ignoreEntries(dockerfile)),
    };
  },
});
