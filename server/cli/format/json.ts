/** `--format json`: a contract, see docs/cli.md. A change of it that is no addition is a new version. */
import type { Diagnostic } from "../../lint/lint.ts";
import { shownScore } from "../../lint/score.ts";
import type { Fix } from "../../rules/rule.ts";
import type { Analysis } from "../analyse.ts";
import { placesOf } from "../position.ts";
import { ShownSource } from "../source.ts";

export const JSON_VERSION = 1;

export function formatJson(analyses: readonly Analysis[]): string {
  return print({ version: JSON_VERSION, files: analyses.map(fileOf) });
}

/** As all JSON output is printed. */
export function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function fileOf({ path, report, rating }: Analysis): object {
  const source = new ShownSource(report.dockerfile);
  const { overall, security, efficiency, maintainability } = shownScore(rating.score);
  return {
    path,
    score: { overall, security, efficiency, maintainability },
    role: report.role,
    diagnostics: report.diagnostics.map((diagnostic) => diagnosticOf(diagnostic, source)),
    accepted: report.accepted.length,
    notAssessed: report.notAssessed.map((text) => source.hide(text)),
  };
}

function diagnosticOf(diagnostic: Diagnostic, source: ShownSource): object {
  const { rule, severity, message, range, fixes, related, refusal, scored } = diagnostic;
  return {
    rule: rule.id,
    aliases: rule.aliases,
    category: rule.category,
    severity,
    message: source.hide(message),
    ...placesOf(range, source.index),
    fixes: fixes.map((fix) => fixOf(fix, source)),
    related: related.map((one) => ({ message: source.hide(one.message), ...placesOf(one.at, source.index) })),
    refusal: refusal === undefined ? null : source.hide(refusal),
    scored,
  };
}

function fixOf({ title, safety, edits, assumptions }: Fix, source: ShownSource): object {
  return {
    title: source.hide(title),
    safety,
    edits: edits.map(({ start, end, text }) => ({ start, end, text })),
    assumptions: (assumptions ?? []).map((text) => source.hide(text)),
  };
}
