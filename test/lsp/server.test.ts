/** The language server over two in-memory streams. */
import assert from "node:assert/strict";
import type { CodeAction, CodeLens, Hover, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { CancellationTokenSource } from "vscode-languageserver";
import type { Measured, Optimized, Rating } from "../../server/lsp/protocol.ts";
import type { Surroundings } from "../../server/lsp/server.ts";
import { Client, FULL_CAPABILITIES, type Options } from "./client.ts";

const URI = "file:///work/Dockerfile";
const TEXT = "FROM debian:12\nMAINTAINER Ada\nRUN apt-get update && apt-get install -y git\n";
const MAINTAINER = { start: { line: 1, character: 0 }, end: { line: 1, character: 14 } };

describe("language server", () => {
  let client: Client;

  async function start(options: Options = {}, text = TEXT): Promise<void> {
    client = new Client(options);
    await client.open(URI, text);
  }

  async function actions(range = MAINTAINER, only?: string[]): Promise<CodeAction[]> {
    const context = { diagnostics: [], ...(only ? { only } : {}) };
    return (
      (await client.request<CodeAction[] | null>("textDocument/codeAction", {
        textDocument: { uri: URI },
        range,
        context,
      })) ?? []
    );
  }

  afterEach(() => client.stop());

  it("says who it is and what it can", async () => {
    await start();
    const { serverInfo, capabilities } = await client.initialized;
    assert.deepEqual(serverInfo, { name: "plimsoll", version: "0.0.0-test" });
    assert.ok(capabilities.diagnosticProvider);
    assert.deepEqual(capabilities.codeActionProvider, {
      codeActionKinds: ["quickfix", "source.fixAll.plimsoll", "refactor.rewrite.plimsoll"],
    });
  });

  it("answers with diagnostics: exact range, severity, code, link, tag", async () => {
    await start({ initializationOptions: { ruleUri: "vscode://plimsoll.plimsoll/rule/" } });
    const found = (await client.pull(URI)).find(({ code }) => code === "maintainer-instruction");
    assert.deepEqual(found, {
      range: MAINTAINER,
      severity: 3,
      source: "plimsoll",
      code: "maintainer-instruction",
      message: "`MAINTAINER` is deprecated; a label says the same",
      codeDescription: { href: "vscode://plimsoll.plimsoll/rule/maintainer-instruction" },
      tags: [2],
    });
  });

  it("publishes diagnostics for a client that cannot ask, after each change", async () => {
    await start({ capabilities: {} });
    assert.equal((await client.initialized).capabilities.diagnosticProvider, undefined);
    assert.ok((await client.published(URI, 1)).some(({ code }) => code === "maintainer-instruction"));
    await client.change(URI, 15, 30, "");
    assert.ok(!(await client.published(URI, 2)).some(({ code }) => code === "maintainer-instruction"));
  });

  it("counts in UTF-16 units behind characters of every width", async () => {
    await start({}, "FROM debian:12\n# é 😀\nRUN echo é😀 && apt-get install -y git\n");
    const found = (await client.pull(URI)).find(({ code }) => code === "recommended-packages");
    assert.deepEqual(found?.range, { start: { line: 2, character: 24 }, end: { line: 2, character: 31 } });
  });

  it("offers the fix as a preferred quick fix that repairs the text", async () => {
    await start();
    const fix = (await actions()).find(({ isPreferred }) => isPreferred);
    assert.equal(fix?.title, "Write it as the label `org.opencontainers.image.authors`");
    assert.equal(fix?.kind, "quickfix");
    assert.equal(fix?.diagnostics?.[0]?.code, "maintainer-instruction");
    assert.equal(
      client.applied(URI, fix!.edit!),
      TEXT.replace("MAINTAINER Ada", 'LABEL org.opencontainers.image.authors="Ada"'),
    );
    const [change] = fix?.edit?.documentChanges ?? [];
    assert.deepEqual(change && "textDocument" in change ? change.textDocument : undefined, { uri: URI, version: 1 });
  });

  it("does not prefer an unsafe fix, and says that it is one", async () => {
    await start();
    const install = { start: { line: 2, character: 30 }, end: { line: 2, character: 31 } };
    const fix = (await actions(install)).find(({ title }) => title.startsWith("Add `--no-install-recommends`"));
    assert.equal(fix?.title, "Add `--no-install-recommends` (please check)");
    assert.equal(fix?.isPreferred, undefined);
  });

  it("applies all safe fixes as source.fixAll.plimsoll, and only when asked", async () => {
    await start();
    assert.deepEqual(
      (await actions()).filter(({ kind }) => kind?.startsWith("source")),
      [],
    );
    for (const only of ["source.fixAll.plimsoll", "source.fixAll", "source"]) {
      const [fixAll] = await actions(MAINTAINER, [only]);
      assert.equal(fixAll?.kind, "source.fixAll.plimsoll");
      assert.match(client.applied(URI, fixAll!.edit!), /LABEL org\.opencontainers\.image\.authors="Ada"\n/);
    }
    assert.deepEqual(await actions(MAINTAINER, ["source.organizeImports"]), []);
  });

  describe("with a fix that writes another file", () => {
    const COPY = "FROM debian:12\nCOPY . /app\n";
    const RANGE = { start: { line: 1, character: 5 }, end: { line: 1, character: 5 } };
    const workspaceEdit = { documentChanges: true, resourceOperations: ["create", "rename", "delete"] };
    const capabilities = { ...FULL_CAPABILITIES, workspace: { ...FULL_CAPABILITIES.workspace, workspaceEdit } };
    const surroundings = (ignored: string | null) => ({
      gatherContext: async () => ({
        files: {
          ".dockerignore": ignored,
          ".git/HEAD": "",
          ".env": null,
          ".env.local": null,
          id_rsa: null,
          id_ed25519: null,
        },
      }),
    });
    const fixOf = (found: readonly CodeAction[]): CodeAction | undefined =>
      found.find(({ title }) => /`\.dockerignore`/.test(title) && !/^Ignore/.test(title));

    it("creates the file beside the Dockerfile", async () => {
      await start({ capabilities, surroundings: surroundings(null) }, COPY);
      const fix = fixOf(await actions(RANGE));
      assert.equal(fix?.isPreferred, true);
      const [creation, writing] = fix?.edit?.documentChanges ?? [];
      assert.deepEqual(creation, { kind: "create", uri: "file:///work/.dockerignore" });
      assert.ok(writing && "edits" in writing);
      assert.deepEqual(writing.textDocument, { uri: "file:///work/.dockerignore", version: null });
      assert.match((writing.edits[0] as TextEdit).newText, /^# History\n\.git\n/);
    });

    it("adds to the end of one that is there, for a client that cannot create files, too", async () => {
      await start({ surroundings: surroundings("*.log\nx") }, COPY);
      const change = fixOf(await actions(RANGE))?.edit?.documentChanges?.[0];
      assert.ok(change && "edits" in change);
      const end = { line: 1, character: 1 };
      assert.deepEqual(change.edits, [{ range: { start: end, end }, newText: "\n\n# History\n.git\n" }]);
    });

    it("is not offered to a client that cannot create files", async () => {
      await start({ surroundings: surroundings(null) }, COPY);
      assert.equal(fixOf(await actions(RANGE)), undefined);
    });

    it("creates it with all safe fixes, but not when a file is saved", async () => {
      await start({ capabilities, surroundings: surroundings(null) }, COPY);
      const [all] = await actions(RANGE, ["source.fixAll"]);
      assert.equal(all?.edit?.documentChanges?.length, 2);
      const context = { diagnostics: [], only: ["source.fixAll"], triggerKind: 2 };
      const params = { textDocument: { uri: URI }, range: RANGE, context };
      assert.deepEqual(await client.request("textDocument/codeAction", params), []);
    });
  });

  it("optimises as refactor.rewrite.plimsoll when asked, and says how much of it is to be checked", async () => {
    await start();
    for (const only of ["refactor.rewrite.plimsoll", "refactor.rewrite", "refactor"]) {
      const [optimize] = await actions(MAINTAINER, [only]);
      assert.match(optimize!.title, /^Optimize Dockerfile: \d+ changes \(please check \d+\)$/);
      assert.match(client.applied(URI, optimize!.edit!), /LABEL[\s\S]*--no-install-recommends/);
    }
    assert.ok(!(await actions()).some(({ kind }) => kind?.startsWith("refactor")));
  });

  describe("single refactorings", () => {
    const RUNS = "FROM debian:12\nRUN apt-get update\nRUN mkdir /a\nRUN mkdir /b\n";
    const SECOND = { start: { line: 3, character: 9 }, end: { line: 3, character: 9 } };
    const KIND = "refactor.rewrite.plimsoll.consecutive-runs";
    const joins = (found: readonly CodeAction[]): readonly CodeAction[] => found.filter(({ kind }) => kind === KIND);

    it("are offered where the cursor stands, of rules that are off, without a diagnostic", async () => {
      await start({}, RUNS);
      assert.ok(!(await client.pull(URI)).some(({ code }) => code === "consecutive-runs"));
      for (const only of ["refactor", "refactor.rewrite.plimsoll", KIND]) {
        const [join] = joins(await actions(SECOND, [only]));
        assert.equal(join?.title, "Join this `RUN` to the one above (please check)");
        assert.equal(join.diagnostics, undefined);
        assert.equal(client.applied(URI, join.edit!), RUNS.replace("\nRUN mkdir /b", " && \\\n    mkdir /b"));
      }
      const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
      assert.deepEqual(joins(await actions(elsewhere, ["refactor"])), []);
      assert.ok((await actions(SECOND, [KIND])).every(({ kind }) => kind === KIND));
    });

    it("are in the menu that somebody opens, and not looked for when a cursor moves", async () => {
      await start({}, RUNS);
      const ask = (triggerKind: number): Promise<CodeAction[]> =>
        client.request("textDocument/codeAction", {
          textDocument: { uri: URI },
          range: SECOND,
          context: { diagnostics: [], triggerKind },
        });
      assert.equal(joins(await ask(1)).length, 1);
      assert.deepEqual(joins(await ask(2)), []);
    });

    it("are quick fixes where the rule is on, and none where a comment accepts it", async () => {
      await start({ settings: { rules: { "consecutive-runs": "on" } } }, RUNS);
      assert.deepEqual(joins(await actions(SECOND, ["refactor"])), []);
      const keyword = { start: { line: 3, character: 0 }, end: { line: 3, character: 3 } };
      assert.ok((await actions(keyword)).some(({ title }) => title.startsWith("Join this `RUN`")));
      await client.stop();
      await start({}, RUNS.replace("RUN mkdir /b", "# plimsoll ignore consecutive-runs\nRUN mkdir /b"));
      assert.deepEqual(
        joins(await actions({ start: { line: 4, character: 0 }, end: { line: 4, character: 3 } }, ["refactor"])),
        [],
      );
    });
  });

  it("lets a client that has a preview show it", async () => {
    await start({ initializationOptions: { commands: true } });
    const [optimize] = await actions(MAINTAINER, ["refactor"]);
    assert.deepEqual([optimize?.command?.command, optimize?.command?.arguments], ["plimsoll.optimize", [URI]]);
    assert.equal(optimize?.edit, undefined);
  });

  it("logs once why a fix is not offered, without secrets", async () => {
    await start(
      {},
      'FROM debian:12\nENV API_KEY=sk_live_4eC39HqLyjWDarjtT1zdp7dc\nRUN <<EOF\napt-get update\nCMD ["a"]\n',
    );
    const everything = { start: { line: 0, character: 0 }, end: { line: 4, character: 9 } };
    await actions(everything);
    await actions(everything);
    await client.request("plimsoll/optimize", { uri: URI });
    const logged = client.messages.filter((message) => message.includes("is not offered"));
    assert.ok(
      logged.some((line) => line.endsWith("of heredoc-without-errexit is not offered, as a heredoc is not closed")),
      logged.join(),
    );
    assert.equal(new Set(logged).size, logged.length);
    assert.ok(!client.messages.join().includes("4eC39HqLyjWDarjtT1zdp7dc"));
  });

  it("accepts a finding for the instruction or for the file", async () => {
    await start();
    for (const title of [
      "Ignore `maintainer-instruction` for this instruction",
      "Ignore `maintainer-instruction` in this file",
    ]) {
      const ignore = (await actions()).find((action) => action.title === title);
      const text = client.applied(URI, ignore!.edit!);
      const other = `file:///work/${encodeURIComponent(title)}`;
      await client.open(other, text);
      assert.ok(!(await client.pull(other)).some(({ code }) => code === "maintainer-instruction"), text);
    }
  });

  it("shows the score above the file, with a command only for a client that has it", async () => {
    await start({ initializationOptions: { commands: true } });
    const [lens] = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.match(
      lens!.command!.title,
      /^Score \d+\.\d · Security \d+\.\d · Efficiency \d+\.\d · Maintainability \d+\.\d( — .*)?$/,
    );
    assert.equal(lens!.range.start.line, 0);
    assert.deepEqual([lens!.command!.command, lens!.command!.arguments], ["plimsoll.rate", [URI]]);
    await client.stop();
    await start();
    const [plain] = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.equal(plain!.command!.command, "");
  });

  it("shows a lens for each stage where there are several", async () => {
    await start(
      {},
      "FROM debian:12 AS builder\nRUN make\nFROM debian:12 AS loose\nRUN make\nFROM debian:12\nCOPY --from=builder /a /a\n",
    );
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: URI } });
    assert.deepEqual(lenses.map(({ range, command }) => [range.start.line, command!.title.split(" ·")[0]]).slice(1), [
      [0, "Build stage"],
      [2, "Unused stage"],
      [4, "Final stage"],
    ]);
  });

  it("explains the rule of the finding under the mouse", async () => {
    await start();
    const hover = await client.request<Hover>("textDocument/hover", {
      textDocument: { uri: URI },
      position: { line: 1, character: 3 },
    });
    assert.deepEqual(hover.contents, { kind: "markdown", value: "**Page of maintainer-instruction**\n\nWhy." });
    assert.equal(
      await client.request("textDocument/hover", { textDocument: { uri: URI }, position: { line: 0, character: 1 } }),
      null,
    );
    assert.equal(await client.request("plimsoll/explain", { rule: "x" }), "# Page of x\n\nWhy.\n\n## More\n");
  });

  it("rates: the lost points of a dimension are what it is short of ten", async () => {
    await start();
    const rating = await client.request<Rating>("plimsoll/rate", { uri: URI });
    assert.equal(rating.version, 1);
    for (const dimension of ["security", "efficiency", "maintainability"] as const) {
      const lost = rating.lost
        .filter((one) => one.dimension === dimension)
        .reduce((sum, { points }) => sum + points, 0);
      assert.equal(Math.floor((10 - lost) * 10 + 1e-9) / 10, rating.score[dimension], dimension);
    }
    assert.equal(await client.request("plimsoll/rate", { uri: "file:///not/open" }), null);
  });

  it("optimises to a text that scores more, and fixes a single finding", async () => {
    await start();
    const optimized = await client.request<Optimized>("plimsoll/optimize", { uri: URI });
    assert.ok(optimized.after.overall > optimized.before.overall);
    assert.ok(optimized.changes.some(({ rule, safety }) => rule === "maintainer-instruction" && safety === "safe"));
    const edit = await client.request<WorkspaceEdit>("plimsoll/fix", {
      uri: URI,
      rule: "maintainer-instruction",
      line: 1,
      character: 0,
    });
    assert.match(client.applied(URI, edit), /LABEL/);
    assert.equal(
      await client.request("plimsoll/fix", { uri: URI, rule: "maintainer-instruction", line: 9, character: 0 }),
      null,
    );
  });

  it("optimises without what is left out, which it goes on to name", async () => {
    await start();
    const all = await client.request<Optimized>("plimsoll/optimize", { uri: URI });
    const label = all.changes.find(({ rule }) => rule === "maintainer-instruction")!;
    assert.equal(label.line, 1);
    assert.match(label.reason, /deprecated/);
    const rest = await client.request<Optimized>("plimsoll/optimize", { uri: URI, without: [label.id, "gone"] });
    assert.deepEqual(rest.leftOut, [label]);
    assert.match(rest.text, /MAINTAINER Ada[\s\S]*--no-install-recommends/);
    assert.ok(rest.after.maintainability < all.after.maintainability);
    // The line is another one now, but says the same.
    await client.change(URI, 0, 0, "# syntax=docker/dockerfile:1\n");
    const later = await client.request<Optimized>("plimsoll/optimize", { uri: URI, without: [label.id] });
    assert.deepEqual(later.leftOut, [{ ...label, line: 2 }]);
  });

  describe("comparing image sizes", () => {
    const image = { name: "as it is", bytes: 7, seconds: 1, layers: [] };

    it("builds the text as it is and optimised, tells how far it is, and adds no estimate where there is none", async () => {
      const texts: string[] = [];
      const measureImages: Surroundings["measureImages"] = async (_uri, context, dockerfiles, _signal, tell) => {
        texts.push(...dockerfiles.map(({ text }) => text));
        tell(`as it is: [1/2] FROM, in ${context}`);
        return { engine: "docker", images: [image, { ...image, name: "optimized" }] };
      };
      await start({ surroundings: { measureImages } });
      const context = "file:///elsewhere";
      const measured = await client.request<Measured>("plimsoll/measure", { uri: URI, context, workDoneToken: "t" });
      assert.deepEqual(measured, { engine: "docker", images: [image, { ...image, name: "optimized" }] });
      assert.equal(texts[0], TEXT);
      assert.match(texts[1]!, /LABEL/);
      await client.noted("as it is: [1/2] FROM, in file:///elsewhere");
    });

    it("is refused where the workspace is not trusted, and where nothing can be built", async () => {
      const measureImages: Surroundings["measureImages"] = async () => assert.fail("something was built");
      await start({ initializationOptions: { trusted: false }, surroundings: { measureImages } });
      await assert.rejects(client.request("plimsoll/measure", { uri: URI }), /not trusted/);
      await client.stop();
      await start();
      await assert.rejects(client.request("plimsoll/measure", { uri: URI }), /cannot be built here/);
    });

    it("can be cancelled, and says in a sentence why it fails", async () => {
      const source = new CancellationTokenSource();
      const measureImages: Surroundings["measureImages"] = (_uri, context, _dockerfiles, signal) =>
        new Promise((_, reject) => {
          const problem = Object.assign(new Error("no engine is there"), { name: "MeasureProblem" });
          signal.addEventListener("abort", () => reject(problem));
          if (context) reject(problem);
          else source.cancel();
        });
      await start({ surroundings: { measureImages } });
      await assert.rejects(
        client.request("plimsoll/measure", { uri: URI, context: "file:///x" }),
        /no engine is there$/,
      );
      const cancelled = client.connection.sendRequest("plimsoll/measure", { uri: URI }, source.token);
      await assert.rejects(cancelled, /Cancelled/);
    });
  });

  it("tells the score after each analysis", async () => {
    await start({ initializationOptions: { score: true } });
    await client.pull(URI);
    assert.match(await client.noted("score"), /"version":1,"score":\{"overall":\d/);
  });

  it("takes up changed settings, and says what is wrong with bad ones", async () => {
    await start();
    assert.ok((await client.pull(URI)).some(({ code }) => code === "maintainer-instruction"));
    client.options.settings = { rules: { "maintainer-instruction": "off" }, codeLens: false };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.noted("refresh");
    assert.ok(!(await client.pull(URI)).some(({ code }) => code === "maintainer-instruction"));
    assert.equal(await client.request("textDocument/codeLens", { textDocument: { uri: URI } }), null);

    client.options.settings = { preset: 7, rules: { "no-such-rule": "off", "hadolint/DL4000": "error" } };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    const found = (await client.pull(URI)).find(({ code }) => code === "maintainer-instruction");
    assert.equal(found?.severity, 1);
    assert.match(await client.noted("plimsoll.preset"), /must be one of "recommended", "strict", "security", "all"/);
    await client.noted('names "no-such-rule"');
  });

  it("answers for the text as it is now while somebody types", async () => {
    await start({ initializationOptions: { score: true } }, "");
    for (const char of TEXT) await client.change(URI, client.text(URI).length, client.text(URI).length, char);
    const typed = await client.pull(URI);
    const other = "file:///work/whole";
    await client.open(other, TEXT);
    assert.deepEqual(
      typed.map(({ code, range }) => [code, range]),
      (await client.pull(other)).map(({ code, range }) => [code, range]),
    );
    assert.ok(typed.length > 0);
  });

  it("stays up when its surroundings fail", async () => {
    let fails = true;
    await start({
      surroundings: {
        gatherContext: async () => {
          if (fails) throw new Error("disk on fire");
          return {};
        },
      },
    });
    await assert.rejects(client.pull(URI), /could not analyse/);
    fails = false;
    assert.ok((await client.pull(URI)).length > 0);
  });
});
