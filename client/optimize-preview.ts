import * as vscode from "vscode";
import { OPTIMIZE_REQUEST, type Optimized, type OptimizeParams } from "../server/lsp/protocol.ts";
import { columnOf, nameOf, PREVIEW_SCHEME, showDocument } from "./documents.ts";
import { applyEdit } from "./fixes.ts";
import { OptimizeChanges } from "./optimize-changes.ts";
import { reportError } from "./report.ts";
import type { Session } from "./session.ts";
import { findChange } from "./text-change.ts";

/**
 * Shows a Dockerfile beside what it would be with every fix applied, and the list of its changes, of which each can be left out. The
 * preview follows the Dockerfile as it is changed, and is accepted or discarded.
 */
export class OptimizePreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #session: Session;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #changes = new OptimizeChanges();
  readonly #subscriptions: vscode.Disposable;
  /** By the address of the original. */
  readonly #optimized = new Map<string, Optimized>();
  /** The ids of the changes that are left out, by the address of the original; as long as its preview is open. */
  readonly #without = new Map<string, ReadonlySet<string>>();
  readonly onDidChange = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
    this.#subscriptions = vscode.Disposable.from(
      session.onDidScore(({ uri, version }) => {
        this.#follow(vscode.Uri.parse(uri), version).catch((error) => reportError(session, error));
      }),
      this.#changes,
      this.#changes.onDidLeaveOut(({ original, ids }) => {
        this.#without.set(original.toString(), ids);
        this.#update(original).catch((error) => reportError(session, error));
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const preview of closed.map(previewIn))
          if (preview && findTabs(preview).length === 0) this.#forget(preview);
        this.#showChanges();
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
    const options = { preview: true, viewColumn: columnOf(document) };
    await vscode.commands.executeCommand(
      "vscode.diff",
      document.uri,
      uri,
      `${nameOf(document.uri)}: optimized`,
      options,
    );
    this.#showChanges();
    await this.#changes.focus();
  }

  /** Puts the keyboard into the list of changes. */
  async showChanges(): Promise<void> {
    this.#showChanges();
    if (this.#changes.shown) await this.#changes.focus();
    else tellNoPreview();
  }

  /** Shows a line of the original, from 0, in the preview. */
  showLine(original: unknown, line: unknown): void {
    if (!(original instanceof vscode.Uri) || typeof line !== "number") return;
    const editor = vscode.window.visibleTextEditors.find(
      ({ document: { uri } }) => uri.toString() === original.toString(),
    );
    if (!editor) return;
    const { range } = editor.document.lineAt(Math.min(line, editor.document.lineCount - 1));
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** Changes the Dockerfile into what the preview shows; if that is no longer up to date, shows the new one instead. */
  async accept(given: unknown): Promise<void> {
    const preview = this.#findPreview(given);
    if (!preview) return tellNoPreview();
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(preview.query));
    const shown = this.#optimized.get(preview.query);
    if (shown?.version !== document.version) {
      const optimized = await this.#compute(document);
      this.#changed.fire(preview);
      this.#showChanges();
      if (optimized) {
        const message = `${nameOf(document.uri)} was changed meanwhile. The preview now shows what it would become: accept it again.`;
        void vscode.window.showInformationMessage(message);
        return;
      }
      await closePreview(preview);
      return this.#tellNothing(document.uri);
    }
    if (isNothing(shown, document)) {
      void vscode.window.showInformationMessage("Every change is left out: there is nothing to accept.");
      return;
    }
    const { start, end, text } = findChange(document.getText(), shown.text);
    const edit = new vscode.WorkspaceEdit();
    if (shown.text !== document.getText())
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    for (const file of shown.files) await addFile(edit, file);
    await applyEdit(document, shown.version, edit);
    await closePreview(preview);
    await showDocument(document);
  }

  async discard(given: unknown): Promise<void> {
    const preview = this.#findPreview(given);
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
    const params: OptimizeParams = { uri, without: [...(this.#without.get(uri) ?? [])] };
    const optimized = await this.#session.request<Optimized | null>(OPTIMIZE_REQUEST, params);
    if (!optimized)
      throw new Error(`${nameOf(document.uri)} is not open as a Dockerfile. Change its language mode to Dockerfile.`);
    this.#optimized.set(uri, optimized);
    return isNothing(optimized, document) && optimized.leftOut.length === 0 ? undefined : optimized;
  }

  /** Brings an open preview up to date after its Dockerfile was changed. */
  async #follow(original: vscode.Uri, version: number): Promise<void> {
    const shown = this.#optimized.get(original.toString());
    if (findTabs(previewOf(original)).length > 0 && shown?.version !== version) await this.#update(original);
  }

  /** Computes anew what the preview and the list show. */
  async #update(original: vscode.Uri): Promise<void> {
    await this.#compute(await vscode.workspace.openTextDocument(original));
    this.#changed.fire(previewOf(original));
    this.#showChanges();
  }

  /** Shows the changes of the preview in front, or of the one whose changes were shown, if it is still open. */
  #showChanges(): void {
    const front = previewIn(vscode.window.tabGroups.activeTabGroup.activeTab);
    const known = this.#changes.shown && previewOf(this.#changes.shown.original);
    const preview = front ?? (known && findTabs(known).length > 0 ? known : undefined);
    const optimized = preview && this.#optimized.get(preview.query);
    void vscode.commands.executeCommand("setContext", "plimsoll.optimizing", optimized !== undefined);
    const without = (preview && this.#without.get(preview.query)) ?? NOTHING;
    this.#changes.show(optimized && { original: vscode.Uri.parse(preview!.query), optimized, without });
  }

  #forget(preview: vscode.Uri): void {
    this.#optimized.delete(preview.query);
    this.#without.delete(preview.query);
  }

  /** The address of an open preview: the one given, the one in front, or the one whose changes are shown. */
  #findPreview(given: unknown): vscode.Uri | undefined {
    const shown = this.#changes.shown && previewOf(this.#changes.shown.original);
    const uri =
      given instanceof vscode.Uri ? given : (previewIn(vscode.window.tabGroups.activeTabGroup.activeTab) ?? shown);
    return uri && findTabs(uri).length > 0 ? uri : undefined;
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

/** Nothing is left out. */
const NOTHING: ReadonlySet<string> = new Set();

function isNothing({ text, files }: Optimized, document: vscode.TextDocument): boolean {
  return text === document.getText() && files.length === 0;
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
