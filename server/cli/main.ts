#!/usr/bin/env node
/** Entry of `dist/cli.js`: the process around `run`. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { isColored } from "./color.ts";
import { run } from "./run.ts";

// Who reads the output may have enough of it: `plimsoll check | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

// The exit code is set, not exited with: output to a pipe is still on its way.
process.exitCode = await run(process.argv.slice(2), {
  directory: process.cwd(),
  entry: dirname(fileURLToPath(import.meta.url)),
  isColored: isColored(process.stdout, process.env),
  columns: process.stdout.columns ?? 100,
  searchPath: process.env["PATH"] ?? "",
  input: process.stdin,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
