import type { Arguments } from "./arguments.ts";
import { type ExitCode, SUCCESS } from "./exit.ts";
import type { Host } from "./host.ts";

/** Starts the language server, which keeps the process alive until its client ends it. */
export async function serve(_args: Arguments, host: Host): Promise<ExitCode> {
  const { serveStdio } = await import("../lsp/node.ts");
  const { nodeSurroundings } = await import("../lsp/surroundings.ts");
  serveStdio(nodeSurroundings(host.entry));
  return SUCCESS;
}
