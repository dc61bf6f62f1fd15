import * as vscode from "vscode";
import { MEASURE_REQUEST, type Measured, type MeasureParams } from "../server/lsp/protocol.ts";
import { nameOf, SIZES_SCHEME } from "./documents.ts";
import type { Session } from "./session.ts";
import { sizePage } from "./size-page.ts";

/** Builds a Dockerfile as it is and optimized, on the user's wish, and shows how large the images are. */
export class CompareSizes implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #session: Session;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** By the address of the Dockerfile. */
  readonly #pages = new Map<string, string>();
  readonly #running = new Set<string>();
  readonly onDidChange = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
  }

  async show(document: vscode.TextDocument): Promise<void> {
    if (!vscode.workspace.isTrusted) return refuse();
    if (document.uri.scheme !== "file") throw new Error("Only a Dockerfile on disk can be built. Save it first.");
    const uri = document.uri.toString();
    if (this.#running.has(uri)) throw new Error(`The images of ${nameOf(document.uri)} are being compared already.`);
    const context = await chooseContext(document.uri);
    if (!context) return;
    this.#running.add(uri);
    try {
      const measured = await this.#measure({ uri, context: context.toString() }, nameOf(document.uri));
      if (measured) await this.#showPage(document.uri, sizePage(nameOf(document.uri), measured));
    } finally {
      this.#running.delete(uri);
    }
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.query) ?? "Run *Plimsoll: Compare Image Sizes* to measure the images again.\n";
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Undefined: the user has cancelled it. */
  async #measure(params: MeasureParams, name: string): Promise<Measured | undefined> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Comparing image sizes of ${name}`,
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      try {
        const report = (message: string): void => progress.report({ message });
        return await this.#session.requestWithProgress<Measured>(MEASURE_REQUEST, params, report, token);
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        throw this.#withoutOutput(error);
      }
    });
  }

  /** What a build has printed goes to the output; a message has room for a sentence. */
  #withoutOutput(error: unknown): unknown {
    if (!(error instanceof Error) || !error.message.includes("\n")) return error;
    this.#session.output.error(error.message);
    const first = error.message.split("\n", 1)[0]!.replace(/\.$/, "");
    return new Error(`${first.charAt(0).toUpperCase()}${first.slice(1)}. The output says why.`);
  }

  async #showPage(original: vscode.Uri, page: string): Promise<void> {
    this.#pages.set(original.toString(), page);
    const path = `${original.path} image sizes.md`;
    const uri = vscode.Uri.from({ scheme: SIZES_SCHEME, path, query: original.toString() });
    this.#changed.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  }
}

function refuse(): void {
  const trust = "Manage Workspace Trust";
  const message = "Images are not built in a workspace that is not trusted: a build runs what the Dockerfile says.";
  void vscode.window.showWarningMessage(message, trust).then((chosen) => {
    if (chosen) void vscode.commands.executeCommand("workbench.trust.manage");
  });
}

/** The build context: the Dockerfile's folder, or if that is not the workspace's, the one that the user chooses. */
async function chooseContext(original: vscode.Uri): Promise<vscode.Uri | undefined> {
  const own = vscode.Uri.joinPath(original, "..");
  const workspace = vscode.workspace.getWorkspaceFolder(original)?.uri;
  if (!workspace || workspace.toString() === own.toString()) return own;
  const items = [own, workspace].map((uri) => ({
    label: vscode.workspace.asRelativePath(uri, true),
    description: uri.fsPath,
    uri,
  }));
  const options = { title: `Image Sizes of ${nameOf(original)}`, placeHolder: "Choose the build context" };
  return (await vscode.window.showQuickPick(items, options))?.uri;
}
