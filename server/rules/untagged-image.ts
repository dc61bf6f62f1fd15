import { namingLatest } from "./image-tags.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "untagged-image",
  category: "reproducibility",
  severity: "warning",
  weight: "medium",
  aliases: [
    "hadolint/DL3006",
    "trivy/DS-0001",
    "checkov/CKV_DOCKER_7",
    "kics/image_version_not_explicit",
    "semgrep/missing-image-version",
    "sonar/S6596",
    "dockle/DKL-DI-0006",
  ],
  fix: "unsafe",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const { image, imageWord, tagIsOnlyChoice } = stage;
      if (!image || !imageWord || image.tag !== undefined || image.digest || tagIsOnlyChoice) continue;
      yield {
        at: imageWord.range,
        message: `\`${image.reference}\` names no version, so it is \`latest\``,
        ...namingLatest(stage),
      };
    }
  },
});
