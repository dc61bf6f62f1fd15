import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { packageExtension } from "./bundle.ts";
import { CACHE, installVSCode } from "./installation.ts";
import { Workbench } from "./ui.ts";

const BAD = "FROM alpine:3.20\nMAINTAINER me\n";
const MESSAGE = "`MAINTAINER` is deprecated";
const FAILURES = path.join(CACHE, "vscode-failures");

let vsix: string;
before(() => {
  vsix = packageExtension();
});

describe("the window of VS Code", () => {
  let workbench: Workbench;

  before(async () => {
    const files = ["squiggle", "problems", "lens", "palette", "fix", "status"].map((name) => [
      `${name}.dockerfile`,
      BAD,
    ]);
    const optimize = { "optimize.dockerfile": `${BAD}ADD app /app\n` };
    workbench = await open({ files: { ...Object.fromEntries(files), ...optimize } });
  });
  beforeEach(() => workbench.closeAllEditors());
  afterEach(photographFailure);
  after(() => workbench?.close());

  it("underlines a finding", async () => {
    await workbench.openFile("squiggle.dockerfile");
    await workbench.squiggle("info").first().waitFor();
  });

  it("lists a finding among the problems", async () => {
    await workbench.openFile("problems.dockerfile");
    const entries = await workbench.problems();
    await entries.filter({ hasText: MESSAGE }).filter({ hasText: "maintainer-instruction" }).first().waitFor();
  });

  it("opens the rating when the score is clicked", async () => {
    await workbench.openFile("lens.dockerfile");
    await (await workbench.codeLens(/^Score \d/)).click();
    await assertRating("lens.dockerfile");
  });

  it("opens the rating from the command palette", async () => {
    await workbench.openFile("palette.dockerfile");
    await workbench.runCommand("Plimsoll: Rate Dockerfile");
    await assertRating("palette.dockerfile");
  });

  it("repairs a finding from the menu of quick fixes", async () => {
    await workbench.openFile("fix.dockerfile");
    await workbench.squiggle("info").first().waitFor();
    await workbench.applyQuickFix("MAINTAINER", "Write it as the label");
    await workbench.line("LABEL").waitFor();
    assert.equal(
      await workbench.save("fix.dockerfile"),
      'FROM alpine:3.20\nLABEL org.opencontainers.image.authors="me"\n',
    );
  });

  it("shows the score in the language status", async () => {
    await workbench.openFile("status.dockerfile");
    const status = await workbench.languageStatus();
    await status.getByText(/Plimsoll \d+\.\d/).waitFor();
  });

  it("leaves out what is unchecked in the list of an optimized Dockerfile, and does the rest", async () => {
    await workbench.openFile("optimize.dockerfile");
    await workbench.runCommand("Plimsoll: Optimize Dockerfile");
    await workbench.changes.filter({ hasText: "Write COPY" }).waitFor();
    await workbench.toggleChange("Write it as the label");
    await workbench.page.locator(".part.panel", { hasText: /1 of 2/ }).waitFor();
    await workbench.changes.filter({ hasText: "Write COPY" }).focus();
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.line("COPY app /app").waitFor();
    assert.match(await workbench.save("optimize.dockerfile"), /^FROM alpine:3\.\d+\nMAINTAINER me\nCOPY app \/app\n/);
  });

  it("offers the command that builds where the workspace is trusted", async () => {
    const titles = await workbench.findCommands("Plimsoll: Compare");
    assert.ok(
      titles.some((title) => title.includes("Compare Image Sizes")),
      titles.join("; "),
    );
  });

  async function assertRating(name: string): Promise<void> {
    const rating = workbench.webview;
    await rating.getByRole("heading", { name }).waitFor();
    await rating.getByText(MESSAGE.replaceAll("`", "")).first().waitFor();
  }

  async function photographFailure(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state === "failed") await photograph(workbench, test.title);
  }
});

describe("the window of VS Code in restricted mode", () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await open({ files: { Dockerfile: BAD }, untrusted: true });
  });
  after(() => workbench?.close());

  it("underlines a finding", async () => {
    await workbench.openFile("Dockerfile");
    await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await workbench.squiggle("info").first().waitFor();
  });

  it("offers no command that builds", async () => {
    const titles = await workbench.findCommands("Plimsoll: ");
    assert.ok(
      titles.some((title) => title.includes("Optimize Dockerfile")),
      titles.join("; "),
    );
    assert.ok(!titles.some((title) => title.includes("Compare Image Sizes")), titles.join("; "));
  });
});

async function open(options: { files: Record<string, string>; untrusted?: boolean }): Promise<Workbench> {
  const vscode = installVSCode(process.env["PLIMSOLL_VSCODE_VERSION"]);
  return await Workbench.open({ vscode, vsix, ...options });
}

async function photograph({ page }: Workbench, title: string): Promise<void> {
  mkdirSync(FAILURES, { recursive: true });
  const file = path.join(FAILURES, `${title.replaceAll(/\W+/g, "-")}.png`);
  await page.screenshot({ path: file });
  console.log(`      see ${file}`);
}
