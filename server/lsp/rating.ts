/** The answer to `plimsoll/rate`. */
import { shownScore } from "../lint/score.ts";
import type { Analysis } from "./analysis.ts";
import { toRange } from "./convert.ts";
import type { Rating } from "./protocol.ts";

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
      const [first] = analysis.offered(diagnostic);
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
