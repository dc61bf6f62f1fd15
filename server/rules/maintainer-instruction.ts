import type { Syntax } from "../syntax/parse.ts";
import type { LogicalText } from "../syntax/text.ts";
import { insertAfter, insertBefore, replace } from "./edit.ts";
import { assuming, changing, defineRule, type Edit, type Fix, safe, unsafe } from "./rule.ts";

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
      const label = dockerfile.text[keywordRange.start] === "m" ? "label" : "LABEL";
      const start = replace(
        { start: keywordRange.start, end: rest.range.start },
        `${label} org.opencontainers.image.authors=`,
      );
      yield {
        at: instruction.range,
        message: "`MAINTAINER` is deprecated; a label says the same",
        ...(rest.text === ""
          ? { refusal: "it says nothing" }
          : { fixes: [changing(labelFix(start, rest, dockerfile.syntax), "LABEL")] }),
      };
    }
  },
});

/** `MAINTAINER` takes its text as it is, quotes and all; a label takes a word, in which some characters mean something. */
function labelFix(start: Edit, rest: LogicalText, { escape }: Syntax): Fix {
  const { text, range } = rest;
  const title = "Write it as the label `org.opencontainers.image.authors`";
  if (/^(?:"[^"\\`$]*"|'[^']*')$/.test(text))
    return assuming(unsafe(title, start), "The quotes are not meant to be part of the text.");
  const meaning = escape === "`" ? /["$`]/g : /["$\\]/g;
  const escapes = [...text.matchAll(meaning)].map(({ index }) => {
    const at = rest.offsetAt(index);
    return insertBefore({ start: at, end: at }, escape);
  });
  return safe(title, { ...start, text: `${start.text}"` }, escapes, insertAfter(range, '"'));
}
