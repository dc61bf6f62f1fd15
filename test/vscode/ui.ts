import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { installVsix, startBrowser, startServer, windowUrl } from "./host.ts";
import type { Installation } from "./installation.ts";
import { createProfile, removeProfile } from "./profile.ts";

export interface WindowOptions {
  readonly vscode: Installation;
  /** The packaged extension. */
  readonly vsix: string;
  /** Text by name, in the folder that is opened. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Open the folder in restricted mode. */
  readonly untrusted?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly deviceScaleFactor?: number;
}

/**
 * A window of a real VS Code, worked by mouse and keyboard. What is waited for must appear within half a minute.
 * Where an editor is meant, it is the one in the first column.
 */
export class Workbench {
  readonly page: Page;
  readonly #folder: string;
  /** Closes the window and leaves nothing behind; so does a signal that ends this process. */
  readonly close: () => Promise<void>;

  private constructor(page: Page, folder: string, close: () => Promise<void>) {
    this.page = page;
    this.#folder = folder;
    this.close = close;
  }

  /** Opens a window in a profile of its own, with the extension installed. */
  static async open(options: WindowOptions): Promise<Workbench> {
    const restricted = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
    const profile = createProfile({ ...options.settings, ...(options.untrusted ? restricted : {}) });
    const undo: (() => unknown)[] = [() => removeProfile(profile)];
    const close = async () => {
      for (let step = undo.pop(); step; step = undo.pop()) await step();
    };
    undo.push(onSignal(() => close().finally(() => process.exit(130))));
    try {
      for (const [name, text] of Object.entries(options.files)) {
        const file = path.join(profile.workspace, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      installVsix(options.vscode, profile, options.vsix);
      const server = await startServer(options.vscode, profile, { trusted: !options.untrusted });
      undo.push(() => server.stop());
      const browser = await startBrowser(profile, options);
      undo.push(() => browser.close());
      const page = browser.pages()[0] ?? (await browser.newPage());
      page.setDefaultTimeout(30_000);
      await page.goto(windowUrl(server, profile.workspace));
      await page.locator(".monaco-workbench").waitFor();
      return new Workbench(page, profile.workspace, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  get editor(): Locator {
    return this.page.locator(".editor-instance .monaco-editor").first();
  }

  async closeAllEditors(): Promise<void> {
    await this.runCommand("View: Close All Editors");
    await this.page.locator(".editor-group-container.empty").waitFor();
  }

  /** Opens a file of the folder by its entry in the explorer. */
  async openFile(name: string): Promise<void> {
    await this.page.getByRole("treeitem", { name, exact: true }).dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor.locator(".view-line").first().waitFor();
  }

  /** Hides the explorer, after which no other file can be opened by it. */
  async hideSideBar(): Promise<void> {
    await this.page.keyboard.press("Control+B");
    await this.page.locator(".part.sidebar").waitFor({ state: "hidden" });
  }

  /** The first line of the editor with this text. */
  line(text: string): Locator {
    return this.editor.locator(".view-line").filter({ hasText: text }).first();
  }

  squiggle(severity: "error" | "warning" | "info"): Locator {
    return this.editor.locator(`.squiggly-${severity}`);
  }

  /**
   * A code lens that can be clicked. While the editor has not the focus VS Code may show a lens as mere text, hence the click
   * into the first line.
   */
  async codeLens(text: string | RegExp): Promise<Locator> {
    await this.editor.locator(".view-line").first().click();
    const lens = this.editor.locator(".codelens-decoration a", { hasText: text });
    await lens.waitFor();
    return lens;
  }

  /** Puts the mouse on a word in the line with this text; returns what appears. */
  async hover(text: string, word: string): Promise<Locator> {
    await this.line(text).getByText(word).first().hover();
    return this.page.locator(".monaco-hover:visible");
  }

  /** The entries of the Problems panel, which is opened. */
  async problems(): Promise<Locator> {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible())) await this.page.keyboard.press("Control+Shift+M");
    await panel.waitFor();
    return panel.getByRole("treeitem");
  }

  /** Runs a command by its title in the command palette. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input[type=text]").fill(`>${title}`);
    const entry = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title });
    await entry.first().click();
  }

  /** Opens the menu of quick fixes in the line with this text; returns its entries. */
  async quickFixes(text: string): Promise<Locator> {
    await this.line(text).click();
    await this.page.keyboard.press("Control+.");
    const entries = this.page.locator(".action-widget .monaco-list-row.action");
    await entries.first().waitFor();
    return entries;
  }

  /** Applies the quick fix whose title has these words in the line with this text. */
  async applyQuickFix(text: string, title: string): Promise<void> {
    const entries = await this.quickFixes(text);
    const titles = await entries.allInnerTexts();
    const index = titles.findIndex((candidate) => candidate.includes(title));
    if (index < 0) throw new Error(`no quick fix "${title}" among: ${titles.join("; ")}`);
    // By keys, as older versions of VS Code keep the mouse off the menu for a while.
    for (let row = 0; row < index; row++) await this.page.keyboard.press("ArrowDown");
    await this.page.keyboard.press("Enter");
  }

  /** Saves the changed file in the editor, which has this name; returns what is on the disk then. */
  async save(name: string): Promise<string> {
    const tab = `.tab.active[data-resource-name="${name}"]`;
    await this.page.locator(`${tab}.dirty`).waitFor();
    await this.page.keyboard.press("Control+S");
    await this.page.locator(`${tab}:not(.dirty)`).waitFor();
    return readFileSync(path.join(this.#folder, name), "utf8");
  }

  /** The entries in the list of changes of an optimized Dockerfile. */
  get changes(): Locator {
    return this.page.locator(".part.panel .custom-view-tree-node-item").locator("xpath=ancestor::*[@role='treeitem']");
  }

  /** Checks or unchecks a change in that list. */
  async toggleChange(title: string): Promise<void> {
    await this.changes.filter({ hasText: title }).locator(".custom-view-tree-node-item-checkbox").click();
  }

  /** The titles of the commands that the palette offers for these words. */
  async findCommands(words: string): Promise<readonly string[]> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input[type=text]").fill(`>${words}`);
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    await rows.first().waitFor();
    const titles = await rows.allInnerTexts();
    await this.page.keyboard.press("Escape");
    return titles;
  }

  /** What is inside the webview that is shown. */
  get webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  /** What the `{}` of the status bar tells about the language of the file in the editor. */
  async languageStatus(): Promise<Locator> {
    await this.page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    return this.page.locator(".hover-language-status");
  }
}

/** Does something when this process is told to end, instead of ending it; returns what takes that back. */
function onSignal(listener: () => unknown): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
