/** Applies fixes: passes of those that do not touch each other, each on a fresh look at the text. */
import { addFiles, type Context, carryContext } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import type { Edit, FileText, Fix, Rule, Safety } from "../rules/rule.ts";
import { overlaps } from "../syntax/text.ts";
import { type Diagnostic, lint } from "./lint.ts";
import type { Settings } from "./settings.ts";
import { objection } from "./verify.ts";

export interface Change {
  readonly rule: Rule;
  readonly fix: Fix;
  /** Where the finding stood in the text of its pass. */
  readonly diagnostic: Diagnostic;
}

export interface Fixed {
  readonly text: string;
  /** Files of the build context to write besides, each once. */
  readonly files: readonly FileText[];
  /** What is known of the world once all of it is written. */
  readonly context: Context;
  readonly changes: readonly Change[];
}

/** More passes than any chain of fixes needs; what is left then stays. */
const PASSES = 10;

/**
 * The text with every fix up to `safety` applied, the context being that of the text given. What ShellCheck would repair
 * is left: the text must not depend on what is installed.
 */
export function fix(text: string, rules: readonly Rule[], settings: Settings, safety: Safety, context: Context): Fixed {
  const changes: Change[] = [];
  const files = new Map<string, FileText>();
  const { scriptComments: _, ...own } = context;
  let current = text;
  let known: Context = own;
  for (let pass = 0; pass < PASSES; pass++) {
    const dockerfile = new Dockerfile(current, known);
    const chosen = chooseFixes(dockerfile, lint(dockerfile, rules, settings).diagnostics, safety);
    if (chosen.length === 0) break;
    current = applyEdits(
      current,
      chosen.flatMap((change) => change.fix.edits),
    );
    changes.push(...chosen);
    for (const file of chosen.flatMap((change) => change.fix.files ?? [])) files.set(file.path, file);
    known = addFiles(carryContext(own, text, current), [...files.values()]);
  }
  return { text: current, files: [...files.values()], context: known, changes };
}

/**
 * For each diagnostic its first fix that is safe enough, keeps its word and touches no other. One that adds a
 * stage goes first and alone: what the others say is about the stages as they were.
 */
export function chooseFixes(
  dockerfile: Dockerfile,
  diagnostics: readonly Diagnostic[],
  safety: Safety,
): readonly Change[] {
  const chosen: Change[] = [];
  const candidates = diagnostics.flatMap((diagnostic) => {
    const candidate = diagnostic.fixes.find((one) => safety === "unsafe" || one.safety === "safe");
    return candidate ? [{ diagnostic, candidate }] : [];
  });
  const splits = candidates.filter(({ candidate }) => addsStage(candidate) && !objection(dockerfile, [candidate]));
  const split = splits.find(({ diagnostic }) => diagnostic.rule.weight === "high") ?? splits[0];
  if (split) return [{ rule: split.diagnostic.rule, fix: split.candidate, diagnostic: split.diagnostic }];
  for (const { diagnostic, candidate } of candidates) {
    if (chosen.some((change) => touches(change.fix, candidate))) continue;
    chosen.push({ rule: diagnostic.rule, fix: candidate, diagnostic });
  }
  if (
    chosen.length === 0 ||
    !objection(
      dockerfile,
      chosen.map((change) => change.fix),
    )
  )
    return chosen;
  // One of them is at fault: look at each.
  const sound: Change[] = [];
  for (const change of chosen) {
    if (
      !objection(
        dockerfile,
        [...sound, change].map((one) => one.fix),
      )
    )
      sound.push(change);
  }
  return sound;
}

/** @param edits do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

function addsStage({ changes = [], edits }: Fix): boolean {
  return changes.includes("stages") && edits.some(({ text }) => /^[ \t]*FROM\s/im.test(text));
}

function touches(a: Fix, b: Fix): boolean {
  return (
    a.edits.some((one) => b.edits.some((other) => overlaps(one, other))) ||
    (a.files ?? []).some((one) => b.files?.some((other) => one.path === other.path))
  );
}
