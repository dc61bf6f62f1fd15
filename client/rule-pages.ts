import * as vscode from "vscode";
import { EXPLAIN_REQUEST } from "../server/lsp/protocol.ts";
import { LANGUAGE, RULE_SCHEME } from "./documents.ts";
import type { Session } from "./session.ts";

/** The editor of VS Code that shows Markdown as it is read. */
const MARKDOWN_PREVIEW = "vscode.markdown.preview.editor";

/** The pages that explain the rules, as documents `plimsoll-rule:/<id>.md`, in which one page may link to another. */
export class RulePages implements vscode.TextDocumentContentProvider {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\//, "").replace(/\.md$/, "");
    const page = await this.#session.request<string | null>(EXPLAIN_REQUEST, { rule });
    return page ?? `# ${rule}\n\nThere is no rule of this name.\n`;
  }

  /** Shows the page of this rule as it is read, not as it is written; of no rule given, asks which. */
  async show(given: unknown): Promise<void> {
    const rule = typeof given === "string" ? given : await chooseRule();
    if (rule === undefined) return;
    const uri = vscode.Uri.from({ scheme: RULE_SCHEME, path: `/${rule}.md` });
    // Beside the text that the question is about, or over the panel in which it was asked.
    const viewColumn = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    await vscode.commands.executeCommand("vscode.openWith", uri, MARKDOWN_PREVIEW, { viewColumn, preview: true });
  }
}

/** One of the rules that have found something in the Dockerfile in front; those at the cursor come first. */
async function chooseRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const found = editor?.document.languageId === LANGUAGE ? vscode.languages.getDiagnostics(editor.document.uri) : [];
  const atCursor = found.filter(({ range }) => editor?.selections.some((selection) => range.intersection(selection)));
  const rules = [...new Set([...atCursor, ...found].flatMap(ruleOf))];
  if (rules.length === 0) {
    void vscode.window.showInformationMessage("There is no finding to explain. Open a Dockerfile that has one.");
    return undefined;
  }
  return vscode.window.showQuickPick(rules, { title: "Plimsoll", placeHolder: "Choose a rule to read about" });
}

function ruleOf({ source, code }: vscode.Diagnostic): readonly string[] {
  if (source?.toLowerCase() !== "plimsoll") return [];
  const value = typeof code === "object" ? code.value : code;
  return value === undefined ? [] : [String(value)];
}
