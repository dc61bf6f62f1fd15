/** The command line as a process of its own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isColored } from "../../server/cli/color.ts";
import { CLEAN, folderOf, plimsoll, REPAIRED, spawnPlimsoll, TWO_FINDINGS, TWO_RULES } from "./host.ts";

describe("the process", () => {
  it("prints, complains and exits as in here, without colours where no terminal is", async () => {
    const folder = folderOf({ "a/Dockerfile": TWO_FINDINGS });
    const args = ["check", TWO_RULES, "--fail-on=info", "a", "nowhere"];
    const [inside, outside] = await Promise.all([plimsoll(folder, args), spawnPlimsoll(folder, args)]);
    assert.deepEqual(outside, inside);
    assert.equal(outside.code, 2);
  });

  it("reads standard input and prints it repaired, byte for byte", async () => {
    const bytes = Buffer.from(`\ufeff${TWO_FINDINGS.replaceAll("\n", "\r\n")}`);
    const outcome = await spawnPlimsoll(folderOf({}), ["fix", "--unsafe", TWO_RULES, "-"], { input: bytes });
    assert.deepEqual(outcome, { code: 0, output: `\ufeff${REPAIRED.replaceAll("\n", "\r\n")}`, errors: "" });
  });

  it("has colours when told so, and its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const [colored, plain, versions] = await Promise.all([
      spawnPlimsoll(folderOf({ Dockerfile: CLEAN }), ["check", TWO_RULES], { environment: { FORCE_COLOR: "1" } }),
      spawnPlimsoll(folderOf({ Dockerfile: CLEAN }), ["check", TWO_RULES, "--no-color"], {
        environment: { FORCE_COLOR: "1" },
      }),
      spawnPlimsoll(folderOf({}), ["--version"]),
    ]);
    assert.ok(colored.output.includes("\u001b[32m10.0\u001b[39m"), colored.output);
    assert.ok(!plain.output.includes("\u001b"), plain.output);
    assert.deepEqual(versions, { code: 0, output: `${version}\n`, errors: "" });
  });

  it("serves a language client on lsp --stdio", async () => {
    const messages = [
      { jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } },
      { jsonrpc: "2.0", id: 2, method: "shutdown" },
      { jsonrpc: "2.0", method: "exit" },
    ].map((message) => JSON.stringify(message));
    const input = messages.map((message) => `Content-Length: ${message.length}\r\n\r\n${message}`).join("");
    const { code, output } = await spawnPlimsoll(folderOf({}), ["lsp", "--stdio", "--clientProcessId=1"], { input });
    assert.match(output, /^Content-Length: \d+\r\n\r\n\{"jsonrpc":"2\.0","id":1,"result":\{"capabilities":/);
    assert.equal(code, 0);
  });
});

describe("colours", () => {
  it("are for terminals, unless somebody wants otherwise", () => {
    const terminal = { isTTY: true };
    assert.equal(isColored(terminal, {}), true);
    assert.equal(isColored(terminal, { NO_COLOR: "1" }), false);
    assert.equal(isColored(terminal, { NO_COLOR: "", TERM: "dumb" }), false);
    assert.equal(isColored({}, {}), false);
    assert.equal(isColored({}, { FORCE_COLOR: "1" }), true);
    assert.equal(isColored(terminal, { FORCE_COLOR: "0" }), false);
    assert.equal(isColored(terminal, { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
  });
});
