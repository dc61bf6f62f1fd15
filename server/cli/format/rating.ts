/** The explained rating, for people and as JSON (a contract, see docs/cli.md). */
import type { Report } from "../../lint/lint.ts";
import { DIMENSIONS, type Dimension, type Score, SHARES, shown, shownScore } from "../../lint/score.ts";
import type { Estimate } from "../../size/estimate.ts";
import { about } from "../../size/text.ts";
import { type Paint, paintCode, paintFor } from "../color.ts";
import type { Host } from "../host.ts";
import { placesOf } from "../position.ts";
import { printable } from "../printable.ts";
import { type ExplainedRating, type Lost, lostIn, type Outcome } from "../rating.ts";
import { ShownSource } from "../source.ts";
import { capitalised, colorOfScore, count } from "../words.ts";
import { JSON_VERSION, print } from "./json.ts";

export function formatRatingJson({ analysis, lost, after }: ExplainedRating, size: Estimate): string {
  const { path, report, rating } = analysis;
  const source = new ShownSource(report.dockerfile);
  return print({
    version: JSON_VERSION,
    path,
    role: report.role,
    score: shownScore(rating.score),
    afterSafeFixes: after.safe ? shownScore(after.safe) : null,
    afterAllFixes: after.unsafe ? shownScore(after.unsafe) : null,
    lost: lost.map(({ diagnostic, dimension, points, fix }) => ({
      rule: diagnostic.rule.id,
      dimension,
      points,
      message: source.hide(diagnostic.message),
      ...placesOf(diagnostic.range, source.index),
      fix: fix
        ? {
            title: source.hide(fix.fix.title),
            safety: fix.fix.safety,
            gain: fix.outcome.kind === "done" ? fix.outcome.gain : null,
          }
        : null,
      refusal: refusalOf({ diagnostic, fix }, source) ?? null,
    })),
    notAssessed: report.notAssessed.map((text) => source.hide(text)),
    accepted: report.accepted.length,
    size: {
      final: { bytes: size.final.bytes ?? null, unknown: size.final.unknown.map((text) => source.hide(text)) },
      instructions: size.instructions.map(({ instruction, bytes, withoutRecommends, listsLeft, unknown }) => ({
        line: source.index.positionAt(instruction.range.start).line,
        bytes: Math.round(bytes),
        withoutRecommends: Math.round(withoutRecommends),
        listsLeft,
        unknown: unknown.map((text) => source.hide(text)),
      })),
    },
  });
}

export function formatRatingText({ analysis, lost, after }: ExplainedRating, size: Estimate, host: Host): string {
  const { path, report, rating } = analysis;
  const paint = paintFor(host.isColored);
  const source = new ShownSource(report.dockerfile);
  const free = report.diagnostics.length - lost.length;
  const blocks = [
    [`${paint("bold", printable(path))}: ${ROLES[report.role]}`],
    bars(rating.score, paint),
    ...DIMENSIONS.map((dimension) => dimensionLines(dimension, rating.score, lost, source, paint)),
    [
      ...afterLine("After all safe fixes", after.safe, paint),
      ...(after.unsafe && !isSame(after.safe, after.unsafe) ? afterLine("After all fixes", after.unsafe, paint) : []),
    ],
    sizeLines(size, source),
    [
      ...(free > 0 ? [`${count(free, "finding")} that cost nothing: \`plimsoll check\` shows them`] : []),
      ...report.accepted.map(
        ({ rule, range }) => `Accepted by a comment: ${rule.id} in line ${source.index.positionAt(range.start).line}`,
      ),
      ...report.notAssessed.map((text) => `Not assessed: ${paintCode(paint, source.message(text))}`),
    ],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

const ROLES: Readonly<Record<Report["role"], string>> = {
  application: "an application",
  "base image": "a base image, not rated for what only an application needs (--role application would)",
};

const NAME_WIDTH = Math.max(...DIMENSIONS.map(({ length }) => length)) + 2;
const BAR_WIDTH = 30;

function bars(score: Score, paint: Paint): readonly string[] {
  const line = (name: string, points: number, note: string): string => {
    const filled = Math.floor((Number(shown(points)) / 10) * BAR_WIDTH);
    const bar = paint(colorOfScore(points), "█".repeat(filled)) + paint("dim", "░".repeat(BAR_WIDTH - filled));
    return `  ${name.padEnd(NAME_WIDTH)}${shown(points).padStart(4)}  ${bar}${paint("dim", note)}`;
  };
  return [
    line("Overall", score.overall, ""),
    ...DIMENSIONS.map((dimension) =>
      line(capitalised(dimension), score[dimension], `  ${Math.round(SHARES[dimension] * 100)} %`),
    ),
  ];
}

function dimensionLines(
  dimension: Dimension,
  score: Score,
  lost: readonly Lost[],
  source: ShownSource,
  paint: Paint,
): readonly string[] {
  const own = lost.filter((one) => one.dimension === dimension);
  if (own.length === 0) return [];
  const total = lostIn(dimension, score).toFixed(2);
  const width = Math.max(...own.map(({ diagnostic }) => String(lineOf(diagnostic, source)).length));
  const words = (text: string): string => paintCode(paint, source.message(text));
  const lines = [`${paint("bold", capitalised(dimension))}: 10 - ${total} = ${shown(score[dimension])}`];
  for (const { diagnostic, points, fix } of own) {
    const line = String(lineOf(diagnostic, source)).padStart(width);
    const margin = " ".repeat(`  ${points.toFixed(2).padStart(6)}  line ${line}  `.length);
    lines.push(
      `  ${paint("red", `-${points.toFixed(2)}`.padStart(6))}  line ${line}  ${paint("bold", diagnostic.rule.id)}`,
      `${margin}${words(diagnostic.message)}`,
    );
    if (fix && fix.outcome.kind !== "refused") {
      const kind = `${paint("green", "fix")}${fix.fix.safety === "unsafe" ? " (unsafe)" : ""}`;
      lines.push(`${margin}${kind}: ${words(fix.fix.title)}${gainOf(fix.outcome, paint)}`);
    } else {
      const refusal = refusalOf({ diagnostic, fix }, source);
      if (refusal !== undefined) lines.push(`${margin}${paint("dim", "no fix:")} ${words(refusal)}`);
    }
  }
  return lines;
}

function gainOf(outcome: Outcome, paint: Paint): string {
  if (outcome.kind !== "done") return "";
  const { gain, score } = outcome;
  return ` ${paint("green", `${gain < 0 ? "" : "+"}${gain.toFixed(2)}`)}, overall ${shown(score.overall)}`;
}

function afterLine(name: string, score: Score | undefined, paint: Paint): readonly string[] {
  if (!score) return [];
  const dimensions = DIMENSIONS.map((dimension) => `${capitalised(dimension)} ${shown(score[dimension])}`);
  return [
    `${name}: ${paint("bold", paint(colorOfScore(score.overall), shown(score.overall)))} (${dimensions.join(", ")})`,
  ];
}

function sizeLines({ final, stages }: Estimate, source: ShownSource): readonly string[] {
  const last = stages.at(-1);
  if (!last) return [];
  const own = last.stage.lineage.reduce((sum, one) => sum + (stages.find(({ stage }) => stage === one)?.added ?? 0), 0);
  const known =
    final.bytes === undefined
      ? `${about(own)} and the base image`
      : `${about(final.bytes)}, ${about(final.bytes - own)} of it the base image`;
  const unknown = final.bytes === undefined ? final.unknown.slice(1) : final.unknown;
  const missing = unknown.length > 0 ? [`  not counted: ${source.message(unknown.join(", "))}`] : [];
  return [`Estimated size: ${known}`, ...missing];
}

function refusalOf({ diagnostic, fix }: Pick<Lost, "diagnostic" | "fix">, source: ShownSource): string | undefined {
  if (fix?.outcome.kind === "refused") return `${source.hide(fix.fix.title)}: ${fix.outcome.reason}`;
  return diagnostic.refusal === undefined ? undefined : source.hide(diagnostic.refusal);
}

function lineOf({ range }: Lost["diagnostic"], { index }: ShownSource): number {
  return index.positionAt(range.start).line;
}

function isSame(a: Score | undefined, b: Score): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
