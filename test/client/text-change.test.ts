import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { findChange } from "../../client/text-change.ts";

const BEFORE = "FROM a\nRUN b\nRUN c\nCMD d\n";

describe("the change between two texts", () => {
  const cases: readonly [after: string, changed: string, text: string][] = [
    [BEFORE, "", ""],
    ["FROM a\nRUN b\nRUN x\nCMD d\n", "RUN c\n", "RUN x\n"],
    ["FROM a\nRUN b\nCMD d\n", "RUN c\n", ""],
    ["FROM a\nRUN b\nRUN b\nRUN c\nCMD d\n", "", "RUN b\n"],
    ["# e\nFROM a\nRUN b\nRUN c\nCMD d\n", "", "# e\n"],
    ["FROM a\nRUN b\nRUN c\nCMD d", "CMD d\n", "CMD d"],
    ["", BEFORE, ""],
  ];
  for (const [after, changed, text] of cases) {
    it(`to ${JSON.stringify(after)} is of whole lines and no more`, () => {
      const change = findChange(BEFORE, after);
      assert.deepEqual([BEFORE.slice(change.start, change.end), change.text], [changed, text]);
    });
  }

  it("turns any text into any other, from the start of a line to its end", () => {
    const texts = fc
      .array(fc.constantFrom("a", "b", "\n", "\r\n", "🚢", ""), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const { start, end, text } = findChange(before, after);
        assert.equal(before.slice(0, start) + text + before.slice(end), after);
        assert.ok(start <= end);
        assert.ok(start === end || start === 0 || before[start - 1] === "\n");
        assert.ok(start === end || end === before.length || before[end - 1] === "\n");
      }),
    );
  });
});
