import { newestFeature, syntaxDirective } from "../model/frontend.ts";
import { insertDirective } from "./edit.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

const DIRECTIVE = "# syntax=docker/dockerfile:1";

export default defineRule({
  id: "missing-syntax",
  category: "maintainability",
  severity: "hint",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  enabled: false,

  *check(dockerfile) {
    const { syntax } = dockerfile;
    const newest = newestFeature(dockerfile);
    // A comment that looks like one is another matter.
    if (!newest || syntaxDirective(syntax) || syntax.comments.some(({ text }) => /^syntax\s*=/i.test(text))) return;
    yield {
      at: newest.range,
      message: `A builder older than Dockerfile 1.${newest.minor} does not know \`${newest.name}\`, and no \`# syntax\` has it fetch a newer one`,
      fixes: [
        assuming(
          unsafe(`Begin with \`${DIRECTIVE}\``, insertDirective(syntax, DIRECTIVE)),
          "Whoever builds it reaches Docker Hub, where this comes from, or a mirror of it.",
        ),
      ],
    };
  },
});
