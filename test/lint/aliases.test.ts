/** Whoever comes from another tool finds its rules under their names: `aliases.txt` says what each reports and what not. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { lint } from "../../server/lint/lint.ts";
import { DEFAULT_SETTINGS } from "../../server/lint/settings.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { RULES } from "../../server/rules/index.ts";

describe("other tools' rules", () => {
  for (const block of readFileSync("test/lint/aliases.txt", "utf8").split(/^=== /m).slice(1)) {
    const [head = "", ...lines] = block.trimEnd().split("\n");
    const [verdict, ...names] = head.split(" ");
    const text = `${lines.join("\n")}\n`;
    for (const name of names) {
      it(`${name}, ${verdict}: ${lines.at(-1)}`, () => {
        const rules = RULES.filter(({ aliases }) => aliases.includes(name));
        assert.notEqual(rules.length, 0, "no rule has this name");
        const settings = { ...DEFAULT_SETTINGS, only: [name] };
        const { diagnostics } = lint(new Dockerfile(text, { files: { ".dockerignore": null } }), rules, settings);
        assert.equal(diagnostics.length > 0 ? "reported" : "silent", verdict, text);
      });
    }
  }
});
