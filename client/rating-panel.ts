import * as vscode from "vscode";
import { RATE_REQUEST, type Rating } from "../server/lsp/protocol.ts";
import { chooseDockerfile, isEditable, isVisible, LANGUAGE, nameOf, showDocument } from "./documents.ts";
import { fixFinding } from "./fixes.ts";
import { announce, type RatingState, renderContent, renderPage } from "./rating-page.ts";
import { reportError } from "./report.ts";
import type { Session } from "./session.ts";

export const RATING_VIEW = "plimsoll.rating";

const NO_RATING = "The server has no rating for this Dockerfile.";
const NOT_RATED = "This Dockerfile could not be read or rated. The output says why.";
const NO_DOCKERFILE = "The editor does not take this file for a Dockerfile. Change its language mode to Dockerfile.";

/** The one panel that shows a rating: of the Dockerfile that it was asked for, then of each that comes to the front. */
export class RatingPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #extension: vscode.Uri;
  readonly #session: Session;
  readonly #subscriptions: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #uri: vscode.Uri | undefined;
  #state: RatingState = { kind: "empty" };

  constructor(extension: vscode.Uri, session: Session) {
    this.#extension = extension;
    this.#session = session;
    this.#subscriptions = vscode.Disposable.from(
      session.onDidScore(({ uri }) => uri === this.#uri?.toString() && this.#refresh()),
      session.onDidChangeHealth((health) => (health === "running" || health === "failed") && this.#refresh()),
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.#follow(editor.document)),
    );
  }

  /** The Dockerfile whose rating is what the user looks at. */
  get activeUri(): vscode.Uri | undefined {
    return this.#panel?.active && this.#state.kind === "rated" ? this.#uri : undefined;
  }

  /** Opens the panel beside the document, or turns the open one to it. */
  async show(document: vscode.TextDocument): Promise<void> {
    if (!isVisible(document)) await showDocument(document);
    if (this.#panel) this.#panel.reveal();
    else this.#adopt(createPanel());
    await this.#turnTo(document.uri);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel);
    const uri = state !== null && typeof state === "object" && "uri" in state ? state.uri : undefined;
    await this.#turnTo(typeof uri === "string" ? vscode.Uri.parse(uri) : undefined);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.#extension, "images", "icon.png");
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    panel.webview.onDidReceiveMessage((message: Message) => {
      this.#receive(message).catch((error) => reportError(this.#session, error));
    });
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    panel.webview.html = renderPage(crypto.randomUUID().replaceAll("-", ""));
  }

  async #follow(document: vscode.TextDocument): Promise<void> {
    const fits = document.languageId === LANGUAGE && isEditable(document.uri);
    if (this.#panel && fits && document.uri.toString() !== this.#uri?.toString()) await this.#turnTo(document.uri);
  }

  async #turnTo(uri: vscode.Uri | undefined): Promise<void> {
    const same = uri?.toString() === this.#uri?.toString();
    this.#uri = uri;
    if (!same || this.#state.kind !== "rated")
      this.#present(uri ? { kind: "loading", file: pathOf(uri) } : { kind: "empty" });
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const uri = this.#uri;
    if (!this.#panel || !uri) return;
    const state = await this.#rate(uri);
    if (uri === this.#uri) this.#present(state);
  }

  async #rate(uri: vscode.Uri): Promise<RatingState> {
    const file = pathOf(uri);
    if (this.#session.health === "failed") return { kind: "stopped", file };
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      const rating = await this.#session.request<Rating | null>(RATE_REQUEST, { uri: document.uri.toString() });
      if (rating) return { kind: "rated", file, rating };
      const reason = document.languageId === LANGUAGE ? NO_RATING : NO_DOCKERFILE;
      return { kind: "unrated", file, reason };
    } catch (error) {
      this.#session.output.error(error instanceof Error ? error : String(error));
      return { kind: "unrated", file, reason: NOT_RATED };
    }
  }

  #present(state: RatingState): void {
    this.#state = state;
    if (!this.#panel) return;
    this.#panel.title = this.#uri ? `Rating of ${nameOf(this.#uri)}` : "Rating";
    void this.#panel.webview.postMessage({
      html: renderContent(state),
      announcement: announce(state),
      state: { uri: this.#uri?.toString() },
    });
  }

  async #receive(message: Message): Promise<void> {
    switch (message.command) {
      case "ready":
        return this.#present(this.#state);
      case "reveal":
        return this.#reveal(message);
      case "fix":
        return this.#fix(message);
      case "explain":
        return vscode.commands.executeCommand("plimsoll.explain", message.rule);
      case "fixAll":
        return vscode.commands.executeCommand("plimsoll.fixAll", this.#uri);
      case "optimize":
        return vscode.commands.executeCommand("plimsoll.optimize", this.#uri);
      case "choose":
        return this.#choose();
      case "restart":
        return vscode.commands.executeCommand("plimsoll.restartServer");
      case "output":
        return vscode.commands.executeCommand("plimsoll.showOutput");
    }
  }

  async #choose(): Promise<void> {
    const document = await chooseDockerfile();
    if (document) await this.show(document);
  }

  async #reveal({ line = "0", character = "0", endline = line, endcharacter = character }: Message): Promise<void> {
    if (!this.#uri) return;
    const selection = new vscode.Range(Number(line), Number(character), Number(endline), Number(endcharacter));
    await showDocument(await vscode.workspace.openTextDocument(this.#uri), { selection });
  }

  async #fix({ rule = "", line, character }: Message): Promise<void> {
    if (!this.#uri) return;
    const document = await vscode.workspace.openTextDocument(this.#uri);
    await fixFinding(this.#session, document, { rule, line: Number(line), character: Number(character) });
    await this.#refresh();
  }
}

/** The `data-` attributes of the button that was pressed. */
interface Message {
  readonly command: string;
  readonly rule?: string;
  readonly line?: string;
  readonly character?: string;
  readonly endline?: string;
  readonly endcharacter?: string;
}

function pathOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

function createPanel(): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(RATING_VIEW, "Rating", vscode.ViewColumn.Beside, { enableFindWidget: true });
}
