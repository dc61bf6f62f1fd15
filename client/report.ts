import * as vscode from "vscode";
import type { Session } from "./session.ts";

/** Tells the user that something they asked for could not be done, why, and what they can do. Does not wait for them. */
export function reportError(session: Session, error: unknown): void {
  session.output.error(error instanceof Error ? error : String(error));
  if (session.health === "failed") offerRestart("The Plimsoll server is not running.");
  else offer(error instanceof Error ? error.message : String(error), { "Show Output": "plimsoll.showOutput" });
}

/** Tells the user why there is no server, with the two things that help. Does not wait for them. */
export function offerRestart(message: string): void {
  offer(message, { "Restart Server": "plimsoll.restartServer", "Show Output": "plimsoll.showOutput" });
}

/** @param commands what the buttons say, and what they run. */
function offer(message: string, commands: Readonly<Record<string, string>>): void {
  vscode.window.showErrorMessage(message, ...Object.keys(commands)).then((chosen) => {
    const command = chosen && commands[chosen];
    if (command) void vscode.commands.executeCommand(command);
  });
}
