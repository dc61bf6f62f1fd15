/** Policy: what is shown, ignored, scored, fixed and refused. */
import assert from "node:assert/strict";
import { applyEdits, type Change, type Fixed, fix } from "../../server/lint/fix.ts";
import { ignoreEdit } from "../../server/lint/ignore.ts";
import { type Diagnostic, lint } from "../../server/lint/lint.ts";
import { rate, shown } from "../../server/lint/score.ts";
import { DEFAULT_SETTINGS, isNameOf, readSettings, type Settings } from "../../server/lint/settings.ts";
import { objection } from "../../server/lint/verify.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import {
  changing,
  defineRule,
  type Fix,
  onRequest,
  type Rule,
  safe,
  unsafe,
  writing,
} from "../../server/rules/rule.ts";

/** Reports every RUN; its fix turns the first `a` of it into `b`. */
const example: Rule = defineRule({
  id: "example-run",
  category: "efficiency",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL9999", "buildkit/ExampleRun"],
  fix: "safe",
  *check({ runs }) {
    for (const { instruction } of runs) {
      const place = instruction.rest.text.indexOf("a");
      const start = instruction.rest.offsetAt(Math.max(place, 0));
      yield {
        at: instruction.keywordRange,
        message: "This runs something",
        fixes: place === -1 ? [] : [safe("Write `b`", { start, end: start + 1, text: "b" })],
      };
    }
  },
});

function look(text: string, settings: Partial<Settings> = {}, rules: readonly Rule[] = [example]) {
  return lint(new Dockerfile(text), rules, { ...DEFAULT_SETTINGS, ...settings });
}

describe("lint", () => {
  it("turns a rule that throws into one diagnostic, and keeps the others", () => {
    const broken: Rule = {
      ...example,
      id: "broken-rule",
      // biome-ignore lint/correctness/useYield: it never comes so far
      *check() {
        throw new Error("out of order");
      },
    };
    const { diagnostics } = look("FROM x\nRUN a\n", {}, [broken, example]);
    assert.deepEqual(
      diagnostics.map(({ rule }) => rule.id),
      ["broken-rule", "example-run"],
    );
    assert.match(diagnostics[0]!.message, /out of order.*please report/);
    assert.equal(rate(diagnostics.slice(0, 1)).score.efficiency, 10);
  });

  it("goes by the settings: off, on, severity, preset, by id and by alias", () => {
    const off: Rule = { ...example, enabled: false };
    const count = (settings: Partial<Settings>, rule = example) =>
      look("FROM x\nRUN a\n", settings, [rule]).diagnostics.length;
    assert.equal(count({}), 1);
    assert.equal(count({ rules: { "example-run": "off" } }), 0);
    assert.equal(count({ rules: { "hadolint/DL9999": "off" } }), 0);
    assert.equal(count({}, off), 0);
    assert.equal(count({ preset: "all" }, off), 1);
    const refactoring = { ...example, refactoring: true as const };
    assert.equal(count({ preset: "all" }, refactoring), 0);
    assert.equal(count({ rules: { "example-run": "on" } }, refactoring), 1);
    assert.equal(count({ rules: { ExampleRun: "on" } }, off), 1);
    assert.equal(look("FROM x\nRUN a\n", { rules: { "example-run": "error" } }).diagnostics[0]!.severity, "error");
    assert.ok(isNameOf(example, "dl9999") && !isNameOf(example, "DL999"));
  });

  it("scores only what the target needs, and the container only for an application", () => {
    const text = "FROM x AS loose\nRUN a\nFROM y AS build\nRUN a\nFROM z\nCOPY --from=build a b\nRUN a\nCMD c\n";
    const scored = (rule: Rule, one = text) => look(one, {}, [rule]).diagnostics.map((diagnostic) => diagnostic.scored);
    assert.deepEqual(scored(example), [false, true, true]);
    assert.deepEqual(scored({ ...example, concerns: "image" }), [false, false, true]);
    assert.deepEqual(scored({ ...example, concerns: "container" }), [false, false, true]);
    assert.equal(look("FROM x\nRUN a\n").role, "base image");
    assert.deepEqual(scored({ ...example, concerns: "container" }, "FROM x\nRUN a\n"), [false]);
  });
});

describe("ignoring", () => {
  const count = (text: string) => look(text).diagnostics.length;

  it("takes comments for the instruction below or around, and for the file", () => {
    assert.equal(count("FROM x\n# plimsoll ignore example-run\nRUN a\nRUN a\n"), 1);
    assert.equal(count("FROM x\n# plimsoll ignore example-run, other: it is wanted\n# more\nRUN a\n"), 0);
    assert.equal(count("FROM x\nRUN b && \\\n  # plimsoll ignore DL9999\n  a\n"), 0);
    assert.equal(count("FROM x\nRUN a\n# plimsoll global ignore example-run: all of them\nRUN a\n"), 0);
    assert.equal(count("FROM x\n# plimsoll ignore another-rule\nRUN a\n"), 1);
    assert.equal(look("FROM x\n# plimsoll ignore example-run\nRUN a\n").accepted.length, 1);
  });

  it("takes the comments of hadolint and BuildKit by their names", () => {
    assert.equal(count("FROM x\n# hadolint ignore=DL9999,DL3008 because\nRUN a\n"), 0);
    assert.equal(count("# hadolint global ignore=DL9999\nFROM x\nRUN a\n"), 0);
    assert.equal(count("FROM x\n# check=skip=ExampleRun\nRUN a\n"), 0);
    assert.equal(count("# check=skip=ExampleRun;error=true\nFROM x\nRUN a\n"), 0);
    assert.equal(count("# check=skip=all\nFROM x\nRUN a\n"), 0);
    assert.equal(count("FROM x\n# check=skip=Other\nRUN a\n"), 1);
  });

  it("is written so that it is understood", () => {
    for (const text of [
      "FROM x\nRUN a\n",
      "# syntax=y\nFROM x\n# comment\nRUN a\n",
      "FROM x\n# plimsoll ignore other: reason\n  RUN a\n",
      "# escape=`\r\nFROM x\r\nRUN a\r\n",
      "FROM x\nONBUILD RUN a",
    ]) {
      const dockerfile = new Dockerfile(text);
      for (const offset of [text.indexOf("RUN"), undefined]) {
        const edited = applyEdits(text, [ignoreEdit(dockerfile, "example-run", offset)]);
        assert.equal(count(edited), 0, edited);
        assert.equal(new Dockerfile(edited).syntax.directives.length, dockerfile.syntax.directives.length, edited);
      }
    }
  });
});

describe("score", () => {
  const diagnosticsOf = (...rules: readonly Partial<Rule>[]): Diagnostic[] =>
    rules.flatMap(
      (rule, index) => look("FROM x\nRUN a\n", {}, [{ ...example, id: `rule-${index}`, ...rule }]).diagnostics,
    );

  it("is ten where nothing is open, and shown rounded down", () => {
    assert.equal(shown(rate([]).score.overall), "10.0");
    assert.equal(shown(9.99), "9.9");
    assert.equal(shown(7), "7.0");
  });

  it("takes a rule's weight by the formula, and never more than twice", () => {
    const points = (count: number) =>
      rate(Array.from({ length: count }, () => diagnosticsOf({ weight: "high" })[0]!)).score.efficiency;
    assert.equal(points(1).toFixed(6), (10 * Math.exp(-0.3)).toFixed(6));
    assert.equal(points(2).toFixed(6), (10 * Math.exp(-0.45)).toFixed(6));
    assert.ok(points(50) > 10 * Math.exp(-0.6) - 1e-9);
  });

  it("keeps security under five while a critical finding is open", () => {
    assert.equal(rate(diagnosticsOf({ category: "security", weight: "critical" })).score.security, 4.9);
    assert.ok(rate(diagnosticsOf({ category: "security", weight: "high" })).score.security > 4.9);
  });

  it("weighs security more than efficiency, and efficiency more than the rest", () => {
    const overall = (category: Rule["category"]) => rate(diagnosticsOf({ category, weight: "high" })).score.overall;
    assert.ok(overall("security") < overall("efficiency") && overall("efficiency") < overall("maintainability"));
    assert.equal(overall("maintainability"), overall("correctness"));
  });
});

describe("fixing", () => {
  const fixed = (text: string, rules: readonly Rule[], safety: "safe" | "unsafe" = "safe") =>
    fix(text, rules, DEFAULT_SETTINGS, safety, {});

  it("goes on until nothing is left", () => {
    const { text, changes } = fixed("FROM x\nRUN aaa\n", [example]);
    assert.equal(text, "FROM x\nRUN bbb\n");
    assert.equal(changes.length, 3);
  });

  it("leaves unsafe fixes alone unless asked, and takes the first that is safe enough", () => {
    const rule = defineRule({
      ...example,
      *check({ runs }) {
        for (const { instruction } of runs) {
          if (instruction.rest.text !== "a") continue;
          const at = instruction.rest.range;
          yield {
            at,
            message: "It",
            fixes: [unsafe("Unsafe", { ...at, text: "unsafe" }), safe("Safe", { ...at, text: "safe" })],
          };
        }
      },
    });
    assert.equal(fixed("FROM x\nRUN a\n", [rule]).text, "FROM x\nRUN safe\n");
    assert.equal(fixed("FROM x\nRUN a\n", [rule], "unsafe").text, "FROM x\nRUN unsafe\n");
  });

  it("refuses a fix that breaks its word, and applies the others of the same pass", () => {
    const replacing = (id: string, word: string, text: string, ...changes: Parameters<typeof changing>[1][]) =>
      defineRule({
        ...example,
        id,
        *check({ text: source }) {
          const start = source.indexOf(word);
          if (start === -1) return;
          const at = { start, end: start + word.length };
          yield { at, message: "It", fixes: [changing(safe("Replace", { ...at, text }), ...changes)] };
        },
      });
    const text = "FROM x\nRUN a\nUSER app\nCMD c\n";
    assert.equal(fixed(text, [replacing("breaking", "USER", "USERR"), example]).text, text.replace("RUN a", "RUN b"));
    assert.equal(fixed(text, [replacing("changing", "app", "root"), example]).text, text.replace("RUN a", "RUN b"));
    assert.equal(fixed(text, [replacing("declared", "app", "other", "USER")]).text, text.replace("app", "other"));
  });

  it("adds a stage before anything else, that of the weightiest rule", () => {
    const splitting = (id: string, weight: Rule["weight"], image: string) =>
      defineRule({
        ...example,
        id,
        weight,
        *check({ stages, text }) {
          if (stages.length > 1) return;
          const edit = { start: text.length, end: text.length, text: `FROM ${image}\nRUN a\n` };
          yield {
            at: stages[0]!.from.range,
            message: "It",
            fixes: [changing(safe("Split", edit), "stages", "images")],
          };
        },
      });
    const rules = [example, splitting("one", "medium", "y"), splitting("other", "high", "z")];
    const { text, changes } = fixed("FROM x\nRUN a\n", rules);
    assert.equal(text, "FROM x\nRUN b\nFROM z\nRUN b\n");
    assert.deepEqual(
      changes.map(({ rule }) => rule.id),
      ["other", "example-run", "example-run"],
    );

    // But for another version of the image: what is known of it decides what a stage can be made of.
    const moving = defineRule({
      ...example,
      id: "moving",
      *check({ stages: [stage] }) {
        const { range: at, text: name } = stage!.imageWord!;
        if (name === "x") yield { at, message: "It", fixes: [changing(safe("Move", { ...at, text: "w" }), "images")] };
      },
    });
    const order = (...all: readonly Rule[]): readonly string[] =>
      fixed("FROM x\n", all).changes.map(({ rule }) => rule.id);
    const split = splitting("split", "high", "z");
    assert.deepEqual(order(split, { ...moving, category: "security" }).slice(0, 2), ["moving", "split"]);
    assert.deepEqual(order(split, { ...moving, category: "efficiency" }).slice(0, 2), ["split", "moving"]);

    // And for a file beside the Dockerfile.
    const writes = defineRule({
      ...example,
      id: "writing",
      *check({ context, stages: [stage] }) {
        if (context.files?.["a"] !== null) return;
        yield { at: stage!.from.range, message: "It", fixes: [writing(safe("Write"), { path: "a", text: "b\n" })] };
      },
    });
    const { changes: made } = fix("FROM x\n", [split, writes], DEFAULT_SETTINGS, "safe", { files: { a: null } });
    assert.deepEqual(
      made.map(({ rule }) => rule.id),
      ["writing", "split"],
    );
  });

  it("says why", () => {
    const dockerfile = new Dockerfile("FROM x\nRUN a && b\n");
    const edit = (start: number, end: number, text: string) => safe("It", { start, end, text });
    assert.equal(objection(dockerfile, [edit(7, 10, "RUN")]), "it changes nothing");
    assert.equal(objection(dockerfile, [edit(16, 17, "")]), "the result has a syntax error");
    assert.equal(objection(dockerfile, [edit(5, 6, "y")]), "it changes images");
    assert.match(objection(dockerfile, [edit(7, 10, "A"), edit(8, 9, "B")]) ?? "", /overlap/);
    assert.match(objection(dockerfile, [edit(7, 999, "A")]) ?? "", /outside/);
    assert.equal(objection(dockerfile, [edit(11, 12, "c")]), undefined);
    const template = new Dockerfile("FROM x\n{{ if .a }}\nRUN a\n{{ end }}\n");
    assert.match(objection(template, [edit(5, 6, "y")]) ?? "", /is a template/);
  });

  it("refuses what takes along more than it touches", () => {
    const edit = (start: number, end: number, text: string) => safe("It", { start, end, text });
    const why = (text: string, fix: Fix) => objection(new Dockerfile(text), [fix]);
    // The new line ends in a continuation, and so swallows the next.
    assert.equal(
      why("FROM x\nRUN a\nRUN b\n", edit(7, 7, "RUN c && \\\n")),
      "it changes a `RUN` that it should leave alone",
    );
    // What stands before goes on into it.
    assert.match(why("FROM x\nRUN a \\\n\n", edit(15, 15, "RUN c")) ?? "", /leave alone/);
    assert.equal(why("FROM x\r\nRUN a\r\n", edit(7, 7, " AS b")), "its edits cut a character or a line end in two");
    assert.equal(why("FROM x\nRUN \u{1f433}\n", edit(12, 13, "a")), "its edits cut a character or a line end in two");
    assert.equal(why("FROM x\n# why\nRUN a\n", edit(7, 13, "")), "it loses a comment");
    const unsafely: Fix = { ...edit(7, 13, ""), safety: "unsafe" };
    assert.equal(why("FROM x\n# why\nRUN a\n", unsafely), undefined);
  });
});

describe("a whole result", () => {
  /** Reports a word wherever it stands, and offers to write another one. */
  const replacing = (id: string, from: string, to: string, more: Partial<Rule> = {}): Rule =>
    defineRule({
      ...example,
      id,
      ...more,
      *check({ text }) {
        for (let start = text.indexOf(from); start !== -1; start = text.indexOf(from, start + 1)) {
          const at = { start, end: start + from.length };
          yield { at, message: "It", fixes: [safe(`Write ${to}`, { ...at, text: to })] };
        }
      },
    });
  const job = (text: string, rules: readonly Rule[], leaveOut?: (change: Change) => boolean) =>
    fix(text, rules, DEFAULT_SETTINGS, "unsafe", {}, leaveOut);
  const refusals = ({ left }: Fixed) =>
    left.flatMap(({ diagnostic, fix, reason }) =>
      fix?.fate === "refused" ? [`${diagnostic.rule.id}: ${reason}`] : [],
    );

  it("is one that a second run leaves alone, also where fixes undo each other", () => {
    const rules = [replacing("to-b", "RUN a", "RUN b"), replacing("to-a", "RUN b", "RUN a"), replacing("c", "c", "d")];
    const fixed = job("FROM x\nRUN a\nRUN c\n", rules);
    assert.match(fixed.text, /^FROM x\nRUN [ab]\nRUN d\n$/);
    assert.match(refusals(fixed).join(), /^to-[ab]: it and other fixes undo each other/);
    assert.equal(job(fixed.text, rules).text, fixed.text);
  });

  it("gives up a text that would grow forever", () => {
    const fixed = job("FROM x\nRUN a\n", [replacing("growing", "RUN ", "RUN b ")]);
    assert.equal(fixed.text, "FROM x\nRUN a\n");
    assert.deepEqual(fixed.changes, []);
  });

  it("lowers no dimension of the score; what would is refused, and the rest is done", () => {
    const costly = replacing("costly", "RUN a", "RUN worse");
    const follower = { ...replacing("worse", "worse", "worse"), weight: "critical" as const };
    const better = replacing("better", "RUN b", "RUN c");
    const fixed = job("FROM x\nRUN a\nRUN b\n", [costly, follower, better]);
    assert.equal(fixed.text, "FROM x\nRUN a\nRUN c\n");
    assert.deepEqual(refusals(fixed), ["costly: it lowers the score for efficiency"]);
  });

  it("does without what is left out, whatever comes before or after it", () => {
    const text = "FROM x\nRUN a\nRUN a\n";
    const all = job(text, [example]);
    const [, second] = all.changes;
    assert.equal(second?.origin, text.lastIndexOf("RUN"));
    const rest = job(text, [example], ({ id }) => id === second?.id);
    assert.equal(rest.text, "FROM x\nRUN b\nRUN a\n");
    assert.deepEqual([rest.changes.length, rest.leftOut.map(({ id }) => id)], [1, [second?.id]]);
    assert.equal(rest.left.find(({ fix }) => fix?.fate === "left out")?.origin, text.lastIndexOf("RUN"));
    // Lines before it come and go.
    const later = job(`FROM x\nRUN c\n\nRUN a\nRUN a\n`, [example], ({ id }) => id === second?.id);
    assert.equal(later.text, "FROM x\nRUN c\n\nRUN b\nRUN a\n");
  });

  it("has what is seldom worth it only where somebody names the rule", () => {
    const rule: Rule = {
      ...example,
      *check(dockerfile) {
        for (const finding of example.check(dockerfile)) yield { ...finding, fixes: finding.fixes!.map(onRequest) };
      },
    };
    const text = "FROM x\nRUN a\n";
    const unasked = job(text, [rule]);
    assert.equal(unasked.text, text);
    assert.equal(unasked.left[0]?.fix?.fate, "on request");
    const asked = fix(text, [rule], { ...DEFAULT_SETTINGS, only: ["DL9999"] }, "unsafe", {});
    assert.equal(asked.text, "FROM x\nRUN b\n");
  });

  it("knows where things stood before they were moved", () => {
    const rules = [replacing("longer", "FROM x", "FROM x AS much-longer", {}), example].map((rule) =>
      rule.id === "longer" ? { ...rule, check: once(rule, "AS") } : rule,
    );
    const text = "FROM x\nRUN aa\n";
    const { changes } = job(text, rules);
    assert.deepEqual(
      changes.filter(({ rule }) => rule.id === "example-run").map(({ origin }) => origin),
      [7, 7],
    );
  });

  /** The rule's findings, until there is a word. */
  function once({ check }: Rule, word: string): Rule["check"] {
    return (dockerfile) => (dockerfile.text.includes(word) ? [] : check(dockerfile));
  }
});

describe("settings", () => {
  it("of the wrong type are left at their defaults, each with a sentence that says what is wanted", () => {
    const { settings, problems } = readSettings(
      { preset: "most", role: 7, codeLens: "yes", rules: { "example-run": "loud", nothing: "off", DL9999: "error" } },
      [example],
    );
    assert.deepEqual({ ...settings, rules: {} }, DEFAULT_SETTINGS);
    assert.deepEqual(settings.rules, { DL9999: "error" });
    assert.equal(problems.length, 5);
    for (const problem of problems) assert.match(problem, /^The setting "plimsoll\.\w+" .*\.$/);
  });

  it("may be missing, null or no object at all", () => {
    for (const input of [undefined, null, 7, [], {}, { rules: null }]) {
      assert.deepEqual(readSettings(input, [example]), { settings: DEFAULT_SETTINGS, problems: [] });
    }
  });
});
