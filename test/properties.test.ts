/** What holds of every text, not only of examples: generated, mutated and cut off Dockerfiles. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { fix } from "../server/lint/fix.ts";
import { type Diagnostic, lint } from "../server/lint/lint.ts";
import { DIMENSIONS, rate } from "../server/lint/score.ts";
import { DEFAULT_SETTINGS, type Settings } from "../server/lint/settings.ts";
import { syntaxErrors } from "../server/lint/verify.ts";
import { Dockerfile } from "../server/model/dockerfile.ts";
import { RULES } from "../server/rules/index.ts";
import { readPage } from "./examples.ts";

const ALL: Settings = { ...DEFAULT_SETTINGS, preset: "all" };
const RUNS = { numRuns: Number(process.env["RUNS"] ?? 150) };

/** Every example of every rule: what rules have to say something about. */
const EXAMPLES = readdirSync("server/rules")
  .filter((file) => file.endsWith(".md"))
  .flatMap((file) => readPage(`server/rules/${file}`).examples.map(({ text }) => text));

const INSTRUCTIONS = [
  ...new Set(
    EXAMPLES.flatMap((text) =>
      new Dockerfile(text).syntax.instructions.map(({ range }) => text.slice(range.start, range.end)),
    ),
  ),
];

/** Instructions of the examples in any order, with comments, blank lines and line ends of both kinds. */
const shuffled = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.constantFrom(...INSTRUCTIONS),
        fc.constantFrom("", "# a comment", "FROM debian:12 AS b", "FROM b", "USER root"),
      ),
      { minLength: 1, maxLength: 14 },
    ),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(
    ([lines, lineEnd, ends]) =>
      ["FROM debian:12", ...lines].join("\n").replace(/\r?\n/g, lineEnd) + (ends ? lineEnd : ""),
  );

/** An example with a few characters changed, taken out or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...EXAMPLES),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(6),
        fc.constantFrom(
          "",
          " ",
          "\n",
          "\\\n",
          '"',
          "'",
          "$",
          "${",
          "<<EOF",
          "&&",
          "|",
          "#",
          "[",
          "]",
          "é",
          "😀",
          "=",
          "\t",
          "--",
          "`",
        ),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((current, [place, length, insertion]) => {
      const start = Math.floor(place * current.length);
      return current.slice(0, start) + insertion + current.slice(start + length);
    }, text),
  );

const anything = fc.oneof(
  fc.string({ maxLength: 200, unit: "binary" }),
  fc.string({ maxLength: 300, unit: fc.constantFrom(..."FROMRUNcopy \\\n#<>EOF\"'$&|;[]{}=`()\t") }),
);

function diagnose(text: string): readonly Diagnostic[] {
  const { diagnostics } = lint(new Dockerfile(text), RULES, ALL);
  const broken = diagnostics.find(({ message }) => message.includes("failed on this file"));
  assert.equal(broken?.message, undefined);
  return diagnostics;
}

describe("whatever the text", () => {
  for (const [name, texts] of Object.entries({ shuffled, mutated, anything })) {
    it(`nothing throws and every range lies in it (${name})`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          for (const { range, fixes, related } of diagnose(text)) {
            for (const { start, end } of [
              range,
              ...related.map(({ at }) => at),
              ...fixes.flatMap(({ edits }) => edits),
            ]) {
              assert.ok(0 <= start && start <= end && end <= text.length);
            }
          }
        }),
        { ...RUNS, numRuns: RUNS.numRuns * 4 },
      );
    });

    it(`the score is bounded and monotone (${name})`, () => {
      fc.assert(
        fc.property(texts, fc.nat(), (text, choice) => {
          const diagnostics = diagnose(text);
          const { score, lost } = rate(diagnostics);
          for (const dimension of DIMENSIONS) {
            assert.ok(score[dimension] >= 0 && score[dimension] <= 10);
            const points = lost.filter((one) => one.dimension === dimension).reduce((sum, one) => sum + one.points, 0);
            assert.ok(Math.abs(10 - points - score[dimension]) < 1e-9, "the lost points are what is missing");
          }
          if (diagnostics.length === 0) return;
          const fewer = rate(diagnostics.filter((_, index) => index !== choice % diagnostics.length)).score;
          for (const dimension of DIMENSIONS) assert.ok(fewer[dimension] >= score[dimension] - 1e-9);
          assert.deepEqual(rate(diagnostics.toReversed()).score.security.toFixed(9), score.security.toFixed(9));
        }),
        RUNS,
      );
    });

    it(`fixes come to an end, and add no syntax error (${name})`, () => {
      fc.assert(
        fc.property(texts, fc.constantFrom("safe" as const, "unsafe" as const), (text, safety) => {
          const once = fix(text, RULES, ALL, safety, {}).text;
          const twice = fix(once, RULES, ALL, safety, {}).text;
          assert.equal(twice, once, "a second run changes something");
          assert.ok(syntaxErrors(new Dockerfile(once)) <= syntaxErrors(new Dockerfile(text)), once);
        }),
        RUNS,
      );
    });
  }

  it("comments, blank lines, line ends and keyword case do not change the score", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EXAMPLES.filter((text) => !text.startsWith("#") && !/^ *#|<</m.test(text))),
        (text) => {
          const scoreOf = (one: string) => rate(diagnose(one)).score.security.toFixed(6);
          const score = scoreOf(text);
          assert.equal(scoreOf(`# A comment.\n\n${text}\n\n`), score);
          assert.equal(scoreOf(text.replace(/\r?\n/g, "\r\n")), score);
        },
      ),
      RUNS,
    );
  });
});
