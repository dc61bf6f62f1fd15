import * as vscode from "vscode";
import { RATE_COMMAND, type ScoreParams } from "../server/lsp/protocol.ts";
import { LANGUAGE } from "./documents.ts";
import type { Health, Session } from "./session.ts";

/** Shows the score of the Dockerfile in front, and how the server does, in the editor's language status. */
export function showStatus(session: Session): vscode.Disposable {
  const selector = { language: LANGUAGE };
  const item = vscode.languages.createLanguageStatusItem("plimsoll.score", selector);
  item.name = "Plimsoll";
  const scores = new Map<string, ScoreParams>();
  let help: vscode.LanguageStatusItem | undefined;

  function update(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    Object.assign(item, describeStatus(session.health, uri === undefined ? undefined : scores.get(uri)));
    help?.dispose();
    help = session.health === "failed" ? createHelp(selector) : undefined;
  }

  update();
  return vscode.Disposable.from(
    item,
    { dispose: () => help?.dispose() },
    session.onDidScore((score) => {
      scores.set(score.uri, score);
      update();
    }),
    session.onDidChangeHealth((health) => {
      if (health !== "running") scores.clear();
      update();
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => scores.delete(uri.toString())),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}

type Status = Pick<vscode.LanguageStatusItem, "text" | "detail" | "severity" | "busy" | "command">;

function describeStatus(health: Health, score: ScoreParams | undefined): Status {
  const { Information, Error } = vscode.LanguageStatusSeverity;
  const rate = { title: "Rate Dockerfile", command: RATE_COMMAND };
  const restart = { title: "Restart Server", command: "plimsoll.restartServer" };
  switch (health) {
    case "starting":
      return { text: "Plimsoll", detail: "starting", severity: Information, busy: true, command: undefined };
    case "failed":
      return { text: "Plimsoll", detail: "the server is not running", severity: Error, busy: false, command: restart };
    case "stopped":
      return { text: "Plimsoll", detail: "stopped", severity: Information, busy: false, command: restart };
    case "running":
      return {
        text: score ? `Plimsoll ${score.score.overall.toFixed(1)}` : "Plimsoll",
        detail: score ? `of 10, ${describeFindings(score.findings)}` : "no score yet",
        severity: Information,
        busy: false,
        command: rate,
      };
  }
}

function describeFindings(count: number): string {
  if (count === 0) return "no findings";
  return count === 1 ? "1 finding" : `${count} findings`;
}

/** A status item has one command only; this one has the other thing to do when the server is down. */
function createHelp(selector: vscode.DocumentSelector): vscode.LanguageStatusItem {
  const help = vscode.languages.createLanguageStatusItem("plimsoll.help", selector);
  help.name = "Plimsoll Help";
  help.severity = vscode.LanguageStatusSeverity.Error;
  help.text = "The output says what went wrong";
  help.command = { title: "Show Output", command: "plimsoll.showOutput" };
  return help;
}
