import type { ExtensionContext } from "vscode";
import { createNodeClient } from "./node-client.ts";
import { startPlimsoll } from "./plimsoll.ts";
import type { Session } from "./session.ts";

/** What `extensions.getExtension("plimsoll.plimsoll").exports` is. Made for tests. */
export interface Api {
  /** The process of the server, as long as there is one. */
  serverPid(): number | undefined;
  /** Fulfilled when the server runs for the first time, rejected when it has been given up before. */
  readonly whenReady: Promise<void>;
}

let session: Session | undefined;

/** The entry where there is a Node.js: the desktop and remote hosts. One for browsers would differ in `createNodeClient` alone. */
export function activate(context: ExtensionContext): Api {
  const started = startPlimsoll(context, createNodeClient);
  session = started;
  return { serverPid: () => started.serverPid, whenReady: started.whenReady };
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
