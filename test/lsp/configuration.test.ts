/** Configuration files in the language server. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodeAction } from "vscode-languageserver";
import { nodeSurroundings } from "../../server/lsp/surroundings.ts";
import type { ConfigurationFile } from "../../server/model/context.ts";
import { Client, FULL_CAPABILITIES, type Options } from "./client.ts";

const URI = "file:///work/Dockerfile";
const TEXT = "FROM debian:12\nMAINTAINER Ada\nRUN apt-get update && apt-get install -y git\n";

describe("configuration files in the language server", () => {
  let client: Client;
  let files: ConfigurationFile[];
  let asked: (readonly string[])[];

  async function start(options: Options = {}): Promise<void> {
    client = new Client({
      ...options,
      surroundings: {
        ...options.surroundings,
        async findConfiguration(uri, folders) {
          asked.push([uri, ...folders]);
          return files;
        },
      },
    });
    await client.open(URI, TEXT);
  }

  const own = (text: string): ConfigurationFile => ({ kind: "plimsoll", path: "/work/.plimsoll.yaml", text });
  const severity = async (rule = "maintainer-instruction") =>
    (await client.pull(URI)).find(({ code }) => code === rule)?.severity;

  async function filesChanged(...changed: readonly ConfigurationFile[]): Promise<void> {
    files = [...changed];
    client.messages.length = 0;
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [] });
    await client.noted("refresh");
  }

  beforeEach(() => {
    files = [];
    asked = [];
  });
  afterEach(() => client.stop());

  it("count, and are read again when they change", async () => {
    files = [own("rules: { maintainer-instruction: error }")];
    await start();
    assert.equal(await severity(), 1);
    await filesChanged(own("rules: { maintainer-instruction: off }"));
    assert.equal(await severity(), undefined);
    await filesChanged({ kind: "hadolint", path: "/work/.hadolint.yaml", text: "override: { warning: [DL4000] }" });
    assert.equal(await severity(), 2);
    await filesChanged();
    assert.equal(await severity(), 3);
  });

  it("give way to what is set in the editor, and not to its defaults", async () => {
    files = [own("rules: { maintainer-instruction: error, DL3015: error }\npreset: strict")];
    await start({ settings: { preset: "recommended", role: "auto", codeLens: true, rules: { DL4000: "hint" } } });
    assert.equal(await severity(), 4);
    assert.equal(await severity("recommended-packages"), 1);
    assert.equal(await severity("unpinned-apt-package"), 3);
  });

  it("bring a policy", async () => {
    files = [own("trusted-registries: [ghcr.io]")];
    await start();
    assert.equal(await severity("untrusted-registry"), 1);
  });

  it("have a document left alone", async () => {
    files = [own("ignore: [Dockerfile]")];
    const gatherContext = async () => ({ path: "/work/Dockerfile" });
    await start({ surroundings: { gatherContext } });
    assert.deepEqual(await client.pull(URI), []);
    const lenses = await client.request("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.equal(lenses, null);
    await filesChanged(own("ignore: [/other/Dockerfile]"));
    assert.equal(await severity(), 3);
  });

  it("with mistakes are told of once, and the rest of them counts", async () => {
    files = [own("preset: most\nrules: { maintainer-instruction: error }")];
    await start();
    assert.equal(await severity(), 1);
    await client.noted('/work/.plimsoll.yaml:1: "preset" must be one of');
    await client.change(URI, 0, 0, "# typed\n");
    assert.equal(await severity(), 1);
    assert.equal(client.messages.filter((message) => message.includes("preset")).length, 1);
  });

  it("are not asked for in a workspace that is not trusted", async () => {
    files = [own("rules: { maintainer-instruction: off }")];
    await start({ initializationOptions: { trusted: false } });
    assert.equal(await severity(), 3);
    assert.deepEqual(asked, []);
  });

  it("that switch comments off leave nothing to write one for", async () => {
    files = [own("ignore-comments: false")];
    await start();
    const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: URI },
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } },
      context: { diagnostics: [] },
    });
    assert.ok(actions.length > 0);
    assert.deepEqual(
      actions.filter(({ title }) => title.startsWith("Ignore")),
      [],
    );
  });

  it("are watched", async () => {
    await start({
      capabilities: { ...FULL_CAPABILITIES, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    });
    const watched = new Promise<string>((done) => {
      client.connection.onRequest("client/registerCapability", (params) => {
        done(JSON.stringify(params));
        return null;
      });
    });
    const text = await watched;
    for (const name of [".plimsoll.yaml", ".plimsoll.yml", ".hadolint.yaml", ".hadolint.yml"])
      assert.ok(text.includes(name), name);
  });
});

describe("configuration files on disk", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "plimsoll-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function find(file: string, ...folders: readonly string[]) {
    const { findConfiguration } = nodeSurroundings(resolve("server/lsp"));
    const uri = (path: string) => pathToFileURL(join(root, path)).href;
    return (await findConfiguration!(uri(file), folders.map(uri))).map(({ text }) => text);
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  it("are found up to the folder of the workspace, or the root of the repository", async () => {
    write(".plimsoll.yaml", "root");
    write("a/.hadolint.yaml", "a");
    write("a/b/x", "");
    assert.deepEqual(await find("a/b/Dockerfile"), []);
    assert.deepEqual(await find("a/b/Dockerfile", "other", "a"), ["a"]);
    assert.deepEqual(await find("a/b/Dockerfile", "a/b"), []);
    write(".git/HEAD", "");
    assert.deepEqual(await find("a/b/Dockerfile", "a/b"), ["root", "a"]);
  });

  it("are not looked for of what is not on disk", async () => {
    const { findConfiguration } = nodeSurroundings(resolve("server/lsp"));
    assert.deepEqual(await findConfiguration!("untitled:Untitled-1", []), []);
  });
});
