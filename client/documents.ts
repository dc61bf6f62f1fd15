import * as vscode from "vscode";

export const LANGUAGE = "dockerfile";

/** The scheme of what a Dockerfile would be with every fix applied. */
export const PREVIEW_SCHEME = "plimsoll-optimized";

/** The scheme of the pages that explain the rules: `plimsoll-rule:/<id>`. */
export const RULE_SCHEME = "plimsoll-rule";

/** The scheme of the pages that show what images have been measured to take. */
export const SIZES_SCHEME = "plimsoll-sizes";

/** How the files are called that VS Code takes for Dockerfiles. */
const FILES =
  "**/{[Dd]ockerfile,[Cc]ontainerfile,[Dd]ockerfile.*,[Cc]ontainerfile.*,*.[Dd]ockerfile,*.[Cc]ontainerfile}";

/**
 * Whether somebody can type into the documents of this address. What can only be read, such as the old side of a diff, repeats
 * findings that its editable twin has already.
 */
export function isEditable(uri: vscode.Uri): boolean {
  return uri.scheme === "untitled" || vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

/** How a person calls the document: the last part of its path. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

/**
 * The Dockerfile that a command is about: the one that it was given, else the one in front, else the one that the user chooses.
 * Undefined if the user has been told that there is none, or chose none.
 */
export async function findDockerfile(given: unknown): Promise<vscode.TextDocument | undefined> {
  const uri = asUri(given);
  if (uri) return vscode.workspace.openTextDocument(uri);
  return findShown() ?? chooseDockerfile();
}

/** A Dockerfile that is open or lies in the workspace, of which the user is asked if there are several. */
export async function chooseDockerfile(): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.filter(
    ({ languageId, uri }) => languageId === LANGUAGE && isEditable(uri),
  );
  const found = await vscode.workspace.findFiles(FILES, "**/{node_modules/**,*.dockerignore}", 1000);
  const byName = new Map(
    [...open.map(({ uri }) => uri), ...found].map((uri) => [vscode.workspace.asRelativePath(uri), uri]),
  );
  const names = [...byName.keys()].sort();
  if (names.length === 0) {
    const message = "There is no Dockerfile open or in this workspace. Open one and try again.";
    void vscode.window.showInformationMessage(message);
  }
  const options = { title: "Plimsoll", placeHolder: "Choose a Dockerfile" };
  const chosen = names.length < 2 ? names[0] : await vscode.window.showQuickPick(names, options);
  const uri = chosen === undefined ? undefined : byName.get(chosen);
  return uri && vscode.workspace.openTextDocument(uri);
}

/** Puts the document in front. */
export async function showDocument(
  document: vscode.TextDocument,
  options: { readonly selection?: vscode.Range; readonly preserveFocus?: boolean } = {},
): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(document, { ...options, viewColumn: columnOf(document) });
}

/** The column of editors that the document is in, or else one in which it would hide no webview. */
export function columnOf({ uri }: vscode.TextDocument): vscode.ViewColumn {
  return findColumn(uri) ?? freeColumn();
}

/** Whether the document can be seen in an editor now. */
export function isVisible(document: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document === document);
}

function asUri(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  return typeof given === "string" ? vscode.Uri.parse(given, true) : undefined;
}

function findShown(): vscode.TextDocument | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (activeTextEditor?.document.languageId === LANGUAGE) return activeTextEditor.document;
  // A webview or a picture in front leaves no editor active.
  if (activeTextEditor) return undefined;
  const shown = visibleTextEditors.map(({ document }) => document);
  const [first, second] = new Set(shown.filter(({ languageId, uri }) => languageId === LANGUAGE && isEditable(uri)));
  return second ? undefined : first;
}

function findColumn(uri: vscode.Uri): vscode.ViewColumn | undefined {
  const holds = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  const groups = vscode.window.tabGroups.all.filter(({ tabs }) => tabs.some(holds));
  return (groups.find(({ activeTab }) => activeTab && holds(activeTab)) ?? groups[0])?.viewColumn;
}

function freeColumn(): vscode.ViewColumn {
  const [first] = vscode.window.tabGroups.all;
  return first?.activeTab?.input instanceof vscode.TabInputWebview ? vscode.ViewColumn.Beside : vscode.ViewColumn.One;
}
