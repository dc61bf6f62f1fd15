import assert from "node:assert/strict";
import type { CodeLens, Hover, InlayHint } from "vscode-languageserver/node";
import { tableDataOf } from "../size/tables.ts";
import { Client, type Options } from "./client.ts";

const URI = "file:///work/Dockerfile";
const TEXT =
  "FROM debian:12 AS one\nRUN apt-get update && apt-get install -y git && make\nFROM scratch\nCOPY src /src\nCOPY --from=one /x /x\n";

const DATA = tableDataOf([
  { name: "base-files", inBase: true },
  {
    name: "git",
    files: 40_000,
    depends: "perl",
    recommends: "less",
    summary: "fast, scalable, distributed revision control system",
  },
  { name: "perl", files: 20_000, depends: "base-files" },
  { name: "less", files: 1000 },
]);

describe("sizes in the editor", () => {
  let client: Client;
  let asked: string[];

  async function start(options: Options = {}, text = TEXT): Promise<void> {
    asked = [];
    client = new Client({
      ...options,
      surroundings: {
        gatherContext: async () => ({ files: { ".dockerignore": null } }),
        sizes: {
          loadTable: async (release) => {
            asked.push(release);
            return DATA;
          },
        },
        measureFor: () => async (path) => (path === "src" ? 5_000_000 : undefined),
      },
    });
    await client.open(URI, text);
  }
  afterEach(() => client.stop());

  const hints = (): Promise<InlayHint[] | null> =>
    client.request("textDocument/inlayHint", {
      textDocument: { uri: URI },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    });
  const hover = (character: number): Promise<Hover | null> =>
    client.request("textDocument/hover", { textDocument: { uri: URI }, position: { line: 1, character } });

  it("stand behind what installs, with what is recommended and left, and what is not known", async () => {
    await start();
    const [hint, ...others] = (await hints())!;
    assert.equal(hint!.label, "≈ +82 MB, 1 MB of it recommended, 20 MB package lists left + what `make` writes");
    assert.deepEqual(hint!.position, { line: 1, character: "RUN apt-get update && apt-get install -y git".length });
    assert.deepEqual(others, []);
    assert.match(
      JSON.stringify(hint!.tooltip),
      /3 packages, 1 of them only recommended\. The largest: git 40 MB, perl 20 MB, less 1 MB\./,
    );
  });

  it("say where an installation brings nothing new, and nothing of one that is being typed", async () => {
    await start({}, "FROM debian:12\nRUN apt-get update && apt-get install -y base-files\n");
    const [hint] = (await hints())!;
    assert.equal(hint!.label, "≈ +20 MB, 20 MB package lists left");
    assert.match(JSON.stringify(hint!.tooltip), /"It installs nothing that is not there already\./);
    await client.stop();
    await start({}, "FROM debian:12\nRUN apt-get install");
    assert.deepEqual(await hints(), []);
  });

  it("are not shown when the user does not want them", async () => {
    await start({ settings: { sizeHints: false } });
    assert.equal(await hints(), null);
    assert.deepEqual(asked, []);
  });

  it("cost a key nothing: no table is loaded for diagnostics", async () => {
    await start();
    await client.pull(URI);
    assert.deepEqual(asked, []);
    await hints();
    await hints();
    await client.request("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.deepEqual(asked, ["bookworm"]);
  });

  it("stand above each stage, and that of the image above the file", async () => {
    await start();
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: URI } });
    const titles = lenses.map(({ command }) => command!.title);
    assert.match(titles[0]!, / · image ≈ 5 MB \+ what is copied from `one`$/);
    assert.match(titles[1]!, / · ≈ 198 MB \+ what `make` writes$/);
    assert.match(titles[2]!, / · ≈ 5 MB \+ what is copied from `one`$/);
  });

  it("of a package are in its hover, before what a rule says of it", async () => {
    await start();
    const found = (await hover(TEXT.indexOf("git") - TEXT.indexOf("RUN")))!;
    const { value } = found.contents as { value: string };
    assert.ok(
      value.startsWith(
        "**git**: fast, scalable, distributed revision control system\n\n≈ 40 MB itself, ≈ 60 MB with the 1 package that it needs here, and ≈ 1 MB more in 1 package, only recommended.",
      ),
      value,
    );
    assert.deepEqual(found.range, { start: { line: 1, character: 41 }, end: { line: 1, character: 44 } });
  });

  it("say of a package that is there already that it adds nothing", async () => {
    await start({}, "FROM debian:12\nRUN apt-get install -y base-files\n");
    const { value } = (await hover(25))!.contents as { value: string };
    assert.match(value, /^\*\*base-files\*\*\n\nIt is there already, and adds nothing here\./);
  });

  it("are left out where a server has no tables", async () => {
    await start();
    await client.stop();
    client = new Client();
    await client.open(URI, TEXT);
    const { capabilities } = await client.initialized;
    assert.equal(capabilities.inlayHintProvider, undefined);
    const [lens] = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.doesNotMatch(lens!.command!.title, /≈/);
  });

  it("ask for no files of a folder that is not trusted", async () => {
    await start({ initializationOptions: { trusted: false } });
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.match(lenses[0]!.command!.title, / · image what `src` holds \+ what is copied from `one`$/);
  });
});
