/** Code actions: the fixes of the findings at a place, all safe fixes of the file, and ways to accept a finding. */
import { type CodeAction, CodeActionKind, type CodeActionParams } from "vscode-languageserver";
import { ignoreEdit } from "../lint/ignore.ts";
import type { Diagnostic } from "../lint/lint.ts";
import { objection } from "../lint/verify.ts";
import { overlaps } from "../syntax/text.ts";
import type { Analysis } from "./analysis.ts";
import { type ClientTraits, replacement, toCodeActions, toDiagnostic, toWorkspaceEdit } from "./convert.ts";

/** Applies every safe fix; for `editor.codeActionsOnSave`. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.plimsoll`;

export function codeActions(
  analysis: Analysis,
  { range, context }: CodeActionParams,
  traits: ClientTraits,
): CodeAction[] {
  const wants = (kind: string): boolean =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const { document } = analysis;
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const place = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const found = analysis.report.diagnostics.filter((diagnostic) => overlaps(diagnostic.range, place));
    actions.push(...found.flatMap((diagnostic) => toCodeActions(document, verified(analysis, diagnostic), traits)));
    actions.push(...fixesOfKind(analysis, found, traits));
    if (analysis.settings.ignoreComments)
      actions.push(...found.flatMap((diagnostic) => ignores(analysis, diagnostic, traits)));
  }
  // Not among the light bulb's: only when asked for.
  if (context.only && wants(FIX_ALL)) {
    const { text } = analysis.fixed("safe");
    if (text !== analysis.text) {
      actions.push({
        title: "Apply all safe fixes",
        kind: FIX_ALL,
        edit: toWorkspaceEdit(document, [replacement(analysis.text, text)], traits),
      });
    }
  }
  return actions;
}

/** Without the fixes that would not keep their word. */
function verified(analysis: Analysis, diagnostic: Diagnostic): Diagnostic {
  return {
    ...diagnostic,
    fixes: diagnostic.fixes.filter((fix) => objection(analysis.report.dockerfile, [fix]) === undefined),
  };
}

/** Where a rule has several findings in the file, one action for all of them. */
function fixesOfKind(analysis: Analysis, found: readonly Diagnostic[], traits: ClientTraits): CodeAction[] {
  const { document, report } = analysis;
  const rules = new Set(found.filter(({ fixes }) => fixes.length > 0).map(({ rule }) => rule));
  return [...rules].flatMap((rule) => {
    const same = report.diagnostics.filter((diagnostic) => diagnostic.rule === rule && diagnostic.fixes.length > 0);
    const fixes = same.map((diagnostic) => diagnostic.fixes[0]!);
    if (fixes.length < 2 || objection(report.dockerfile, fixes)) return [];
    return {
      title: `Fix all ${fixes.length} of \`${rule.id}\` in this file`,
      kind: CodeActionKind.QuickFix,
      diagnostics: same.map((diagnostic) => toDiagnostic(document, diagnostic, traits)),
      edit: toWorkspaceEdit(
        document,
        fixes.flatMap((fix) => fix.edits),
        traits,
      ),
    };
  });
}

function ignores(analysis: Analysis, diagnostic: Diagnostic, traits: ClientTraits): CodeAction[] {
  const { document, report } = analysis;
  const shown = toDiagnostic(document, diagnostic, traits);
  const action = (title: string, offset: number | undefined): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [shown],
    edit: toWorkspaceEdit(document, [ignoreEdit(report.dockerfile, diagnostic.rule.id, offset)], traits),
  });
  return [
    action(`Ignore \`${diagnostic.rule.id}\` for this instruction`, diagnostic.range.start),
    action(`Ignore \`${diagnostic.rule.id}\` in this file`, undefined),
  ];
}
