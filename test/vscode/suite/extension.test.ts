import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { VirtualFiles } from "./virtual-files.ts";

const RULE = "maintainer-instruction";
const BAD = "FROM alpine:3.20\nMAINTAINER me\n";

/** What the extension gives to others: for tests. */
interface Api {
  serverPid(): number | undefined;
}

describe("Plimsoll", () => {
  for (const name of ["Dockerfile", "Containerfile", "Dockerfile.dev", "api.dockerfile"]) {
    it(`takes ${name} for a Dockerfile`, async () => {
      const document = await show(await write(name, BAD));
      assert.equal(document.languageId, "dockerfile");
      await diagnosticOf(document);
      assert.ok(extension().isActive);
    });
  }

  it("diagnoses a document without a file", async () => {
    await diagnosticOf(await vscode.workspace.openTextDocument({ language: "dockerfile", content: BAD }));
  });

  it("diagnoses a file of another file system", async () => {
    const files = new VirtualFiles();
    const registration = vscode.workspace.registerFileSystemProvider("plimsoll-test", files);
    const uri = vscode.Uri.parse("plimsoll-test:/app/Dockerfile");
    files.writeFile(uri, new TextEncoder().encode(BAD));
    await diagnosticOf(await show(uri));
    registration.dispose();
  });

  it("says where the finding is, who found it and where to read about it", async () => {
    const document = await show(await write("range/Dockerfile", BAD));
    const { code, range, source } = await diagnosticOf(document);
    assert.equal(source, "plimsoll");
    assert.equal(range.start.line, 1);
    assert.ok(typeof code === "object" && code.target.toString().includes(RULE));
  });

  it("repairs a finding when asked", async () => {
    const document = await show(await write("quick-fix/Dockerfile", BAD));
    const { range } = await diagnosticOf(document);
    const action = await until("a preferred quick fix with an edit", async () => {
      const actions = await actionsAt(document, range, vscode.CodeActionKind.QuickFix);
      return actions.find(({ edit, isPreferred }) => edit && isPreferred);
    });
    assert.ok(await vscode.workspace.applyEdit(action.edit!));
    assertRepaired(document);
    await until("the diagnostic is gone", () => findDiagnostic(document) === undefined);
  });

  it("repairs a file when it is saved", async () => {
    await configure("editor", "codeActionsOnSave", { "source.fixAll.plimsoll": "explicit" }, async () => {
      const document = await show(await write("on-save/Dockerfile", BAD));
      await diagnosticOf(document);
      await append(document, "# changed\n");
      assert.ok(await document.save());
      assertRepaired(document);
      assert.equal(document.isDirty, false);
    });
  });

  it("shows the score above the first line, and what it opens is a command", async () => {
    const document = await show(await write("lens/Dockerfile", BAD));
    const command = await until("the code lens with the score", async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        10,
      );
      return lenses.find(({ range, command }) => range.start.line === 0 && command?.title.startsWith("Score "))
        ?.command;
    });
    assert.ok((await vscode.commands.getCommands(true)).includes(command.command), command.command);
  });

  it("opens the rating", async () => {
    await show(await write("rating/Dockerfile", BAD));
    await vscode.commands.executeCommand("plimsoll.rate");
    await until("the tab of the rating", () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      return tabs.some(
        ({ input }) => input instanceof vscode.TabInputWebview && /plimsoll\.rating/.test(input.viewType),
      );
    });
  });

  it("compares image sizes, built by the engine that is there", async () => {
    const document = await show(await write("sizes.dockerfile", BAD));
    await diagnosticOf(document);
    await vscode.commands.executeCommand("plimsoll.measure", document.uri);
    await until("the page with the sizes", () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      return tabs.some(({ label, input }) => input instanceof vscode.TabInputWebview && /image sizes/.test(label));
    });
  });

  it("takes up changed settings without a restart", async () => {
    const document = await show(await write("settings/Dockerfile", BAD));
    await diagnosticOf(document);
    await configure("plimsoll", "rules", { [RULE]: "off" }, async () => {
      await until("the diagnostic is gone", () => findDiagnostic(document) === undefined);
    });
    await diagnosticOf(document);
  });

  it("comes back when its server has died", async () => {
    const document = await show(await write("crash/Dockerfile", "FROM alpine:3.20\n"));
    const api = await extension().activate();
    const pid = await until("the server", () => api.serverPid());
    process.kill(pid, "SIGKILL");
    await until("another server", () => {
      const other = api.serverPid();
      return other !== undefined && other !== pid;
    });
    await append(document, "MAINTAINER me\n");
    await diagnosticOf(document);
  });
});

function extension(): vscode.Extension<Api> {
  return vscode.extensions.getExtension<Api>("plimsoll.plimsoll")!;
}

/** Writes a file into the workspace. */
async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

async function append(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

function findDiagnostic({ uri }: vscode.TextDocument): vscode.Diagnostic | undefined {
  const isOurs = ({ code }: vscode.Diagnostic) => (typeof code === "object" ? code.value : code) === RULE;
  return vscode.languages.getDiagnostics(uri).find(isOurs);
}

async function diagnosticOf(document: vscode.TextDocument): Promise<vscode.Diagnostic> {
  return await until(`a diagnostic of ${document.uri}`, () => findDiagnostic(document));
}

/** The code actions as the light bulb would offer them; none while VS Code is busy with other providers. */
async function actionsAt(
  { uri }: vscode.TextDocument,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  return await vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, kind.value);
}

function assertRepaired(document: vscode.TextDocument): void {
  assert.doesNotMatch(document.getText(), /MAINTAINER/);
  assert.match(document.getText(), /^LABEL .*authors="?me"?$/m);
}

/** Sets a setting of the workspace while something is done. */
async function configure(section: string, key: string, value: unknown, during: () => Promise<void>): Promise<void> {
  const update = (value: unknown) =>
    vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Workspace);
  await update(value);
  try {
    await during();
  } finally {
    await update(undefined);
  }
}
