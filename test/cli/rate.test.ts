import assert from "node:assert/strict";
import { DIMENSIONS } from "../../server/lint/score.ts";
import { CLEAN, folderOf, plimsoll, TWO_FINDINGS, TWO_RULES } from "./host.ts";

describe("plimsoll rate", () => {
  it("explains every lost point, what its fix would give back, and the score after the fixes", async () => {
    const text = `${TWO_FINDINGS}MAINTAINER\n# plimsoll ignore DL4000: he insists\nMAINTAINER Carol\n`;
    const { code, output } = await plimsoll(folderOf({ Dockerfile: text }), ["rate", TWO_RULES, "Dockerfile"]);
    assert.equal(
      output.replace(/^(Estimated size: ≈) \d+ MB/m, "$1 159 MB"),
      `Dockerfile: a base image, not rated for what only an application needs (--role application would)

  Overall           9.3  ███████████████████████████░░░
  Security         10.0  ██████████████████████████████  45 %
  Efficiency        8.6  █████████████████████████░░░░░  35 %
  Maintainability   9.2  ███████████████████████████░░░  20 %

Efficiency: 10 - 1.40 = 8.6
   -1.40  line 3  recommended-packages
                  \`apt-get install\` also installs the packages that are only recommended
                  fix (unsafe): Add \`--no-install-recommends\` +1.40, overall 9.8

Maintainability: 10 - 0.80 = 9.2
   -0.40  line 2  maintainer-instruction
                  \`MAINTAINER\` is deprecated; a label says the same
                  fix: Write it as the label \`org.opencontainers.image.authors\` +0.26, overall 9.4
   -0.40  line 4  maintainer-instruction
                  \`MAINTAINER\` is deprecated; a label says the same
                  no fix: it says nothing

After all safe fixes: 9.4 (Security 10.0, Efficiency 8.6, Maintainability 9.5)
After all fixes: 9.9 (Security 10.0, Efficiency 10.0, Maintainability 9.5)

Estimated size: ≈ 159 MB, ≈ 116 MB of it the base image

Accepted by a comment: maintainer-instruction in line 6
`,
    );
    assert.equal(code, 0);
  });

  it("has nothing to explain where nothing is lost", async () => {
    const { output } = await plimsoll(folderOf({ Dockerfile: CLEAN }), ["rate", TWO_RULES, "Dockerfile"]);
    assert.deepEqual(output.trimEnd().split("\n").slice(2), [
      `  Overall          10.0  ${"█".repeat(30)}`,
      `  Security         10.0  ${"█".repeat(30)}  45 %`,
      `  Efficiency       10.0  ${"█".repeat(30)}  35 %`,
      `  Maintainability  10.0  ${"█".repeat(30)}  20 %`,
      "",
      "Estimated size: ≈ 116 MB, ≈ 116 MB of it the base image",
    ]);
  });

  it("prints JSON whose points are exactly what each shown score is short of ten", async () => {
    const lines = Array.from(
      { length: 7 },
      (_, index) => `MAINTAINER Person ${index}\nRUN apt-get install -y p${index}\n`,
    );
    const folder = folderOf({ Dockerfile: `FROM debian:12\n${lines.join("")}` });
    const { output } = await plimsoll(folder, ["rate", "--format=json", TWO_RULES, "Dockerfile"]);
    const rating = JSON.parse(output);
    assert.deepEqual(Object.keys(rating), [
      "version",
      "path",
      "role",
      "score",
      "afterSafeFixes",
      "afterAllFixes",
      "lost",
      "notAssessed",
      "accepted",
      "size",
    ]);
    for (const one of rating.lost) {
      assert.deepEqual(Object.keys(one), ["rule", "dimension", "points", "message", "start", "end", "fix", "refusal"]);
      assert.deepEqual(Object.keys(one.fix), ["title", "safety", "gain"]);
    }
    for (const dimension of DIMENSIONS) {
      const own = rating.lost.filter((one: { dimension: string }) => one.dimension === dimension);
      const sum = own.reduce((total: number, { points }: { points: number }) => total + points, 0);
      assert.ok(Math.abs(10 - rating.score[dimension] - sum) < 1e-9, dimension);
    }
    assert.deepEqual(rating.afterAllFixes, { overall: 10, security: 10, efficiency: 10, maintainability: 10 });
  });

  it("says in JSON what each instruction adds, in bytes, and what is not known", async () => {
    const text =
      "FROM debian:12\nRUN apt-get update \\\n && apt-get install -y git\nENV A=b\nCOPY data /data\nRUN make\nFROM nosuch:1\nCOPY --from=0 /x /x\n";
    const folder = folderOf({ Dockerfile: text, data: "12345" });
    const { output } = await plimsoll(folder, ["rate", "--format=json", TWO_RULES, "Dockerfile"]);
    const { size } = JSON.parse(output);
    const [apt, ...others] = size.instructions;
    assert.deepEqual(Object.keys(apt), ["line", "bytes", "withoutRecommends", "listsLeft", "unknown"]);
    assert.equal(apt.line, 2);
    // Real installations add 92 MB without, 105 MB with recommended packages (slim images) and leave 20 MB of lists.
    assert.ok(apt.bytes > 115e6 && apt.bytes < 160e6, apt.bytes);
    assert.ok(apt.bytes - apt.withoutRecommends > 8e6, apt.withoutRecommends);
    assert.ok(apt.listsLeft > 15e6 && apt.listsLeft < 25e6, apt.listsLeft);
    assert.deepEqual(apt.unknown, []);
    const none = { withoutRecommends: 0, listsLeft: 0 };
    assert.deepEqual(others, [
      { line: 5, bytes: 5, withoutRecommends: 5, listsLeft: 0, unknown: [] },
      { line: 6, bytes: 0, ...none, unknown: ["what `make` writes"] },
      { line: 8, bytes: 0, ...none, unknown: ["what is copied from `0`"] },
    ]);
    assert.deepEqual(size.final, { bytes: null, unknown: ["`nosuch:1` itself", "what is copied from `0`"] });
  });

  it("says what is known of the size where the base image is not", async () => {
    const folder = folderOf({
      Dockerfile: "FROM nosuch:1\nCOPY data /\nRUN pip install x\n",
      data: "x".repeat(2_000_000),
    });
    const { output } = await plimsoll(folder, ["rate", TWO_RULES, "Dockerfile"]);
    assert.match(output, /^Estimated size: ≈ 2 MB and the base image\n {2}not counted: what pip installs$/m);
  });

  it("takes one file, or standard input", async () => {
    const folder = folderOf({ Dockerfile: CLEAN });
    assert.deepEqual(await plimsoll(folder, ["rate"]), {
      code: 2,
      output: "",
      errors: "plimsoll: rate needs a file; `plimsoll rate --help` shows how it is used\n",
    });
    assert.equal((await plimsoll(folder, ["rate", "a", "b"])).errors, 'plimsoll: rate takes one file; leave out "b"\n');
    assert.match((await plimsoll(folder, ["rate", "-"], { input: CLEAN })).output, /^-: an? /);
    assert.deepEqual(await plimsoll(folder, ["rate", "nowhere"]), {
      code: 2,
      output: "",
      errors: 'plimsoll: cannot read "nowhere": there is no such file; check the path\n',
    });
  });
});
