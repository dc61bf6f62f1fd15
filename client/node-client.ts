import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, TransportKind } from "vscode-languageclient/node";
import type { ServerClient } from "./session.ts";

/** A client that starts the server as a child process and speaks to it over the channel between the two. */
export function createNodeClient(context: vscode.ExtensionContext, options: LanguageClientOptions): ServerClient {
  const module = vscode.Uri.joinPath(context.extensionUri, "dist", "server.cjs").fsPath;
  return new NodeClient("plimsoll", "Plimsoll", { module, transport: TransportKind.ipc }, options);
}

class NodeClient extends LanguageClient implements ServerClient {
  get serverPid(): number | undefined {
    return this.serverProcess?.pid;
  }

  /** Errors go to the output only: what a person should know of them, `Session` says, once. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
