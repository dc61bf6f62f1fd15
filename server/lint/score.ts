/** Diagnostics -> numbers: three dimensions of ten points each, and one overall; and which finding took what. */
import type { Category, Rule, Weight } from "../rules/rule.ts";
import type { Diagnostic } from "./lint.ts";

export type Dimension = "security" | "efficiency" | "maintainability";
export const DIMENSIONS: readonly Dimension[] = ["security", "efficiency", "maintainability"];

/** Unrounded; show them with `shown`. */
export interface Score {
  readonly overall: number;
  readonly security: number;
  readonly efficiency: number;
  readonly maintainability: number;
}

export interface LostPoints {
  readonly diagnostic: Diagnostic;
  readonly dimension: Dimension;
  /** Points of the dimension. Those of a dimension together are exactly what it is short of ten. */
  readonly points: number;
}

export interface Rating {
  readonly score: Score;
  /** Most expensive first, then in the order of the text. */
  readonly lost: readonly LostPoints[];
}

const WEIGHTS: Readonly<Record<Weight, number>> = { critical: 7, high: 3, medium: 1.5, low: 0.5, none: 0 };
/** What part of the overall score each dimension is. */
export const SHARES: Readonly<Record<Dimension, number>> = { security: 0.45, efficiency: 0.35, maintainability: 0.2 };
const DIMENSION_OF: Readonly<Record<Category, Dimension>> = {
  security: "security",
  efficiency: "efficiency",
  maintainability: "maintainability",
  correctness: "maintainability",
  reproducibility: "maintainability",
};
/** Security while a critical finding is open. */
const CRITICAL_CEILING = 4.9;

export function dimensionOf(rule: Rule): Dimension {
  return DIMENSION_OF[rule.category];
}

/** Bounded, independent of the order, and monotone: with a diagnostic less, no number is lower. */
export function rate(diagnostics: readonly Diagnostic[]): Rating {
  const scored = diagnostics.filter((diagnostic) => diagnostic.scored && WEIGHTS[diagnostic.weight] > 0);
  const score = { overall: 0, security: 10, efficiency: 10, maintainability: 10 };
  const lost: LostPoints[] = [];
  for (const dimension of DIMENSIONS) {
    const own = scored.filter(({ rule }) => dimensionOf(rule) === dimension);
    const shares = sharesOf(own);
    const total = sum(shares.values());
    let points = 10 * Math.exp(-total / 10);
    const isCapped = dimension === "security" && own.some(({ weight }) => weight === "critical");
    if (isCapped) points = Math.min(points, CRITICAL_CEILING);
    score[dimension] = points;
    score.overall += SHARES[dimension] * points;
    for (const diagnostic of own) {
      lost.push({ diagnostic, dimension, points: ((10 - points) * shares.get(diagnostic)!) / total });
    }
  }
  lost.sort((a, b) => b.points - a.points || a.diagnostic.range.start - b.diagnostic.range.start);
  return { score, lost };
}

/** Rounded down to one decimal, so that 10.0 means: nothing open. */
export function shown(points: number): string {
  // The sum of three shares of ten can miss ten by the last bit.
  return (Math.floor(points * 10 + 1e-9) / 10).toFixed(1);
}

export function shownScore(score: Score): Score {
  return {
    overall: Number(shown(score.overall)),
    security: Number(shown(score.security)),
    efficiency: Number(shown(score.efficiency)),
    maintainability: Number(shown(score.maintainability)),
  };
}

/** `n` findings of a rule and a weight take that weight times 1 + 1/2 + 1/4 ..., in equal parts: only the count matters. */
function sharesOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<Diagnostic, number> {
  const kindOf = ({ rule, weight }: Diagnostic): string => `${rule.id} ${weight}`;
  const counts = new Map<string, number>();
  for (const diagnostic of diagnostics) counts.set(kindOf(diagnostic), (counts.get(kindOf(diagnostic)) ?? 0) + 1);
  return new Map(
    diagnostics.map((diagnostic) => {
      const count = counts.get(kindOf(diagnostic))!;
      return [diagnostic, (WEIGHTS[diagnostic.weight] * 2 * (1 - 0.5 ** count)) / count];
    }),
  );
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
