/** What `plimsoll fix --unsafe` makes of a case's Dockerfile. */
import { readFile } from "node:fs/promises";
import { diskFiles } from "../../server/context/disk.ts";
import { gatherContext } from "../../server/context/gather.ts";
import { fix } from "../../server/lint/fix.ts";
import { lint } from "../../server/lint/lint.ts";
import { rate } from "../../server/lint/score.ts";
import { DEFAULT_SETTINGS } from "../../server/lint/settings.ts";
import type { Context } from "../../server/model/context.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { RULES } from "../../server/rules/index.ts";
import type { FileText } from "../../server/rules/rule.ts";
import { estimateGrowth, type Growth } from "./estimate.ts";

export interface Optimised {
  readonly before: string;
  readonly after: string;
  /** Files of the build context that are written besides. */
  readonly files: readonly FileText[];
  /** The rules that changed something, each once. */
  readonly fixes: readonly string[];
  /** A second run changes something, which it must not. */
  readonly isUnstable: boolean;
  readonly growth: { readonly before: Growth; readonly after: Growth };
  /** The overall score. */
  readonly score: { readonly before: number; readonly after: number };
}

/** With the context gathered as the command line does. */
export async function optimise(directory: string): Promise<Optimised> {
  const before = await readFile(`${directory}/Dockerfile`, "utf8");
  const context = await gatherContext({ text: before, path: "Dockerfile", directory: "." }, diskFiles(directory));
  const { text: after, files, context: later, changes } = fix(before, RULES, DEFAULT_SETTINGS, "unsafe", context);
  return {
    before,
    after,
    files,
    fixes: [...new Set(changes.map(({ rule }) => rule.id))].sort(),
    isUnstable: fix(after, RULES, DEFAULT_SETTINGS, "unsafe", later).text !== after,
    growth: {
      before: await estimateGrowth(new Dockerfile(before, context), directory),
      after: await estimateGrowth(new Dockerfile(after, later), directory),
    },
    score: { before: scoreOf(before, context), after: scoreOf(after, later) },
  };
}

function scoreOf(text: string, context: Context): number {
  return rate(lint(new Dockerfile(text, context), RULES, DEFAULT_SETTINGS).diagnostics).score.overall;
}
