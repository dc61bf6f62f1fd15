/** Answers to the requests of `protocol.ts` that are about numbers. */
import { shownScore } from "../lint/score.ts";
import type { Analysis } from "./analysis.ts";
import { fileUri, toRange } from "./convert.ts";
import type { Optimized, Rating } from "./protocol.ts";

export function ratingOf(analysis: Analysis): Rating {
  const { document, report, rating, version } = analysis;
  const afterSafeFixes = analysis.scoreAfter("safe");
  const afterAllFixes = analysis.scoreAfter("unsafe");
  return {
    uri: document.uri,
    version,
    score: shownScore(rating.score),
    ...(afterSafeFixes ? { afterSafeFixes: shownScore(afterSafeFixes) } : {}),
    ...(afterAllFixes ? { afterAllFixes: shownScore(afterAllFixes) } : {}),
    lost: rating.lost.map(({ diagnostic, dimension, points }) => {
      const first = diagnostic.fixes[0];
      return {
        rule: diagnostic.rule.id,
        dimension,
        points,
        message: diagnostic.message,
        range: toRange(document, diagnostic.range),
        ...(first ? { fix: { title: first.title, safety: first.safety } } : {}),
        ...(diagnostic.refusal ? { refusal: diagnostic.refusal } : {}),
      };
    }),
    notAssessed: report.notAssessed,
    accepted: report.accepted.length,
    role: report.role,
  };
}

/** The text with every fix applied; the same text when there is nothing to change. */
export function optimized(analysis: Analysis): Optimized {
  const fixed = analysis.fixed("unsafe");
  const { diagnostics } = analysis.report;
  return {
    version: analysis.version,
    text: fixed.text,
    files: fixed.files.map(({ path, text }) => ({
      uri: fileUri(analysis.document, path),
      before: analysis.context.files?.[path] ?? null,
      text,
    })),
    before: shownScore(analysis.rating.score),
    after: shownScore(analysis.rate(fixed).score),
    changes: fixed.changes.map(({ rule, fix }) => ({ rule: rule.id, title: fix.title, safety: fix.safety })),
    refusals: diagnostics.flatMap(({ rule, range, refusal }) =>
      refusal ? { rule: rule.id, line: analysis.document.positionAt(range.start).line, reason: refusal } : [],
    ),
  };
}
