import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-digest",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["semgrep/dockerfile-source-not-pinned", "sonar/S7023", "dockle/CIS-DI-0005"],
  enabled: false,
  strict: true,
  concerns: "image",

  *check({ stages }) {
    for (const { image, imageWord } of stages) {
      if (!image || image.digest || !imageWord) continue;
      yield { at: imageWord.range, message: `\`${image.reference}\` can be another image tomorrow: it has no digest` };
    }
  },
});
