import { replace } from "./edit.ts";
import { assuming, changing, defineRule, unsafe } from "./rule.ts";

const OCI = "org.opencontainers.image.";

/** http://label-schema.org/rc1/ says which of the names of the Open Container Initiative each of its own has become. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  maintainer: "authors",
  "org.label-schema.build-date": "created",
  "org.label-schema.description": "description",
  "org.label-schema.name": "title",
  "org.label-schema.url": "url",
  "org.label-schema.usage": "documentation",
  "org.label-schema.vcs-ref": "revision",
  "org.label-schema.vcs-url": "source",
  "org.label-schema.vendor": "vendor",
  "org.label-schema.version": "version",
};

export default defineRule({
  id: "legacy-label",
  category: "maintainability",
  severity: "hint",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  mentions: /maintainer|label-schema/i,

  *check({ stages }) {
    for (const stage of stages) {
      const labels = stage.instructions.filter(({ keyword }) => keyword === "LABEL").flatMap(({ pairs }) => pairs);
      for (const { key } of labels) {
        const successor = Object.hasOwn(SUCCESSORS, key.value) ? OCI + SUCCESSORS[key.value] : undefined;
        if (successor === undefined) continue;
        const isThere = labels.some((other) => other.key.value === successor);
        yield {
          at: key.range,
          message: `The label that tools look for is \`${successor}\``,
          ...(isThere
            ? { refusal: `\`${successor}\` is set, too` }
            : {
                fixes: [
                  assuming(
                    changing(
                      unsafe(
                        `Write \`${successor}\``,
                        replace(key, key.text.startsWith('"') ? `"${successor}"` : successor),
                      ),
                      "LABEL",
                    ),
                    "Nothing looks for the old name.",
                  ),
                ],
              }),
        };
      }
    }
  },
});
