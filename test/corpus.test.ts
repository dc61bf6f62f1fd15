/**
 * Dockerfiles in the manner of real ones, good and mediocre, and what the recommended rules together say and make of them.
 * Each folder of `test/corpus/` is one build context; UPDATE=1 writes its `report.txt` and `fixed.Dockerfile`, to be read.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { diskFiles } from "../server/context/disk.ts";
import { gatherContext } from "../server/context/gather.ts";
import { type Change, type Fixed, fix } from "../server/lint/fix.ts";
import { lint, type Report } from "../server/lint/lint.ts";
import { describe as describeDiagnostic, LineIndex } from "../server/lint/report.ts";
import { DIMENSIONS, rate, type Score, shown } from "../server/lint/score.ts";
import { DEFAULT_SETTINGS, type Settings } from "../server/lint/settings.ts";
import { changedContract, syntaxErrors } from "../server/lint/verify.ts";
import type { Context } from "../server/model/context.ts";
import { Dockerfile } from "../server/model/dockerfile.ts";
import { RULES } from "../server/rules/index.ts";
import type { Contract, Safety } from "../server/rules/rule.ts";

const UPDATE = process.env["UPDATE"] === "1";
const FOLDER = "test/corpus";
const ALL: Settings = { ...DEFAULT_SETTINGS, preset: "all" };

/** What this test writes into a folder is no part of the build context. */
const SNAPSHOTS = ["report.txt", "fixed.Dockerfile"];

/** What whoever runs the image relies on: a fix may write it in another form, and must not drop it. */
const KEPT = ["CMD", "ENTRYPOINT", "EXPOSE"] as const satisfies readonly Contract[];

/** By case, the words that its unsafe fixes replace: a launcher by what it launches, the port of a shell for the network. */
const REPLACED: Readonly<Record<string, readonly string[]>> = {
  "centos-beginner": ["22"],
  "node-next-beginner": ["npm", "start"],
  "node-npm-beginner": ["npm", "start"],
  "node-typescript": ["npm", "run", "start:prod"],
  "python-poetry-beginner": ["poetry", "run"],
  "python-poetry-pip": ["poetry", "run"],
  // nginx starts by itself.
  "react-serve-beginner": ["serve", "-s", "dist", "-l", "5000"],
  "secrets-beginner": ["npm", "run", "start:prod"],
};

interface Snapshot {
  readonly path: string;
  /** Empty: there is no such file. */
  readonly text: string;
}

/** A text and what there is to know around it. */
interface Source {
  readonly text: string;
  readonly context: Context;
}

describe("the corpus", () => {
  const differences = new Map<string, Difference>();

  for (const name of readdirSync(FOLDER).sort()) {
    const directory = `${FOLDER}/${name}`;
    describe(name, () => {
      let source: Source;
      let fixed: Fixed;

      before(async () => {
        source = await read(directory);
        fixed = fix(source.text, RULES, DEFAULT_SETTINGS, "unsafe", source.context);
      });

      it("says and becomes what its snapshots show", () => {
        const snapshots: readonly Snapshot[] = [
          { path: `${directory}/report.txt`, text: reportOf(source, fixed) },
          { path: `${directory}/fixed.Dockerfile`, text: fixed.text === source.text ? "" : fixed.text },
          {
            path: `${directory}/fixed.dockerignore`,
            text: fixed.files.find(({ path }) => path === ".dockerignore")?.text ?? "",
          },
        ];
        const known = snapshots.map(({ path }) => (existsSync(path) ? readFileSync(path, "utf8") : ""));
        const difference = compare(
          known,
          snapshots.map(({ text }) => text),
        );
        if (difference) differences.set(name, difference);
        snapshots.forEach((snapshot, index) => {
          if (UPDATE) write(snapshot);
          else assert.equal(snapshot.text, known[index], `${snapshot.path} (UPDATE=1 writes it)`);
        });
      });

      it("unsafe fixes of recommended rules come to a good end", () => {
        checkFixed(name, source, DEFAULT_SETTINGS, "unsafe", fixed);
      });

      for (const [settings, safety] of [
        [DEFAULT_SETTINGS, "safe"],
        [ALL, "safe"],
        [ALL, "unsafe"],
      ] as const) {
        it(`${safety} fixes of ${settings.preset} rules come to a good end`, () => {
          checkFixed(name, source, settings, safety, fix(source.text, RULES, settings, safety, source.context));
        });
      }
    });
  }

  after(() => {
    if (differences.size > 0) console.log(blastRadius(differences));
  });
});

async function read(directory: string): Promise<Source> {
  const path = `${directory}/Dockerfile`;
  const text = readFileSync(path, "utf8");
  const context = await gatherContext({ text, path, directory }, diskFiles("."));
  const { tree } = context;
  return { text, context: tree ? { ...context, tree: tree.filter((file) => !SNAPSHOTS.includes(file)) } : context };
}

function write({ path, text }: Snapshot): void {
  if (text === "") rmSync(path, { force: true });
  else writeFileSync(path, text);
}

function look({ text, context }: Source, settings: Settings): Report {
  return lint(new Dockerfile(text, context), RULES, settings);
}

function checkFixed(name: string, source: Source, settings: Settings, safety: Safety, fixed: Fixed): void {
  const result: Source = fixed;
  const again = fix(result.text, RULES, settings, safety, result.context);
  assert.deepEqual(again.changes.map(titleOf), [], `the fixes do not come to an end:\n${fixed.text}`);
  const before = new Dockerfile(source.text, source.context);
  const after = new Dockerfile(result.text, result.context);
  assert.ok(syntaxErrors(after) <= syntaxErrors(before), `a new syntax error:\n${fixed.text}`);
  checkContract(before, after, fixed, safety === "unsafe" ? (REPLACED[name] ?? []) : []);
  checkScores(rate(look(source, settings).diagnostics).score, rate(look(result, settings).diagnostics).score, fixed);
}

function titleOf({ rule, fix: { title } }: Change): string {
  return `${rule.id}: ${title}`;
}

/** @param replaced words that may be lost. */
function checkContract(before: Dockerfile, after: Dockerfile, fixed: Fixed, replaced: readonly string[]): void {
  const declared = new Set(fixed.changes.flatMap(({ fix }) => fix.changes ?? []));
  const changed = changedContract(before, after);
  for (const part of KEPT) {
    if (changed.includes(part)) assert.ok(declared.has(part), `${part} changes, and no fix says so:\n${fixed.text}`);
    const kept = wordsOf(after, part);
    const lost = wordsOf(before, part).filter((word) => !kept.includes(word) && !replaced.includes(word));
    assert.deepEqual(lost, [], `${part} loses words:\n${fixed.text}`);
  }
}

/** The words of the final image's instruction, be it a list, shell, or a list that calls a shell. */
function wordsOf(dockerfile: Dockerfile, keyword: (typeof KEPT)[number]): readonly string[] {
  const found = (dockerfile.finalStage?.effective() ?? []).filter((instruction) => instruction.keyword === keyword);
  return (keyword === "EXPOSE" ? found : found.slice(-1)).flatMap((one) =>
    one.arguments.flatMap(({ value }) => value.split(" ")),
  );
}

function checkScores(before: Score, after: Score, { text }: Fixed): void {
  for (const part of ["overall", ...DIMENSIONS] as const)
    assert.ok(after[part] >= before[part] - 1e-9, `${part} falls from ${before[part]} to ${after[part]}:\n${text}`);
}

/** What a person gets to see: the score, the findings, and what is left when every fix has been applied. */
function reportOf(source: Source, fixed: Fixed): string {
  const { diagnostics, role } = look(source, DEFAULT_SETTINGS);
  const index = new LineIndex(source.text);
  const blocks = [
    `${scoreLine(rate(diagnostics).score)}; ${role}`,
    ...diagnostics.map((diagnostic) => describeDiagnostic(diagnostic, index)),
  ];
  if (fixed.changes.length > 0) {
    const left = look(fixed, DEFAULT_SETTINGS).diagnostics;
    const lines = new LineIndex(fixed.text);
    blocks.push(
      [
        `after all fixes: ${scoreLine(rate(left).score)}`,
        ...left.map((one) => `left at line ${lines.positionAt(one.range.start).line}: ${one.rule.id}: ${one.message}`),
      ].join("\n"),
    );
  }
  return `${blocks.join("\n\n")}\n`;
}

function scoreLine(score: Score): string {
  return (["overall", ...DIMENSIONS] as const).map((part) => `${part} ${shown(score[part])}`).join(", ");
}

/** How a snapshot differs from what it was. */
interface Difference {
  /** Findings by rule and message, not by place. */
  readonly gone: readonly string[];
  readonly come: readonly string[];
  /** The score lines before and after, where they differ. */
  readonly scores: readonly [string, string] | undefined;
  readonly isFixedOtherwise: boolean;
}

function compare([report, fixed]: readonly string[], [newReport, newFixed]: readonly string[]): Difference | undefined {
  if (report === newReport && fixed === newFixed) return undefined;
  const before = findingsOf(report!);
  const after = findingsOf(newReport!);
  const score = report!.split("\n")[0]!;
  const newScore = newReport!.split("\n")[0]!;
  return {
    gone: without(before, after),
    come: without(after, before),
    scores: score === newScore ? undefined : [score, newScore],
    isFixedOtherwise: fixed !== newFixed,
  };
}

function findingsOf(report: string): readonly string[] {
  return [...report.matchAll(/^\d+:\d+ (\w+ [\w-]+: .*)$/gm)].map((match) => match[1]!);
}

/** Each of `others` takes one away. */
function without(findings: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...findings];
  for (const other of others) if (rest.includes(other)) rest.splice(rest.indexOf(other), 1);
  return rest;
}

/** How far a change of the rules reaches: the cases it moves, what they gain and lose. */
function blastRadius(differences: ReadonlyMap<string, Difference>): string {
  const lines = [`\n  ${differences.size} of the corpus's cases ${UPDATE ? "have changed" : "differ"}:`];
  for (const [name, { gone, come, scores, isFixedOtherwise }] of differences) {
    lines.push(`  ${name}${isFixedOtherwise ? " (fixed otherwise)" : ""}`);
    if (scores) lines.push(`      ${scores[0] || "(new)"}`, `    → ${scores[1]}`);
    lines.push(...gone.map((finding) => `    - ${finding}`), ...come.map((finding) => `    + ${finding}`));
  }
  return lines.join("\n");
}
