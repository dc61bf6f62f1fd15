import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { CACHE, ROOT } from "./installation.ts";

/** Bundles the tests that run inside VS Code; returns the path of the script to give to it. */
export async function bundleSuite(): Promise<string> {
  const outdir = path.join(CACHE, "vscode-suite");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(import.meta.dirname, "suite/index.ts"), path.join(import.meta.dirname, "suite/*.test.ts")],
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return path.join(outdir, "index.cjs");
}

/**
 * Packages the extension as it is published; returns the path of the `.vsix`.
 * @throws {Error} with the packager's own words if it refuses or takes longer than a minute.
 */
export function packageExtension(): string {
  const vsix = path.join(CACHE, "plimsoll.vsix");
  const packager = path.join(ROOT, "node_modules/@vscode/vsce/vsce");
  const args = ["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [packager, ...args, "--out", vsix], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`vsce did not package the extension: ${error?.message ?? ""}\n${stdout}${stderr}`);
  return vsix;
}
