/**
 * Installs what the tests in a real VS Code need: `tsx scripts/vscode-install.ts [version…]`.
 * Does nothing for a version that is installed already.
 */
import { DEFAULT_VERSION, findChromium, installVSCode } from "../test/vscode/installation.ts";

const versions = process.argv.slice(2);
try {
  for (const version of versions.length > 0 ? versions : [DEFAULT_VERSION]) {
    console.log(`VS Code ${version}: ${installVSCode(version).server}`);
  }
  console.log(`Chromium: ${findChromium()}`);
} catch (error) {
  console.error(`vscode-install: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
