/**
 * `npm run demo [Dockerfile]`: rates a Dockerfile of `examples/` in the terminal, then opens it in VS Code: the installed one, or the
 * one that the tests use, in a browser or, where nobody is looking, as a picture.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageExtension } from "../test/vscode/bundle.ts";
import { installVsix, startServer, windowUrl } from "../test/vscode/host.ts";
import { CACHE, installVSCode, ROOT } from "../test/vscode/installation.ts";
import { createProfile, removeProfile } from "../test/vscode/profile.ts";
import { Workbench } from "../test/vscode/ui.ts";

const file = path.resolve(process.argv[2] ?? path.join(ROOT, "examples/fastapi-uv/beginner/Dockerfile"));
const rating = spawnSync(process.execPath, [path.join(ROOT, "dist/cli.js"), "rate", file], { stdio: "inherit" });
if (rating.status === 2) process.exit(2);

const installed = spawnSync("code", ["--version"], { stdio: "ignore" }).status === 0;
if (installed) {
  console.log("\nOpening it in VS Code, with Plimsoll for that window alone.");
  spawn("code", [`--extensionDevelopmentPath=${ROOT}`, path.dirname(file), file], {
    stdio: "ignore",
    detached: true,
  }).unref();
} else if (process.stdout.isTTY) await openInBrowser();
else await takePicture();

async function openInBrowser(): Promise<void> {
  const vscode = installVSCode();
  const profile = createProfile();
  cpSync(path.dirname(file), profile.workspace, { recursive: true });
  installVsix(vscode, profile, packageExtension());
  const server = await startServer(vscode, profile);
  console.log(
    `\nThere is no \`code\` on this machine. A VS Code with a copy of the example runs at\n\n  ${windowUrl(server, profile.workspace)}\n\nCtrl+C ends it.`,
  );
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
  await server.stop();
  removeProfile(profile);
}

async function takePicture(): Promise<void> {
  const picture = path.join(CACHE, "demo.png");
  const name = path.basename(file);
  const workbench = await Workbench.open({
    vscode: installVSCode(),
    vsix: packageExtension(),
    files: { [name]: readFileSync(file, "utf8") },
  });
  try {
    await workbench.openFile(name);
    await workbench.codeLens(/^Score /);
    await workbench.page.screenshot({ path: picture });
  } finally {
    await workbench.close();
  }
  console.log(`\nOpened in VS Code; what it shows: ${picture}`);
}
