import { syntaxDirective, unknownFeature } from "../model/frontend.ts";
import { replace } from "./edit.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "outdated-syntax",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  mentions: /syntax/i,

  *check(dockerfile) {
    const directive = syntaxDirective(dockerfile.syntax);
    const unknown = unknownFeature(dockerfile);
    if (!directive || !unknown) return;
    yield {
      at: unknown.range,
      message: `\`${directive.value}\` does not know \`${unknown.name}\`, which came with Dockerfile 1.${unknown.minor}`,
      related: [{ at: directive.valueRange, message: "the version is named here" }],
      fixes: [
        assuming(
          unsafe("Name the newest Dockerfile 1.x", replace(directive.valueRange, "docker/dockerfile:1")),
          "The rest of the file means the same to it.",
        ),
      ],
    };
  },
});
