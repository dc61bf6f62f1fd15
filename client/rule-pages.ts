import * as vscode from "vscode";
import { EXPLAIN_REQUEST } from "../server/lsp/protocol.ts";
import { LANGUAGE, RULE_SCHEME } from "./documents.ts";
import type { Session } from "./session.ts";

/** The editor of VS Code that shows Markdown as it is read. */
const MARKDOWN_PREVIEW = "vscode.markdown.preview.editor";

const NOTHING = new vscode.Disposable(() => {});

/**
 * The pages that explain the rules, as files `plimsoll-rule:/<id>` that can be read only. A page may link to another as
 * `<id>.md`, as the pages do on disk. They are files and not bare texts, because VS Code asks for a file again when it opens a
 * window again.
 */
export class RulePages implements vscode.FileSystemProvider {
  readonly #session: Session;
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]> = () => NOTHING;

  constructor(session: Session) {
    this.#session = session;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const rule = uri.path.replace(/^\//, "").replace(/\.md$/, "");
    const page = await this.#session.request<string | null>(EXPLAIN_REQUEST, { rule });
    if (page === null) throw vscode.FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(page);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: (await this.readFile(uri)).length };
  }

  watch(): vscode.Disposable {
    return NOTHING;
  }

  readDirectory(): [] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /** Shows the page of this rule as it is read, not as it is written; of no rule given, asks which. */
  async show(given: unknown): Promise<void> {
    const rule = typeof given === "string" ? given : await chooseRule();
    if (rule === undefined) return;
    const uri = vscode.Uri.from({ scheme: RULE_SCHEME, path: `/${rule}` });
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
