import * as vscode from "vscode";
import { type CodeAction, CodeActionRequest, type WorkspaceEdit } from "vscode-languageclient";
import { FIX_REQUEST, type LostPoints } from "../server/lsp/protocol.ts";
import { isVisible, nameOf, showDocument } from "./documents.ts";
import type { Session } from "./session.ts";

const FIX_ALL = "source.fixAll.plimsoll";

/** Applies every safe fix at once, or says that there is none. */
export async function fixAll(session: Session, document: vscode.TextDocument): Promise<void> {
  const applied = await applyAnswer(session, document, async () => {
    const end = document.lineAt(document.lineCount - 1).range.end;
    const actions = await session.request<readonly CodeAction[] | null>(CodeActionRequest.method, {
      textDocument: { uri: document.uri.toString() },
      range: { start: { line: 0, character: 0 }, end: { line: end.line, character: end.character } },
      context: { diagnostics: [], only: [FIX_ALL] },
    });
    return actions?.find(({ kind }) => kind === FIX_ALL)?.edit;
  });
  if (applied) return;
  const preview = "Preview All Fixes";
  const message = `There are no safe fixes for ${nameOf(document.uri)}.`;
  void vscode.window.showInformationMessage(message, preview).then((chosen) => {
    if (chosen) void vscode.commands.executeCommand("plimsoll.optimize", document.uri);
  });
}

/** Applies the first fix of one finding. Does nothing if the finding is gone. */
export async function fixFinding(
  session: Session,
  document: vscode.TextDocument,
  finding: { readonly rule: LostPoints["rule"]; readonly line: number; readonly character: number },
): Promise<boolean> {
  return applyAnswer(session, document, () =>
    session.request(FIX_REQUEST, { uri: document.uri.toString(), ...finding }),
  );
}

/**
 * Applies an edit that fits the document as it is; false if the server has none. The document is shown, so that what has
 * changed is seen and can be undone.
 * @throws {Error} if the document was changed meanwhile or cannot be changed.
 */
export async function applyEdit(
  document: vscode.TextDocument,
  version: number,
  edit: vscode.WorkspaceEdit,
): Promise<void> {
  if (document.version !== version) throw new Error(`${nameOf(document.uri)} was changed meanwhile. Please try again.`);
  if (!isVisible(document)) await showDocument(document, { preserveFocus: true });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${nameOf(document.uri)} cannot be changed.`);
}

async function applyAnswer(
  session: Session,
  document: vscode.TextDocument,
  ask: () => Promise<WorkspaceEdit | null | undefined>,
): Promise<boolean> {
  const { version } = document;
  const edit = await session.convertEdit(await ask());
  if (!edit || edit.size === 0) return false;
  await applyEdit(document, version, edit);
  return true;
}
