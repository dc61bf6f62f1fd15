/** The answer to `plimsoll/optimize`. */
import type { Change } from "../lint/fix.ts";
import { rate, shownScore } from "../lint/score.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Total } from "../size/estimate.ts";
import { totalText } from "../size/text.ts";
import type { Analysis } from "./analysis.ts";
import { fileUri } from "./convert.ts";
import type { Optimized, OptimizedChange, Refusal } from "./protocol.ts";

/**
 * The text with every fix applied but those left out; the same text when there is nothing to change.
 * @param estimate `undefined`: sizes are not estimated.
 */
export async function optimized(
  analysis: Analysis,
  without: ReadonlySet<string>,
  estimate: (dockerfile: Dockerfile) => Promise<Total | undefined>,
): Promise<Optimized> {
  const { text, files, changes, leftOut, left, report } = analysis.fixedWithout(without);
  const [sizeBefore, sizeAfter] = await Promise.all([analysis.report, report].map((one) => estimate(one.dockerfile)));
  const lineOf = (offset: number): number => analysis.document.positionAt(offset).line;
  const toChange = ({ id, rule, fix, diagnostic, origin }: Change): OptimizedChange => ({
    ...{ id, rule: rule.id, title: fix.title, safety: fix.safety, reason: diagnostic.message },
    assumptions: fix.assumptions ?? [],
    line: lineOf(origin),
  });
  return {
    ...{ version: analysis.version, text },
    files: files.map((file) => ({
      uri: fileUri(analysis.document, file.path),
      before: analysis.context.files?.[file.path] ?? null,
      text: file.text,
    })),
    before: shownScore(analysis.rating.score),
    after: shownScore(rate(report.diagnostics).score),
    ...(sizeBefore?.bytes !== undefined && sizeAfter?.bytes !== undefined
      ? { size: { before: totalText(sizeBefore), after: totalText(sizeAfter) } }
      : {}),
    changes: changes.map(toChange),
    leftOut: leftOut.map(toChange),
    refusals: left.flatMap(({ diagnostic, origin, fix, reason }): Refusal[] => {
      if (reason === undefined) return [];
      const why = fix ? `"${fix.fix.title}" is not done, as ${reason}` : reason;
      return [{ rule: diagnostic.rule.id, message: diagnostic.message, line: lineOf(origin), reason: why }];
    }),
  };
}
