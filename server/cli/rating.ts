/** The score of a Dockerfile, explained: what took each point, and what each fix would give back. */
import { applyEdits, fix } from "../lint/fix.ts";
import type { Diagnostic } from "../lint/lint.ts";
import { DIMENSIONS, type Dimension, rate, type Score, shown } from "../lint/score.ts";
import { objection } from "../lint/verify.ts";
import type { FileText, Fix, Rule, Safety } from "../rules/rule.ts";
import type { Analysis, Analyst } from "./analyse.ts";

export interface ExplainedRating {
  readonly analysis: Analysis;
  /** Most expensive first. */
  readonly lost: readonly Lost[];
  /** The score after all fixes up to a safety; `undefined` where they change nothing. */
  readonly after: Readonly<Record<Safety, Score | undefined>>;
}

export interface Lost {
  readonly diagnostic: Diagnostic;
  readonly dimension: Dimension;
  /** In whole hundredths. Those of a dimension together are exactly what its shown score is short of ten. */
  readonly points: number;
  /** The fix that `plimsoll fix` would take; `undefined`: none is offered. */
  readonly fix: { readonly fix: Fix; readonly outcome: Outcome } | undefined;
}

/** What a fix alone would do, why it would not be done, or that nobody has looked. */
export type Outcome =
  | {
      readonly kind: "done";
      /** What it gives back of its dimension, in whole hundredths of the same measure as `points`. */
      readonly gain: number;
      readonly score: Score;
    }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unknown" };

export function explainRating(analysis: Analysis, analyst: Analyst, rules: readonly Rule[]): ExplainedRating {
  const { dockerfile } = analysis.report;
  const { score, lost } = analysis.rating;
  const scoreOf = (text: string, files: readonly FileText[] = []): Score =>
    rate(analyst.reconsider(analysis, text, files).diagnostics).score;
  const scoreAfter = (safety: Safety): Score | undefined => {
    const { changes, report } = fix(dockerfile.text, rules, analysis.settings, safety, dockerfile.context);
    return changes.length === 0 ? undefined : rate(report.diagnostics).score;
  };
  const outcomeOf = (one: Fix, dimension: Dimension): Outcome => {
    const reason = objection(dockerfile, [one]);
    if (reason !== undefined) return { kind: "refused", reason };
    const after = scoreOf(applyEdits(dockerfile.text, one.edits), one.files);
    // As the points are: stretched so that they fit the score as it is shown.
    const stretch = lostIn(dimension, score) / (10 - score[dimension]);
    const gain = Math.round((after[dimension] - score[dimension]) * stretch * 100) / 100;
    return { kind: "done", gain, score: after };
  };
  const points = shareOut(score, lost);
  const looks = looksAt(dockerfile.text);
  return {
    analysis,
    lost: lost.map(({ diagnostic, dimension }, index) => {
      const [first] = diagnostic.fixes;
      return {
        diagnostic,
        dimension,
        points: points[index]!,
        fix: first && { fix: first, outcome: index < looks ? outcomeOf(first, dimension) : { kind: "unknown" } },
      };
    }),
    after: { safe: scoreAfter("safe"), unsafe: scoreAfter("unsafe") },
  };
}

/** Of how many findings, the most expensive first, it is looked what their fixes would do: fewer in a long text. */
function looksAt(text: string): number {
  return Math.min(200, Math.ceil(2_000_000 / (text.length + 1)));
}

/** What a dimension is short of ten, as it is shown. */
export function lostIn(dimension: Dimension, score: Score): number {
  return Math.round((10 - Number(shown(score[dimension]))) * 100) / 100;
}

/**
 * Rounds the points so that the sums come out: https://en.wikipedia.org/wiki/Largest_remainders_method
 * @returns for each of `lost` its hundredths.
 */
function shareOut(
  score: Score,
  lost: readonly { readonly dimension: Dimension; readonly points: number }[],
): readonly number[] {
  const result = lost.map(() => 0);
  for (const dimension of DIMENSIONS) {
    const own = lost.flatMap((one, index) => (one.dimension === dimension ? [{ index, points: one.points }] : []));
    const exact = own.reduce((sum, { points }) => sum + points, 0);
    const whole = Math.round(lostIn(dimension, score) * 100);
    const shares = own.map(({ index, points }) => ({ index, share: (points / exact) * whole }));
    let left = whole - shares.reduce((sum, { share }) => sum + Math.floor(share), 0);
    for (const { index, share } of shares.toSorted((a, b) => (b.share % 1) - (a.share % 1))) {
      result[index] = (Math.floor(share) + (left-- > 0 ? 1 : 0)) / 100;
    }
  }
  return result;
}
