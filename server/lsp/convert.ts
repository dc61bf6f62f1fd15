/** Between the engine's offsets and the protocol's lines and characters. */
import {
  type CodeAction,
  CodeActionKind,
  CreateFile,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as ProtocolDiagnostic,
  type Range as ProtocolRange,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Diagnostic } from "../lint/lint.ts";
import type { Context } from "../model/context.ts";
import type { Edit, FileText, Fix, Severity } from "../rules/rule.ts";
import type { Range } from "../syntax/text.ts";

export const SOURCE = "plimsoll";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
const TAGS = { deprecated: DiagnosticTag.Deprecated, unnecessary: DiagnosticTag.Unnecessary } as const;

/** What a client has told of itself that changes what it is sent. */
export interface ClientTraits {
  /** Links to a rule's page begin with this; absent: no links. */
  readonly ruleUri: string | undefined;
  readonly relatedInformation: boolean;
  readonly documentChanges: boolean;
  /** It creates files where an edit says so. */
  readonly createsFiles: boolean;
}

export function toRange(document: TextDocument, { start, end }: Range): ProtocolRange {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function toDiagnostic(document: TextDocument, diagnostic: Diagnostic, traits: ClientTraits): ProtocolDiagnostic {
  const { rule, refusal } = diagnostic;
  const href = rule.link ?? (traits.ruleUri === undefined ? undefined : traits.ruleUri + rule.id);
  const related = diagnostic.related.map(({ at, message }) => ({
    location: { uri: document.uri, range: toRange(document, at) },
    message,
  }));
  if (refusal && diagnostic.fixes.length === 0) {
    related.push({
      location: { uri: document.uri, range: toRange(document, diagnostic.range) },
      message: `No fix: ${refusal}`,
    });
  }
  return {
    range: toRange(document, diagnostic.range),
    severity: SEVERITIES[diagnostic.severity],
    source: SOURCE,
    code: rule.id,
    message: diagnostic.message,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(rule.tag ? { tags: [TAGS[rule.tag]] } : {}),
    ...(related.length > 0 && traits.relatedInformation ? { relatedInformation: related } : {}),
  };
}

export function toTextEdits(document: TextDocument, edits: readonly Edit[]): TextEdit[] {
  return edits.map((edit) => ({ range: toRange(document, edit), newText: edit.text }));
}

export function toWorkspaceEdit(document: TextDocument, edits: readonly Edit[], traits: ClientTraits): WorkspaceEdit {
  const changes = toTextEdits(document, edits);
  if (!traits.documentChanges) return { changes: { [document.uri]: changes } };
  return { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: changes }] };
}

/** All that a fix does. What is written to a file that is there goes behind what it has. */
export function toFixEdit(
  document: TextDocument,
  { edits, files = [] }: Pick<Fix, "edits" | "files">,
  known: Context["files"],
  traits: ClientTraits,
): WorkspaceEdit {
  if (files.length === 0) return toWorkspaceEdit(document, edits, traits);
  const own = edits.length > 0 ? (toWorkspaceEdit(document, edits, traits).documentChanges ?? []) : [];
  return { documentChanges: [...own, ...files.flatMap((file) => toFileChanges(document, file, known?.[file.path]))] };
}

/** Whether the client can do all that a fix does. */
export function canApply({ files = [] }: Fix, known: Context["files"], traits: ClientTraits): boolean {
  return files.every(({ path }) => traits.documentChanges && (traits.createsFiles || known?.[path] !== null));
}

/** A file of the build context, which is the folder of the document. */
export function fileUri({ uri }: TextDocument, path: string): string {
  return uri.slice(0, uri.lastIndexOf("/") + 1) + path.split("/").map(encodeURIComponent).join("/");
}

function toFileChanges(
  document: TextDocument,
  { path, text }: FileText,
  known: string | null | undefined,
): (CreateFile | TextDocumentEdit)[] {
  const uri = fileUri(document, path);
  const before = TextDocument.create(uri, "", 0, known ?? "");
  const end = before.positionAt(before.getText().length);
  const edit = { range: { start: end, end }, newText: text.slice(before.getText().length) };
  // Without `overwrite`: if there is such a file by now, the client refuses.
  const creation = known === null ? [CreateFile.create(uri)] : [];
  return [...creation, { textDocument: { uri, version: null }, edits: [edit] }];
}

/** The one edit that turns the document's text into another: what both begin and end with stays. */
export function replacement(text: string, other: string): Edit {
  let start = 0;
  while (start < text.length && start < other.length && text[start] === other[start]) start++;
  let end = text.length;
  let otherEnd = other.length;
  while (end > start && otherEnd > start && text[end - 1] === other[otherEnd - 1]) {
    end--;
    otherEnd--;
  }
  return { start, end, text: other.slice(start, otherEnd) };
}

/** How a fix is called in a menu. */
export function titleOf({ title, safety }: Fix): string {
  return safety === "safe" ? title : `${title} (please check)`;
}

/** A code action per fix of a diagnostic; the first is preferred when it is safe. */
export function toCodeActions(
  document: TextDocument,
  diagnostic: Diagnostic,
  known: Context["files"],
  traits: ClientTraits,
): CodeAction[] {
  const shown = toDiagnostic(document, diagnostic, traits);
  return diagnostic.fixes.map((fix, index) => ({
    title: titleOf(fix),
    kind: CodeActionKind.QuickFix,
    diagnostics: [shown],
    ...(index === 0 && fix.safety === "safe" ? { isPreferred: true } : {}),
    edit: toFixEdit(document, fix, known, traits),
  }));
}
