/**
 * Sets up what `npm ci` does not bring: Chromium and ShellCheck from Debian's packages, where this may be done, and the VS Code
 * that the tests and the demonstration use, from npm. Does nothing for what is there.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { DEFAULT_VERSION, findChromium, installVSCode, OLDEST_VERSION } from "../test/vscode/installation.ts";

try {
  installPackages(process.env["CHROMIUM"] || "/usr/bin/chromium", "chromium", "fonts-dejavu-core");
  installPackages("/usr/bin/shellcheck", "shellcheck");
  console.log(`Chromium: ${findChromium()}`);
  for (const version of [DEFAULT_VERSION, OLDEST_VERSION])
    console.log(`VS Code ${version}: ${installVSCode(version).server}`);
} catch (error) {
  console.error(`setup: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** Only where it takes no password and no decision: as root, on a system with apt. */
function installPackages(wanted: string, ...packages: readonly string[]): void {
  if (existsSync(wanted) || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const { status } = spawnSync("apt-get", args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0) throw new Error(`\`apt-get ${args.join(" ")}\` failed`);
  }
}
