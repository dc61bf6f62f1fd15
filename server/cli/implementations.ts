import type { Arguments } from "./arguments.ts";
import { check } from "./check.ts";
import type { ExitCode } from "./exit.ts";
import { explain } from "./explain.ts";
import { fixFiles } from "./fix.ts";
import type { Host } from "./host.ts";
import { serve } from "./lsp.ts";
import { measureFile } from "./measure.ts";
import { rateFile } from "./rate.ts";
import { listRules } from "./rules.ts";

/** What each command does, by its name. In one module, since every file that a start has to load costs a millisecond. */
export const IMPLEMENTATIONS: Readonly<Record<string, (args: Arguments, host: Host) => Promise<ExitCode>>> = {
  check,
  rate: rateFile,
  fix: fixFiles,
  measure: measureFile,
  rules: listRules,
  explain,
  lsp: serve,
};
