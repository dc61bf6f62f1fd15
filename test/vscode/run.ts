/**
 * Runs the tests of the extension in a real VS Code:
 *
 *     tsx test/vscode/run.ts [--vsix] [--ui] [--version 1.100.3] [--grep text]
 *
 * The suite in `suite/` runs inside VS Code's extension host, with the working tree as the extension or, with `--vsix`, with
 * the packaged one. `--ui` runs `ui.test.ts` instead, which works the packaged extension through the window, as a person would.
 *
 * The desktop's VS Code is taken where it can be downloaded and shown, else the VS Code server with Chromium as its window;
 * `PLIMSOLL_VSCODE=desktop` or `=server` decides it. The tests of the window always use the server. `PLIMSOLL_VERBOSE=1` shows
 * VS Code's log.
 */
import { lookup } from "node:dns/promises";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runTests, runVSCodeCommand } from "@vscode/test-electron";
import Mocha from "mocha";
import { fakeEngine } from "../measure/fake-engine.ts";
import { bundleSuite, packageExtension } from "./bundle.ts";
import { installVsix } from "./host.ts";
import { DEFAULT_VERSION, installVSCode, ROOT } from "./installation.ts";
import { createProfile, type Profile, removeProfile } from "./profile.ts";

const { values: options } = parseArgs({
  options: {
    vsix: { type: "boolean", default: false },
    ui: { type: "boolean", default: false },
    version: { type: "string", default: DEFAULT_VERSION },
    grep: { type: "string" },
  },
});

try {
  const { passes, pending } = await (options.ui ? runUserInterface() : runSuite());
  console.log(`${passes} passed, ${pending} pending in VS Code ${options.version}`);
} catch (error) {
  console.error(`test/vscode: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** Runs `suite/` inside VS Code and returns Mocha's numbers; throws unless the run came to its end and all was well. */
async function runSuite(): Promise<Mocha.Stats> {
  const desktop = await useDesktop();
  const profile = createProfile();
  process.once("exit", () => removeProfile(profile));
  // @vscode/test-electron hands on one signal only, and only while it runs.
  for (const signal of ["SIGTERM", "SIGHUP"]) process.once(signal, () => process.emit("SIGINT") || process.exit(130));
  const report = path.join(profile.folder, "report.txt");
  const result = path.join(profile.folder, "result.json");
  const directories = [`--user-data-dir=${profile.data}`, `--extensions-dir=${profile.extensions}`];
  if (options.vsix && desktop) {
    await runVSCodeCommand(["--install-extension", packageExtension(), ...directories], { version: options.version });
  } else if (options.vsix) {
    installVsix(installVSCode(options.version), profile, packageExtension());
  }
  const failure = await runTests({
    version: options.version,
    ...(desktop ? {} : { vscodeExecutablePath: path.join(import.meta.dirname, "code") }),
    extensionDevelopmentPath: options.vsix ? emptyExtension(profile) : ROOT,
    extensionTestsPath: await bundleSuite(),
    launchArgs: [profile.workspace, ...directories],
    extensionTestsEnv: {
      PLIMSOLL_REPORT: report,
      PLIMSOLL_RESULT: result,
      PLIMSOLL_GREP: options.grep,
      PLIMSOLL_VSCODE_VERSION: options.version,
      PATH: [createEngine(profile), process.env["PATH"]].join(path.delimiter),
    },
  }).then(
    () => undefined,
    (error: Error) => error,
  );
  if (existsSync(report)) console.log(readFileSync(report, "utf8"));
  if (failure) throw failure;
  if (!existsSync(result)) throw new Error("VS Code ended well, but the tests never came to their end");
  return checked(JSON.parse(readFileSync(result, "utf8")));
}

/** Runs `ui.test.ts` in this process. */
async function runUserInterface(): Promise<Mocha.Stats> {
  process.env["PLIMSOLL_VSCODE_VERSION"] = options.version;
  const mocha = new Mocha({ timeout: 90_000, forbidOnly: true, ...(options.grep ? { grep: options.grep } : {}) });
  mocha.addFile(path.join(import.meta.dirname, "ui.test.ts"));
  await mocha.loadFilesAsync();
  return await new Promise((resolve, reject) => {
    const runner = mocha.run(() => {
      try {
        resolve(checked(runner.stats!));
      } catch (error) {
        reject(error);
      }
    });
    // The open window closes itself then; no other may be opened.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => runner.abort());
  });
}

function checked(stats: Mocha.Stats): Mocha.Stats {
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} tests failed`);
  if (stats.passes === 0) throw new Error("no test was run");
  return stats;
}

/** An extension that does nothing: VS Code runs tests only of an extension under development. */
function emptyExtension({ folder }: Profile): string {
  const extension = path.join(folder, "empty");
  mkdirSync(extension);
  const manifest = { name: "empty", publisher: "test", version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(path.join(extension, "package.json"), JSON.stringify(manifest));
  return extension;
}

/** A folder with a docker that builds nothing, before any other: also for the shell that VS Code asks for its environment. */
function createEngine({ folder, home }: Profile): string {
  const engine = path.join(folder, "engine");
  fakeEngine(engine, "docker");
  writeFileSync(path.join(home, ".profile"), `PATH='${engine}':$PATH\n`);
  return engine;
}

/** Whether to use the desktop's VS Code: as told, or if there is a screen and the name of its download server is known. */
async function useDesktop(): Promise<boolean> {
  const { PLIMSOLL_VSCODE: choice, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (choice === "desktop" || choice === "server") return choice === "desktop";
  if (choice) throw new Error(`PLIMSOLL_VSCODE is "${choice}", not "desktop" or "server"`);
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return false;
  return await lookup("update.code.visualstudio.com").then(
    () => true,
    () => false,
  );
}
