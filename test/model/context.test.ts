/** What is known of the world, once the text has changed. */
import assert from "node:assert/strict";
import { carryContext } from "../../server/model/context.ts";

describe("secret values in an edited text", () => {
  const valuesIn = (text: string, value: string, edited: string): readonly number[] => {
    const start = text.indexOf(value);
    const secrets = [{ start, end: start + value.length, kind: "a password" }];
    return (carryContext({ secrets }, text, edited).secrets ?? []).map((secret) => secret.start);
  };

  it("are where the text has moved to", () => {
    assert.deepEqual(valuesIn("ENV A ghp_x\n", "ghp_x", "FROM x\nENV A=ghp_x\n"), [13]);
  });

  it("are not each place where the same word stands", () => {
    const text = "ENV DB=pg://galaxy:galaxy1@db\nRUN galaxy1 start\n";
    assert.deepEqual(valuesIn(text, "galaxy1", `# Why\n${text}`), [25]);
  });
});
