import * as vscode from "vscode";
import { OPTIMIZE_REQUEST, type Optimized } from "../server/lsp/protocol.ts";
import { columnOf, nameOf, PREVIEW_SCHEME, showDocument } from "./documents.ts";
import { applyEdit } from "./fixes.ts";
import { reportError } from "./report.ts";
import type { Session } from "./session.ts";
import { findChange } from "./text-change.ts";

/**
 * Shows a Dockerfile beside what it would be with every fix applied. The preview follows the Dockerfile as it is changed, and is
 * accepted or discarded as a whole.
 */
export class OptimizePreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #session: Session;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable;
  /** By the address of the original. */
  readonly #optimized = new Map<string, Optimized>();
  readonly onDidChange = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
    this.#subscriptions = vscode.Disposable.from(
      session.onDidScore(({ uri, version }) => {
        this.#follow(vscode.Uri.parse(uri), version).catch((error) => reportError(session, error));
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#optimized.delete(uri.toString())),
    );
  }

  /** The Dockerfile that an address given to a command means: of a preview, the original; of nothing, the one in front. */
  originalOf(given: unknown): unknown {
    const uri = given ?? vscode.window.activeTextEditor?.document.uri;
    if (uri instanceof vscode.Uri && uri.scheme === PREVIEW_SCHEME) return vscode.Uri.parse(uri.query);
    return given;
  }

  /** Opens the preview, or says that there is nothing to optimize. */
  async show(document: vscode.TextDocument): Promise<void> {
    const optimized = await this.#compute(document);
    if (!optimized) return this.#tellNothing(document.uri);
    this.#session.output.info(describe(nameOf(document.uri), optimized));
    const uri = previewOf(document.uri);
    const preview = await vscode.workspace.openTextDocument(uri);
    this.#changed.fire(uri);
    await vscode.languages.setTextDocumentLanguage(preview, document.languageId);
    const { before, after } = optimized;
    const title = `${nameOf(document.uri)}: optimized (${before.overall.toFixed(1)} → ${after.overall.toFixed(1)})`;
    const options = { preview: true, viewColumn: columnOf(document) };
    await vscode.commands.executeCommand("vscode.diff", document.uri, uri, title, options);
  }

  /** Changes the Dockerfile into what the preview shows; if that is no longer up to date, shows the new one instead. */
  async accept(given: unknown): Promise<void> {
    const preview = findPreview(given);
    if (!preview) return tellNoPreview();
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(preview.query));
    const shown = this.#optimized.get(preview.query);
    if (shown?.version !== document.version) {
      const optimized = await this.#compute(document);
      this.#changed.fire(preview);
      if (optimized) {
        const message = `${nameOf(document.uri)} was changed meanwhile. The preview now shows what it would become: accept it again.`;
        void vscode.window.showInformationMessage(message);
        return;
      }
      await closePreview(preview);
      return this.#tellNothing(document.uri);
    }
    const { start, end, text } = findChange(document.getText(), shown.text);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    for (const file of shown.files) await addFile(edit, file);
    await applyEdit(document, shown.version, edit);
    await closePreview(preview);
    await showDocument(document);
  }

  async discard(given: unknown): Promise<void> {
    const preview = findPreview(given);
    if (preview) await closePreview(preview);
    else tellNoPreview();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.#optimized.get(uri.query);
    if (known) return known.text;
    // A window that is opened again brings the preview back, but not what was computed for it.
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri.query));
    return (await this.#compute(document))?.text ?? document.getText();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  /** The answer for the document as it is, also kept for the preview; undefined if there is nothing to change. */
  async #compute(document: vscode.TextDocument): Promise<Optimized | undefined> {
    const uri = document.uri.toString();
    const optimized = await this.#session.request<Optimized | null>(OPTIMIZE_REQUEST, { uri });
    if (!optimized)
      throw new Error(`${nameOf(document.uri)} is not open as a Dockerfile. Change its language mode to Dockerfile.`);
    this.#optimized.set(uri, optimized);
    return optimized.text === document.getText() && optimized.files.length === 0 ? undefined : optimized;
  }

  /** Brings an open preview up to date after its Dockerfile was changed. */
  async #follow(original: vscode.Uri, version: number): Promise<void> {
    const shown = this.#optimized.get(original.toString());
    const preview = findPreview(previewOf(original));
    if (!preview || shown?.version === version) return;
    await this.#compute(await vscode.workspace.openTextDocument(original));
    this.#changed.fire(preview);
  }

  #tellNothing(uri: vscode.Uri): void {
    const refusals = this.#optimized.get(uri.toString())?.refusals ?? [];
    if (refusals.length === 0) {
      void vscode.window.showInformationMessage(`Nothing to optimize in ${nameOf(uri)}.`);
      return;
    }
    this.#session.output.info(`${nameOf(uri)} is not optimized:${describeRefusals(refusals)}`);
    const details = "Show Details";
    const message = `Nothing to optimize in ${nameOf(uri)}: what is left to do needs your hand.`;
    void vscode.window.showInformationMessage(message, details).then((chosen) => {
      if (chosen) this.#session.output.show(true);
    });
  }
}

/** A file that is there gets what it lacks at its end. Fails when it is not as it was when the fixes were computed. */
async function addFile(edit: vscode.WorkspaceEdit, { uri, before, text }: Optimized["files"][number]): Promise<void> {
  const file = vscode.Uri.parse(uri);
  if (before === null) {
    edit.createFile(file, { contents: new TextEncoder().encode(text) });
    return;
  }
  const document = await vscode.workspace.openTextDocument(file);
  if (document.getText() !== before) throw new Error(`${nameOf(file)} was changed meanwhile. Please try again.`);
  edit.insert(file, document.positionAt(before.length), text.slice(before.length));
}

function previewOf(original: vscode.Uri): vscode.Uri {
  // What is not saved yet has a path without a slash, which VS Code does not give back as it was.
  const path = original.path.replace(/^(?!\/)/, "/");
  return vscode.Uri.from({ scheme: PREVIEW_SCHEME, path, query: original.toString() });
}

/** The address of an open preview: the one given, or the one in front. */
function findPreview(given: unknown): vscode.Uri | undefined {
  const uri = given instanceof vscode.Uri ? given : previewIn(vscode.window.tabGroups.activeTabGroup.activeTab);
  return uri && findTabs(uri).length > 0 ? uri : undefined;
}

function findTabs(preview: vscode.Uri): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter((tab) => previewIn(tab)?.toString() === preview.toString());
}

function previewIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const { input } = tab ?? {};
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === PREVIEW_SCHEME
    ? input.modified
    : undefined;
}

async function closePreview(preview: vscode.Uri): Promise<void> {
  await vscode.window.tabGroups.close(findTabs(preview));
}

function tellNoPreview(): void {
  void vscode.window.showInformationMessage("There is no preview open. Run Plimsoll: Optimize Dockerfile first.");
}

/** What was done and what was not, for the output. */
function describe(file: string, { before, after, changes, refusals }: Optimized): string {
  const done = changes.map(
    ({ rule, title, safety }) => `\n  ${title} (${rule}${safety === "unsafe" ? ", review it" : ""})`,
  );
  const scores = `${before.overall.toFixed(1)} to ${after.overall.toFixed(1)}`;
  const left = refusals.length > 0 ? `\nWhat is left as it is:${describeRefusals(refusals)}` : "";
  return `${file} optimized, ${scores}:${done.join("")}${left}`;
}

function describeRefusals(refusals: Optimized["refusals"]): string {
  return refusals.map(({ rule, line, reason }) => `\n  line ${line + 1}: ${reason} (${rule})`).join("");
}
