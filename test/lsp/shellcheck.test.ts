/** ShellCheck in the language server: beside the typing, and never untrusted. */
import assert from "node:assert/strict";
import type { CodeAction, Diagnostic } from "vscode-languageserver";
import { findShellCheck, ShellCheck } from "../../server/context/shellcheck.ts";
import type { ScriptChecker } from "../../server/lsp/shell-checks.ts";
import { needShellCheck, SHELLCHECK } from "../shellcheck.ts";
import { Client, type Options } from "./client.ts";

const URI = "file:///work/Dockerfile";
const TEXT = "FROM debian:12\nARG x\nRUN echo $x\n";

describe("ShellCheck in the language server", () => {
  let client: Client;
  let asked: string[];

  before(function () {
    needShellCheck(this);
  });
  beforeEach(() => {
    asked = [];
  });
  afterEach(() => client.stop());

  /** With the real program, or with what a checker does instead. */
  async function start(options: Options = {}, changes: Partial<ScriptChecker> = {}): Promise<ShellCheck> {
    const checker = new ShellCheck(SHELLCHECK, "/");
    client = new Client({
      ...options,
      surroundings: {
        shellCheck(_, setting) {
          asked.push(setting);
          const found = findShellCheck(setting, "/usr/bin");
          if (!found || "problem" in found) return found;
          const real: ScriptChecker = {
            known: checker.known,
            problem: undefined,
            wants: (scripts) => checker.wants(scripts),
            check: (scripts, signal) => checker.check(scripts, signal),
          };
          return Object.defineProperties(real, Object.getOwnPropertyDescriptors(changes));
        },
      },
    });
    await client.open(URI, TEXT);
    return checker;
  }

  const found = async () => (await client.pull(URI)).filter(({ code }) => String(code).startsWith("shellcheck/"));

  it("is told of when it has answered, with its page and its repair", async () => {
    await start();
    assert.deepEqual(await found(), []);
    await client.noted("refresh");
    const [diagnostic, ...others] = await found();
    assert.deepEqual(others, []);
    assert.deepEqual(diagnostic, {
      range: { start: { line: 2, character: 9 }, end: { line: 2, character: 11 } },
      severity: 3,
      source: "plimsoll",
      code: "shellcheck/SC2086",
      codeDescription: { href: "https://www.shellcheck.net/wiki/SC2086" },
      message: "Double quote to prevent globbing and word splitting",
    });
    const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: URI },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic] },
    });
    const action = actions.find(({ title }) => title === 'Write `"$x"` (please check)');
    assert.equal(client.applied(URI, action!.edit!), TEXT.replace("$x", '"$x"'));
    assert.equal(action!.isPreferred, undefined);
    const ignore = actions.find(({ title }) => title === "Ignore `shellcheck/SC2086` for this instruction");
    assert.ok(client.applied(URI, ignore!.edit!).includes("# plimsoll ignore shellcheck/SC2086\nRUN"));
  });

  it("is published to clients that do not ask", async () => {
    await start({ capabilities: {} });
    await new Promise<void>((done) => {
      client.connection.onNotification("textDocument/publishDiagnostics", ({ diagnostics }) => {
        if (diagnostics.some(({ code }: Diagnostic) => code === "shellcheck/SC2086")) done();
      });
    });
  });

  it("keeps what it has said of scripts that did not change", async () => {
    await start();
    await found();
    await client.noted("refresh");
    await client.change(URI, TEXT.length, TEXT.length, "RUN echo ok\n");
    assert.equal((await found()).length, 1);
  });

  it("is asked about the last of what is typed alone", async () => {
    const checked: string[] = [];
    const checker = await start(
      {},
      {
        check: async (scripts, signal) => {
          checked.push(scripts.map(({ text }) => text.text).join());
          await checker.check(scripts, signal);
        },
      },
    );
    await found();
    for (const letter of "yz") {
      const at = client.text(URI).length - 1;
      await client.change(URI, at, at, letter);
      await found();
    }
    await client.noted("refresh");
    assert.deepEqual(checked, ["echo $xyz"]);
  });

  it("is not asked for in a workspace that is not trusted", async () => {
    await start({ initializationOptions: { trusted: false } });
    assert.deepEqual(await found(), []);
    assert.deepEqual(asked, []);
  });

  it("can be turned off, by the editor or by a file", async () => {
    await start({ settings: { shellcheck: "off" } });
    await found();
    assert.deepEqual(asked, ["off"]);
  });

  it("says once when the setting names no program", async () => {
    await start({ settings: { shellcheck: "/nowhere/shellcheck" } });
    await found();
    await client.noted('The setting "plimsoll.shellcheck" names "/nowhere/shellcheck", where no program is; ');
    await client.change(URI, 0, 0, "# typed\n");
    await found();
    assert.equal(client.messages.filter((message) => message.includes("/nowhere")).length, 1);
  });

  it("says once when the program does not answer as it should", async () => {
    const problem = "ShellCheck is not asked any more: it is broken.";
    const state: { problem: string | undefined } = { problem: undefined };
    await start(
      {},
      {
        get problem() {
          return state.problem;
        },
        check: async () => {
          state.problem = problem;
        },
      },
    );
    await found();
    await client.noted("is not asked any more");
  });
});
