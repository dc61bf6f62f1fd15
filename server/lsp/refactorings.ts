/**
 * Single refactorings: what a rule that is off would do about the instruction at a place. They are looked for when somebody
 * asks what can be done, and nothing is said to be wrong.
 */
import type { CodeAction } from "vscode-languageserver";
import type { Dockerfile } from "../model/dockerfile.ts";
import { overlaps, type Range } from "../syntax/text.ts";
import type { Analysis } from "./analysis.ts";
import { type ClientTraits, canApply, titleOf, toFixEdit } from "./convert.ts";

/** @param kindOf the kind of a rule's refactorings; `undefined`: not asked for. */
export function refactorings(
  analysis: Analysis,
  place: Range,
  traits: ClientTraits,
  kindOf: (ruleId: string) => string | undefined,
): CodeAction[] {
  const { document, context, report } = analysis;
  const area = around(report.dockerfile, place);
  const found = analysis.refactorings.filter(({ range }) => overlaps(range, area));
  return found.flatMap((diagnostic) => {
    const kind = kindOf(diagnostic.rule.id);
    if (kind === undefined) return [];
    const fixes = analysis.offered(diagnostic).filter((fix) => canApply(fix, context.files, traits));
    return fixes.map((fix) => ({
      title: titleOf(fix),
      kind,
      edit: toFixEdit(document, fix, context.files, traits),
    }));
  });
}

/** The instructions that a place touches: who asks need not point at the very word. */
function around({ syntax }: Dockerfile, place: Range): Range {
  const touched = syntax.instructions.filter(({ range }) => overlaps(range, place));
  return {
    start: Math.min(place.start, ...touched.map(({ range }) => range.start)),
    end: Math.max(place.end, ...touched.map(({ range }) => range.end)),
  };
}
