/** ShellCheck for tests: the real one, and programs that only pretend. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "mocha";

export const SHELLCHECK = "/usr/bin/shellcheck";

/** Leaves a test out, and says so, where ShellCheck is not installed; for the superuser `npm run setup` installs it. */
export function needShellCheck(test: Context): void {
  if (existsSync(SHELLCHECK)) return;
  assert.notEqual(process.getuid?.(), 0, "there is no ShellCheck; run `npm run setup`");
  test.skip();
}

/** A program of Node's that lies at `shellcheck` in a folder of its own, until the end of the test. */
export function pretend(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-program-"));
  folders.push(folder);
  const program = join(folder, "shellcheck");
  writeFileSync(program, `#!${process.execPath}\n${script}\n`);
  chmodSync(program, 0o755);
  return program;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
