import * as vscode from "vscode";
import { OPTIMIZE_COMMAND, RATE_COMMAND } from "../server/lsp/protocol.ts";
import { CompareSizes } from "./compare-sizes.ts";
import { findDockerfile, PREVIEW_SCHEME, RULE_SCHEME, SIZES_SCHEME } from "./documents.ts";
import { fixAll } from "./fixes.ts";
import { ruleOf } from "./optimize-changes.ts";
import { OptimizePreview } from "./optimize-preview.ts";
import { RATING_VIEW, RatingPanel } from "./rating-panel.ts";
import { offerRestart, reportError } from "./report.ts";
import { RulePages } from "./rule-pages.ts";
import { type CreateClient, Session } from "./session.ts";
import { showStatus } from "./status.ts";

/** Registers everything that the manifest names and starts the server, without waiting for it. */
export function startPlimsoll(context: vscode.ExtensionContext, createClient: CreateClient): Session {
  const session = new Session(context, createClient);
  const preview = new OptimizePreview(session);
  const rating = new RatingPanel(context.extensionUri, session);
  const rules = new RulePages(session);
  const sizes = new CompareSizes(session);

  /** Registers a command whose failure the user is told. */
  function register(name: string, run: (argument: unknown) => Promise<unknown>): vscode.Disposable {
    return vscode.commands.registerCommand(name, (argument: unknown) =>
      run(argument).catch((error) => reportError(session, error)),
    );
  }

  /** Registers a command that is about one Dockerfile; without one in front, it is about the one that is rated. */
  function registerForDockerfile(
    name: string,
    run: (document: vscode.TextDocument) => Promise<unknown>,
  ): vscode.Disposable {
    return register(name, async (argument) => {
      const document = await findDockerfile(preview.originalOf(argument) ?? rating.activeUri);
      if (document) await run(document);
    });
  }

  context.subscriptions.push(
    session,
    preview,
    rating,
    sizes,
    showStatus(session),
    vscode.workspace.registerTextDocumentContentProvider(SIZES_SCHEME, sizes),
    registerForDockerfile("plimsoll.measure", (document) => sizes.show(document)),
    vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, preview),
    vscode.workspace.registerFileSystemProvider(RULE_SCHEME, rules, { isReadonly: true, isCaseSensitive: true }),
    vscode.window.registerWebviewPanelSerializer(RATING_VIEW, rating),
    registerForDockerfile(RATE_COMMAND, (document) => rating.show(document)),
    registerForDockerfile("plimsoll.fixAll", (document) => fixAll(session, document)),
    registerForDockerfile(OPTIMIZE_COMMAND, (document) => preview.show(document)),
    register("plimsoll.optimize.accept", (argument) => preview.accept(argument)),
    register("plimsoll.optimize.discard", (argument) => preview.discard(argument)),
    register("plimsoll.optimize.details", () => preview.showChanges()),
    vscode.commands.registerCommand("plimsoll.optimize.showLine", (uri, line) => preview.showLine(uri, line)),
    register("plimsoll.explain", (rule) => rules.show(ruleOf(rule) ?? rule)),
    register("plimsoll.restartServer", () => session.restart()),
    register("plimsoll.showOutput", async () => session.output.show()),
    session.onDidChangeHealth((health) => {
      if (health === "failed") offerRestart("The Plimsoll server keeps failing, so Dockerfiles are not checked.");
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => session.restart()),
  );
  session.start();
  return session;
}
