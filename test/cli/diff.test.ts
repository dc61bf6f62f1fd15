import assert from "node:assert/strict";
import fc from "fast-check";
import { unifiedDiff } from "../../server/cli/diff.ts";

describe("unified diffs", () => {
  it("are empty for the same text", () => {
    assert.equal(unifiedDiff("Dockerfile", "a\nb", "a\nb"), "");
    assert.equal(unifiedDiff("Dockerfile", "", ""), "");
  });

  it("have three lines around each change, and one hunk for changes that share them", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`);
    const changed = lines.toSpliced(27, 1).toSpliced(9, 1, "ten\n").toSpliced(3, 0, "new\n");
    assert.equal(
      unifiedDiff("/a/Dockerfile", lines.join(""), changed.join("")),
      `--- a/a/Dockerfile
+++ b/a/Dockerfile
@@ -1,13 +1,14 @@
 1
 2
 3
+new
 4
 5
 6
 7
 8
 9
-10
+ten
 11
 12
 13
@@ -25,6 +26,5 @@
 25
 26
 27
-28
 29
 30
`,
    );
  });

  it("tell of a missing line end, and keep CRLF", () => {
    assert.equal(
      unifiedDiff("D", "a\r\nb", "a\r\nb\r\n"),
      "--- a/D\n+++ b/D\n@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+b\r\n",
    );
    assert.equal(unifiedDiff("D", "", "a\n"), "--- a/D\n+++ b/D\n@@ -0,0 +1 @@\n+a\n");
    assert.equal(unifiedDiff("D", "a\n", ""), "--- a/D\n+++ b/D\n@@ -1 +0,0 @@\n-a\n");
  });

  it("turn the one text into the other", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", "d\n", "\n", "e\r\n"), { maxLength: 60 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => assert.equal(patch(before, unifiedDiff("D", before, after)), after)),
    );
  });

  it("take no time for long texts", () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `RUN step ${index}\n`);
    const changed = lines.map((line, index) => (index % 10 === 0 ? `# ${line}` : line));
    assert.equal(unifiedDiff("D", lines.join(""), changed.join("")).match(/^\+# /gm)?.length, 500);
  });
});

/** As `patch` does, and as strict as it can be. */
function patch(text: string, diff: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const hunks = diff.split(/^@@ /m).slice(1);
  for (const hunk of hunks) {
    const [, start, length = "1", , newLength = "1"] = /^-(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n/.exec(hunk)!;
    const first = Number(start) - (length === "0" ? 0 : 1);
    result.push(...lines.slice(at, first));
    at = first;
    const body = hunk.slice(hunk.indexOf("\n") + 1).replaceAll("\n\\ No newline at end of file\n", "\0");
    let added = 0;
    for (const line of body.match(/[^\n\0]*[\n\0]/g) ?? []) {
      const content = line.slice(1).replace("\0", "");
      if (line[0] !== "+") assert.equal(lines[at++], content);
      if (line[0] !== "-") {
        result.push(content);
        added++;
      }
    }
    assert.equal(at - first, Number(length));
    assert.equal(added, Number(newLength));
  }
  return [...result, ...lines.slice(at)].join("");
}
