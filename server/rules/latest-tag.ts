import { namingLatest } from "./image-tags.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "latest-tag",
  category: "reproducibility",
  severity: "warning",
  weight: "medium",
  aliases: [
    "hadolint/DL3007",
    "trivy/DS-0001",
    "checkov/CKV_DOCKER_7",
    "kics/image_version_using_latest",
    "semgrep/avoid-latest-version",
    "sonar/S6596",
    "dockle/DKL-DI-0006",
  ],
  fix: "unsafe",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const { image, imageWord, tagIsOnlyChoice } = stage;
      if (image?.tag !== "latest" || image.digest || !imageWord || tagIsOnlyChoice) continue;
      const { range, text } = imageWord;
      // The tag alone, where it is written here.
      const isLiteral = text.endsWith(":latest") && range.end - range.start === text.length;
      yield {
        at: isLiteral ? { start: range.end - "latest".length, end: range.end } : range,
        message: `\`${image.reference}\` is another image each time \`latest\` moves`,
        ...namingLatest(stage),
      };
    }
  },
});
