/** Runs every example of every rule, and holds all of them to what is true of every rule. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { CreateFile, TextDocumentEdit, type TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { factsLine } from "../scripts/facts.ts";
import { findSecretValues } from "../server/context/secrets.ts";
import { applyEdits, fix } from "../server/lint/fix.ts";
import { type Diagnostic, lint, type Report } from "../server/lint/lint.ts";
import { describe as describeDiagnostic, LineIndex } from "../server/lint/report.ts";
import { DIMENSIONS, rate } from "../server/lint/score.ts";
import { DEFAULT_SETTINGS, type Settings } from "../server/lint/settings.ts";
import { objection } from "../server/lint/verify.ts";
import { toFixEdit } from "../server/lsp/convert.ts";
import type { Context } from "../server/model/context.ts";
import { Dockerfile } from "../server/model/dockerfile.ts";
import { RULES } from "../server/rules/index.ts";
import type { Fix, Rule } from "../server/rules/rule.ts";
import { contains, overlaps } from "../server/syntax/text.ts";
import { type Example, type Page, readPage } from "./examples.ts";

const UPDATE = process.env["UPDATE"] === "1";

for (const rule of RULES) {
  describe(rule.id, () => {
    const path = `server/rules/${rule.id}.md`;
    const cases = `test/cases/${rule.id}.md`;
    const pages = [path, ...(existsSync(cases) ? [cases] : [])].map(readPage);
    const kinds = new Set(pages.flatMap((page) => page.examples.map((example) => example.kind)));
    const offered = new Set<string>();

    it("has a title, its facts, a bad example and a good one", () => {
      assert.match(pages[0]!.title, /^\S.*\S$/);
      assert.deepEqual([...kinds].sort(), ["bad", "good"]);
      checkFacts(pages[0]!, rule);
    });

    for (const page of pages) {
      const edits = new Map<number, { end: number; lines: string[] }>();
      for (const example of page.examples) {
        it(`${page.path}:${example.line} ${example.name}`, async () => {
          const context = await contextOf(example);
          const report = look(rule, example.text, context);
          for (const one of report.diagnostics.flatMap(({ fixes }) => fixes)) offered.add(one.safety);
          checkReport(page, example, report, edits);
          checkFixed(page, example, rule, context, edits);
          checkRanges(rule, example, context);
          checkFixes(rule, example, context, report);
          checkVariants(rule, example, context, report);
          checkScores(example, context, rule);
        });
      }
      after(() => writeUpdates(page, edits));
    }

    it("offers the fixes that it declares", () => {
      assert.equal(offered.has("safe") ? "safe" : offered.has("unsafe") ? "unsafe" : undefined, rule.fix);
    });
  });
}

it("a rule has nothing to say of a text that mentions nothing of it", () => {
  const texts = readdirSync("server/rules")
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => readPage(`server/rules/${file}`).examples.map(({ text }) => text));
  for (const rule of RULES) {
    if (!rule.mentions) continue;
    assert.ok(!rule.mentions.global && !rule.mentions.sticky, `${rule.id}: the expression keeps a state`);
    for (const text of texts) {
      if (!rule.mentions.test(text))
        assert.deepEqual(
          [...rule.check(new Dockerfile(text, { files: { ".dockerignore": null } }))],
          [],
          `${rule.id}: ${text}`,
        );
    }
  }
});

it("every page belongs to a rule", () => {
  const ids = new Set(RULES.map((rule) => rule.id));
  for (const folder of ["server/rules", "test/cases"]) {
    for (const file of readdirSync(folder))
      if (file.endsWith(".md")) assert.ok(ids.has(file.slice(0, -3)), `${folder}/${file}`);
  }
});

/** Only the rule under test runs. */
function look(rule: Rule, text: string, context: Context): Report {
  return lint(new Dockerfile(text, context), [rule], only(rule));
}

function only(rule: Rule): Settings {
  return { ...DEFAULT_SETTINGS, only: [rule.id] };
}

async function contextOf({ text, files, policy }: Example): Promise<Context> {
  // A file that an example does not show is not known, unless it shows some.
  // Its files are the whole build context.
  const tree = Object.keys(files).filter((path) => files[path] !== null);
  const shown = Object.keys(files).length > 0 ? { files, tree } : {};
  return { ...shown, ...(policy ? { policy } : {}), secrets: await findSecretValues(text) };
}

function checkReport(
  page: Page,
  example: Example,
  report: Report,
  edits: Map<number, { end: number; lines: string[] }>,
): void {
  const index = new LineIndex(example.text);
  for (const { message } of report.diagnostics)
    assert.match(message, /^(?:[A-Z`"]|\.NET |hadolint |pip ).*[^.\s]$/s, "a sentence without a full stop");
  const actual = report.diagnostics.map((diagnostic) => `${describeDiagnostic(diagnostic, index)}\n`).join("");
  if (example.kind === "good") {
    assert.equal(actual, "");
    return;
  }
  assert.notEqual(actual, "", "nothing is reported");
  if (UPDATE) setBlock(page, example.report?.start, example.report?.end, example, "report", actual, edits);
  else assert.equal(actual, example.report?.text ?? "", "the report (UPDATE=1 writes it)");
}

function checkFixed(
  page: Page,
  example: Example,
  rule: Rule,
  context: Context,
  edits: Map<number, { end: number; lines: string[] }>,
): void {
  if (example.kind === "good") return;
  const fixed = fix(example.text, [rule], only(rule), "unsafe", context);
  const { text } = fixed;
  if (text === example.text) assert.equal(example.fixed, undefined, "no fix changes anything here");
  else if (UPDATE) setBlock(page, example.fixed?.start, example.fixed?.end, example, "dockerfile fixed", text, edits);
  else assert.equal(text, example.fixed?.text ?? "", "the fixed text (UPDATE=1 writes it)");
  if (UPDATE) {
    for (const file of fixed.files) {
      const block = example.fixedFiles[file.path];
      setBlock(page, block?.start, block?.end, example, `gitignore fixed ${file.path}`, file.text, edits);
    }
  } else {
    const expected = Object.entries(example.fixedFiles).map(([path, block]) => ({ path, text: block.text }));
    assert.deepEqual(fixed.files, expected, "the files written (UPDATE=1 writes them)");
  }
  // It comes to an end.
  const again = fix(text, [rule], only(rule), "unsafe", fixed.context);
  assert.equal(again.text, text, "a second run changes something");
  assert.deepEqual(again.files, [], "a second run writes files");
}

/** Somebody is typing: cut off after any character, nothing throws, and every range lies in the text. */
function checkRanges(rule: Rule, { text }: Example, context: Context): void {
  // The middle of what is far longer than anybody types is passed over in strides.
  const isFar = (end: number): boolean => text.length > 20_000 && end > 200 && end < text.length - 200;
  for (let end = 0; end <= text.length; end += isFar(end) ? 9973 : 1) {
    const part = text.slice(0, end);
    const secrets = context.secrets?.filter((secret) => secret.end <= end) ?? [];
    for (const finding of rule.check(new Dockerfile(part, { ...context, secrets }))) {
      const inner = [
        finding.at,
        ...(finding.related ?? []).map(({ at }) => at),
        ...(finding.fixes ?? []).flatMap(({ edits }) => edits),
      ];
      for (const range of inner) {
        assert.ok(
          0 <= range.start && range.start <= range.end && range.end <= end,
          `a range outside of ${JSON.stringify(part)}`,
        );
      }
    }
  }
}

function checkFixes(rule: Rule, { text }: Example, context: Context, report: Report): void {
  const dockerfile = new Dockerfile(text, context);
  for (const one of report.diagnostics.flatMap(({ fixes }) => fixes)) {
    assert.equal(objection(dockerfile, [one]), undefined, one.title);
    one.edits.forEach((edit, index) => {
      for (const other of one.edits.slice(index + 1)) {
        assert.ok(
          edit.end <= other.start || other.end <= edit.start || !overlaps(edit, other),
          `edits of "${one.title}" overlap`,
        );
      }
    });
    const result = applyEdits(text, one.edits);
    assert.deepEqual(
      appliedByClient(text, context, one),
      [result, ...(one.files ?? []).map((file) => file.text)],
      `the code action "${one.title}" gives another text`,
    );
    if (one.safety === "unsafe") {
      assert.ok(
        (one.assumptions ?? []).length > 0,
        `"${one.title}" is unsafe, and does not say what it takes for granted`,
      );
      for (const assumption of one.assumptions!) assert.match(assumption, /^[\p{Lu}`].*\.$/u, "it is no sentence");
      continue;
    }
    for (const { text: comment } of dockerfile.syntax.comments) {
      assert.ok(
        new Dockerfile(result).syntax.comments.some((kept) => kept.text === comment),
        `"${one.title}" loses a comment`,
      );
    }
  }
  const safe = fix(text, [rule], only(rule), "safe", context);
  const again = fix(safe.text, [rule], only(rule), "safe", safe.context);
  assert.deepEqual([again.text, again.files], [safe.text, []], "safe fixes do not come to an end");
}

/** What a client makes of the server's code action: the document, and the files that it writes besides. */
function appliedByClient(text: string, { files: known }: Context, one: Fix): readonly string[] {
  const document = TextDocument.create("file:///Dockerfile", "dockerfile", 1, text);
  const texts = new Map([[document.uri, text]]);
  for (const [path, content] of Object.entries(known ?? {}))
    if (content !== null) texts.set(`file:///${path}`, content);
  const traits = { ruleUri: undefined, relatedInformation: false, documentChanges: true, createsFiles: true };
  for (const change of toFixEdit(document, one, known, traits).documentChanges ?? []) {
    if (TextDocumentEdit.is(change)) {
      const { uri } = change.textDocument;
      const before = TextDocument.create(uri, "", 0, texts.get(uri)!);
      texts.set(uri, TextDocument.applyEdits(before, change.edits as TextEdit[]));
    } else if (CreateFile.is(change)) {
      assert.ok(!texts.has(change.uri), `${change.uri} is there already`);
      texts.set(change.uri, "");
    }
  }
  return [document.uri, ...(one.files ?? []).map(({ path }) => `file:///${path}`)].map((uri) => texts.get(uri)!);
}

/** The verdict does not depend on line ends, keyword case, a leading comment, an unrelated stage, or ONBUILD. */
function checkVariants(rule: Rule, { text }: Example, context: Context, report: Report): void {
  const { syntax, stages } = report.dockerfile;
  const variants: Record<string, string> = { "CRLF line ends": text.replace(/\r?\n/g, "\r\n") };
  const keywords = syntax.instructions.flatMap((one) => [
    one.keywordRange,
    ...(one.trigger ? [one.trigger.keywordRange] : []),
  ]);
  if (!LETTER_CASE.includes(rule.id)) {
    variants["lower-case keywords"] = applyEdits(
      text,
      keywords.map((range) => ({ ...range, text: text.slice(range.start, range.end).toLowerCase() })),
    );
  }
  if (syntax.directives.length === 0) variants["a leading comment"] = `# A comment.\n\n${text}`;
  const first = stages[0]?.from.range.start;
  if (first !== undefined && !/\bfrom=\d/.test(text)) {
    variants["an unrelated stage"] = `${text.slice(0, first)}FROM scratch AS unrelated-stage\n${text.slice(first)}`;
  }
  if (rule.judges !== "stage") {
    const starts = stages.flatMap((stage) =>
      stage.instructions
        .filter((one) => !one.onbuild && one.keyword !== "ONBUILD" && one.keyword !== "MAINTAINER")
        .map((one) => one.range.start),
    );
    variants["ONBUILD"] = applyEdits(
      text,
      starts.map((start) => ({ start, end: start, text: "ONBUILD " })),
    );
  }
  for (const [name, variant] of Object.entries(variants)) {
    const secrets = context.secrets?.map((secret) => ({ ...secret, ...moved(text, variant, secret) })) ?? [];
    const verdict = look(rule, variant, { ...context, secrets });
    assert.deepEqual(verdict.diagnostics.map(gist), report.diagnostics.map(gist), `with ${name}:\n${variant}`);
    for (const { range } of verdict.diagnostics) assert.ok(contains({ start: 0, end: variant.length }, range));
  }
}

/** Rules about the case of keywords themselves. */
const LETTER_CASE: readonly string[] = RULES.filter(({ id }) => id.endsWith("-case")).map(({ id }) => id);

function gist({ message, fixes }: Diagnostic): string {
  return [message, ...fixes.map(({ title, safety }) => `${safety}: ${title}`)].join("; ");
}

function moved(text: string, variant: string, secret: { start: number; end: number }): { start: number; end: number } {
  const value = text.slice(secret.start, secret.end);
  const start = variant.indexOf(value);
  return { start, end: start + value.length };
}

/** Resolving a finding lowers no score, with all rules looking. */
function checkScores({ text }: Example, context: Context, rule: Rule): void {
  const fixed = fix(text, [rule], only(rule), "unsafe", context);
  if (fixed.changes.length === 0) return;
  const scoreOf = (one: string, { files }: Context) =>
    rate(
      lint(new Dockerfile(one, { ...context, ...(files ? { files } : {}), secrets: [] }), RULES, DEFAULT_SETTINGS)
        .diagnostics,
    ).score;
  const before = scoreOf(text, context);
  const after = scoreOf(fixed.text, fixed.context);
  for (const dimension of DIMENSIONS) {
    assert.ok(
      after[dimension] >= before[dimension] - 1e-9,
      `${dimension} falls from ${before[dimension]} to ${after[dimension]}:\n${fixed.text}`,
    );
  }
}

function checkFacts(page: Page, rule: Rule): void {
  assert.ok(page.facts, "the page has no <!-- facts --> (npm run generate writes them)");
  assert.equal(page.facts.text, factsLine(rule), "npm run generate writes it");
}

function setBlock(
  page: Page,
  start: number | undefined,
  end: number | undefined,
  example: Example,
  kind: string,
  text: string,
  edits: Map<number, { end: number; lines: string[] }>,
): void {
  const lines = text.replace(/\n$/, "").split("\n");
  if (start !== undefined) edits.set(start, { end: end!, lines });
  else {
    // Behind the fence before it: the example's own, or its report.
    const own = page.lines.indexOf("```", example.line) + 1;
    const after = kind === "report" ? own : (example.report?.end ?? own - 1) + 1;
    const known = edits.get(after);
    edits.set(after, { end: after, lines: [...(known?.lines ?? []), "", `\`\`\`${kind}`, ...lines, "```"] });
  }
}

function writeUpdates(page: Page, edits: ReadonlyMap<number, { end: number; lines: string[] }>): void {
  if (!UPDATE || edits.size === 0) return;
  const lines = [...page.lines];
  for (const [start, edit] of [...edits].sort(([a], [b]) => b - a))
    lines.splice(start, edit.end - start, ...edit.lines);
  const text = lines.join("\n");
  if (text !== page.lines.join("\n")) writeFileSync(page.path, text);
}
