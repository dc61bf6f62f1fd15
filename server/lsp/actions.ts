/** Code actions: the fixes of the findings at a place, refactorings, all fixes of the file, and ways to accept a finding. */
import { type CodeAction, CodeActionKind, type CodeActionParams, CodeActionTriggerKind } from "vscode-languageserver";
import { ignoreEdit } from "../lint/ignore.ts";
import type { Diagnostic } from "../lint/lint.ts";
import { objection } from "../lint/verify.ts";
import { overlaps } from "../syntax/text.ts";
import type { Analysis } from "./analysis.ts";
import {
  type ClientTraits,
  canApply,
  replacement,
  toCodeActions,
  toDiagnostic,
  toFixEdit,
  toWorkspaceEdit,
} from "./convert.ts";
import { OPTIMIZE_COMMAND } from "./protocol.ts";
import { refactorings } from "./refactorings.ts";

/** Applies every safe fix; for `editor.codeActionsOnSave`. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.plimsoll`;

/** Applies every fix, unsafe ones too; a client with a preview shows that first. Single refactorings have the id of their rule behind it. */
export const OPTIMIZE = `${CodeActionKind.RefactorRewrite}.plimsoll`;

/** @param hasCommands the client has the commands of `protocol.ts`. */
export function codeActions(
  analysis: Analysis,
  { range, context }: CodeActionParams,
  traits: ClientTraits,
  hasCommands: boolean,
): CodeAction[] {
  const wants = (kind: string): boolean =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const { document } = analysis;
  const { files: known } = analysis.context;
  const actions: CodeAction[] = [];
  const place = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  if (wants(CodeActionKind.QuickFix)) {
    const found = analysis.report.diagnostics.filter((diagnostic) => overlaps(diagnostic.range, place));
    actions.push(
      ...found.flatMap((diagnostic) => toCodeActions(document, verified(analysis, diagnostic, traits), known, traits)),
    );
    actions.push(...fixesOfKind(analysis, found, traits));
    if (analysis.settings.ignoreComments)
      actions.push(...found.flatMap((diagnostic) => ignores(analysis, diagnostic, traits)));
  }
  // Not among the light bulb's: only when asked for.
  if (context.only && wants(FIX_ALL)) {
    const fixed = analysis.fixed("safe");
    const edits = fixed.text === analysis.text ? [] : [replacement(analysis.text, fixed.text)];
    const all = { title: "Apply all safe fixes", safety: "safe", edits, files: fixed.files } as const;
    // Whoever saves a file does not expect another one.
    const isOnSave = context.triggerKind === CodeActionTriggerKind.Automatic;
    const done = isOnSave || !canApply(all, known, traits) ? { ...all, files: [] } : all;
    if (done.edits.length + done.files.length > 0) {
      actions.push({
        title: done.title,
        kind: FIX_ALL,
        edit: toFixEdit(document, done, known, traits),
      });
    }
  }
  if (context.only && wants(OPTIMIZE)) actions.push(...optimizations(analysis, traits, hasCommands));
  // A cursor that moves asks for nothing; somebody who opens the menu, or wants to refactor, does.
  if (context.only || context.triggerKind === CodeActionTriggerKind.Invoked) {
    const kindOf = (ruleId: string): string | undefined => {
      const kind = `${OPTIMIZE}.${ruleId}`;
      return wants(kind) ? kind : undefined;
    };
    actions.push(...refactorings(analysis, place, traits, kindOf));
  }
  return actions;
}

function optimizations(analysis: Analysis, traits: ClientTraits, hasCommands: boolean): CodeAction[] {
  const { document, context } = analysis;
  const { text, files, changes } = analysis.fixed("unsafe");
  if (changes.length === 0) return [];
  if (hasCommands) {
    const command = { title: "Optimize Dockerfile", command: OPTIMIZE_COMMAND, arguments: [document.uri] };
    return [{ title: "Optimize Dockerfile…", kind: OPTIMIZE, command }];
  }
  const unsafe = changes.filter(({ fix }) => fix.safety === "unsafe").length;
  const check = unsafe > 0 ? ` (please check ${unsafe})` : "";
  const title = `Optimize Dockerfile: ${changes.length === 1 ? "1 change" : `${changes.length} changes`}${check}`;
  const edits = text === analysis.text ? [] : [replacement(analysis.text, text)];
  const all = { title, safety: "unsafe", edits, files } as const;
  const done = canApply(all, context.files, traits) ? all : { ...all, files: [] };
  if (done.edits.length + done.files.length === 0) return [];
  return [{ title, kind: OPTIMIZE, edit: toFixEdit(document, done, context.files, traits) }];
}

/** With the fixes that keep their word and that the client can do. */
function verified(analysis: Analysis, diagnostic: Diagnostic, traits: ClientTraits): Diagnostic {
  const fixes = analysis.offered(diagnostic).filter((fix) => canApply(fix, analysis.context.files, traits));
  return { ...diagnostic, fixes };
}

/** Where a rule has several findings in the file, one action for all of them. */
function fixesOfKind(analysis: Analysis, found: readonly Diagnostic[], traits: ClientTraits): CodeAction[] {
  const { document, report } = analysis;
  const rules = new Set(found.filter(({ fixes }) => fixes.length > 0).map(({ rule }) => rule));
  return [...rules].flatMap((rule) => {
    const same = report.diagnostics.filter((one) => one.rule === rule && analysis.offered(one).length > 0);
    const fixes = same.map((diagnostic) => analysis.offered(diagnostic)[0]!);
    if (fixes.length < 2 || fixes.some(({ files }) => files) || objection(report.dockerfile, fixes)) return [];
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
