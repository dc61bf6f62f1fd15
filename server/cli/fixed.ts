/** What `plimsoll fix` says of what it did: in a few lines, or with every reason. */
import type { Fixed, Left } from "../lint/fix.ts";
import { rate, shown } from "../lint/score.ts";
import type { Fix } from "../rules/rule.ts";
import type { Analysis } from "./analyse.ts";
import { printable } from "./printable.ts";
import { ShownSource } from "./source.ts";
import { count } from "./words.ts";

export interface FixedFile {
  readonly analysis: Analysis;
  readonly fixed: Fixed;
  /** What becomes of the size of the image; absent: it is not known. */
  readonly size: string | undefined;
}

/** How much was changed, and what that does to the score and the image, in a line. */
export function headline({ analysis, fixed, size }: FixedFile): string {
  const { before, after } = sourcesOf(analysis, fixed);
  const { changes, report } = fixed;
  const scores = [analysis.rating, rate(report.diagnostics)].map(({ score }) => shown(score.overall));
  const parts = [
    changes.length === 0 ? "nothing to change" : count(changes.length, "change"),
    `score ${scores[0] === scores[1] ? scores[0] : scores.join(" -> ")}`,
    ...(size === undefined ? [] : [`image ${after.message(before.message(size))}`]),
  ];
  return `${printable(analysis.path)}: ${parts.join(", ")}\n`;
}

/** What was changed, what was not, and why. */
export function summarizeFixed(file: FixedFile): string {
  const { analysis, fixed } = file;
  const { before, after } = sourcesOf(analysis, fixed);
  const lines: string[] = [];
  for (const [text, times] of countEqual(fixed.changes.map(({ rule, fix: { title } }) => `${rule.id}: ${title}`)))
    lines.push(`  changed  ${before.message(text)}${times > 1 ? ` (${times} times)` : ""}`);
  let silent = 0;
  for (const left of fixed.left) {
    const reason = reasonToLeave(left);
    if (reason === undefined) silent++;
    else {
      const { line } = after.index.positionAt(left.diagnostic.range.start);
      lines.push(`  left     line ${line}, ${left.diagnostic.rule.id}: ${after.message(reason)}`);
    }
  }
  if (silent > 0) lines.push(`  ${count(silent, "finding")} without a fix; \`plimsoll check\` shows them`);
  return headline(file) + linesOf(lines);
}

/** Each change with its reason and what it takes for granted, and each finding left; lines are those of the text given. */
export function explainFixed(file: FixedFile): string {
  const { analysis, fixed } = file;
  const { before, after } = sourcesOf(analysis, fixed);
  const lineOf = (origin: number): number => before.index.positionAt(origin).line;
  const lines: string[] = [];
  const changes = fixed.changes.toSorted((a, b) => a.origin - b.origin);
  if (changes.length > 0) lines.push("", "Changed:");
  for (const { origin, diagnostic, rule, fix } of changes) {
    lines.push(`  line ${lineOf(origin)}  ${rule.id} (${fix.safety})`);
    const texts = [`fix: ${fix.title}`, `why: ${diagnostic.message}`, ...assumptionsOf(fix)];
    // What came with another fix stands in no text that is left.
    lines.push(...texts.map((text) => `    ${after.message(before.message(text))}`));
  }
  if (fixed.left.length > 0) lines.push("", "Left:");
  for (const { diagnostic, origin, fix, reason } of fixed.left) {
    lines.push(`  line ${lineOf(origin)}  ${diagnostic.rule.id}`);
    const texts = [`why: ${diagnostic.message}`];
    if (fix) texts.push(`${FATES[fix.fate]}: ${fix.fix.title}`, ...assumptionsOf(fix.fix));
    if (reason !== undefined || !fix) texts.push(`no fix: ${reason ?? "there is none for it"}`);
    lines.push(...texts.map((text) => `    ${after.message(before.message(text))}`));
  }
  return headline(file) + linesOf(lines);
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

const FATES = {
  unsafe: "with --unsafe",
  "on request": "only when asked for by --rules",
  "left out": "left out",
  refused: "refused",
} as const;

function sourcesOf(
  analysis: Analysis,
  { report }: Fixed,
): { readonly before: ShownSource; readonly after: ShownSource } {
  return { before: new ShownSource(analysis.report.dockerfile), after: new ShownSource(report.dockerfile) };
}

/** `undefined`: there is nothing to say. */
function reasonToLeave({ fix, reason }: Left): string | undefined {
  if (!fix) return reason;
  const { title } = fix.fix;
  switch (fix.fate) {
    case "unsafe":
      return `${title} (with --unsafe)`;
    case "on request":
      return `${title} (only when asked for by --rules)`;
    case "left out":
      return `"${title}" was left out`;
    case "refused":
      return `"${title}" was not done: ${reason}`;
  }
}

function assumptionsOf({ assumptions }: Fix): readonly string[] {
  return (assumptions ?? []).map((assumption) => `assumes: ${assumption}`);
}

function countEqual(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
