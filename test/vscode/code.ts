/**
 * Stands in for the desktop's `code` where only the VS Code server is to be had: understands the arguments that
 * `@vscode/test-electron` gives, runs the tests in a window of the server, and exits as the test host says.
 */
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { remoteUri, startBrowser, startServer, windowUrl } from "./host.ts";
import { installVSCode } from "./installation.ts";
import { profileAt, removeProfile } from "./profile.ts";

const TIME_LIMIT = 5 * 60_000;

const { values, positionals } = parseArgs({ strict: false, allowPositionals: true });
const [folder] = positionals;
const { extensionDevelopmentPath: extension, extensionTestsPath: tests, "user-data-dir": data } = values;
if (!folder || typeof extension !== "string" || typeof tests !== "string" || typeof data !== "string") {
  throw new Error("usage: code <folder> --user-data-dir=… --extensionDevelopmentPath=… --extensionTestsPath=…");
}
const profile = profileAt(path.dirname(data));

let log = "";
const verbose = process.env["PLIMSOLL_VERBOSE"] !== undefined;
const note = (...words: unknown[]) => {
  log += `${words.join(" ")}\n`;
  if (verbose) console.error(...words);
};

const server = await startServer(installVSCode(process.env["PLIMSOLL_VSCODE_VERSION"]), profile);
const browser = await startBrowser(profile);
const problem = await Promise.race([runTests(), interruption(), limit(), server.ended.then(() => "the server died")]);
await browser.close();
await server.stop();
if (problem && !verbose) console.error(server.log() + log);
if (problem) console.error(`code: ${problem}`);
process.exit(problem ? 1 : 0);

/** Opens a window that runs the tests; resolves with what went wrong, or with nothing. */
async function runTests(): Promise<string | undefined> {
  const page = browser.pages()[0] ?? (await browser.newPage());
  const code = new Promise<number>((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
  await page.exposeFunction("codeAutomationLog", (_kind: string, words: unknown[]) => note(...words));
  const crash = new Promise<string>((resolve) => page.once("crash", () => resolve("the page crashed")));
  await page.goto(
    windowUrl(server, folder as string, [
      ["extensionDevelopmentPath", remoteUri(server, path.resolve(extension as string))],
      ["extensionTestsPath", remoteUri(server, path.resolve(tests as string))],
      ["skipWelcome", "true"],
      ["skipReleaseNotes", "true"],
    ]),
  );
  const outcome = await Promise.race([code, crash]);
  if (outcome === 0) return undefined;
  return typeof outcome === "number" ? `the test host ended with ${outcome}` : outcome;
}

async function limit(): Promise<string> {
  await delay(TIME_LIMIT, undefined, { ref: false });
  return `no result within ${TIME_LIMIT / 1000} seconds`;
}

/** Resolves when we are told to end, or when who started us is gone: then the profile is ours to remove. */
function interruption(): Promise<string> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(`stopped by ${signal}`));
    setInterval(() => {
      if (process.ppid === parent) return;
      process.once("exit", () => removeProfile(profile));
      resolve("abandoned");
    }, 1_000).unref();
  });
}
