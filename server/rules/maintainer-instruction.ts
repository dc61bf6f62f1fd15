import { insertAfter, replace } from "./edit.ts";
import { changing, defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "maintainer-instruction",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL4000",
    "buildkit/MaintainerDeprecated",
    "trivy/DS-0022",
    "checkov/CKV_DOCKER_6",
    "kics/maintainer_instruction_being_used",
    "semgrep/maintainer-is-deprecated",
    "sonar/S6586",
  ],
  fix: "safe",
  tag: "deprecated",

  *check(dockerfile) {
    for (const instruction of dockerfile.stages.flatMap((stage) => stage.instructions)) {
      if (instruction.keyword !== "MAINTAINER" || instruction.onbuild) continue;
      const { rest, keywordRange } = instruction;
      // Only what a pair of double quotes can hold as it is.
      const isPlain = rest.text !== "" && !/["'\\`$\n]/.test(rest.text) && instruction.comments.length === 0;
      const label = dockerfile.text[keywordRange.start] === "m" ? "label" : "LABEL";
      yield {
        at: instruction.range,
        message: "`MAINTAINER` is deprecated; a label says the same",
        fixes: isPlain
          ? [
              changing(
                safe(
                  "Write it as the label `org.opencontainers.image.authors`",
                  replace(
                    { start: keywordRange.start, end: rest.range.start },
                    `${label} org.opencontainers.image.authors="`,
                  ),
                  insertAfter(rest.range, '"'),
                ),
                "LABEL",
              ),
            ]
          : [],
        ...(isPlain ? {} : { refusal: "the text holds quotes or variables, which a label would read differently" }),
      };
    }
  },
});
