import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";

/**
 * Called by VS Code in its extension host: runs every test beside this file.
 * Mocha's report goes to the file named by `PLIMSOLL_REPORT`, since the console is shared with VS Code's own log. Its numbers
 * go to `PLIMSOLL_RESULT` when, and only when, the last test has ended: should the extension host die before, VS Code says 0.
 */
export async function run(): Promise<void> {
  const { PLIMSOLL_REPORT: report, PLIMSOLL_RESULT: result, PLIMSOLL_GREP: grep } = process.env;
  if (!report || !result) throw new Error("PLIMSOLL_REPORT and PLIMSOLL_RESULT must name files");
  // Not a static import: what `require` of a module with a default gives differs between versions of Node.js.
  const { default: Mocha } = await import("mocha");
  const print = (...words: unknown[]) => appendFileSync(report, `${format(...words)}\n`);
  Mocha.reporters.Base.consoleLog = print;
  try {
    const mocha = new Mocha({ timeout: 30_000, color: false, forbidOnly: true, ...(grep ? { grep } : {}) });
    for (const name of readdirSync(__dirname)) {
      if (name.endsWith(".test.cjs")) mocha.addFile(path.join(__dirname, name));
    }
    const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
      const runner = mocha.run(() => resolve(runner.stats));
    });
    writeFileSync(result, JSON.stringify(stats));
  } catch (error) {
    print(error);
    throw error;
  }
}
