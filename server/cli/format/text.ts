/** `--format text`: for people. */
import type { Diagnostic } from "../../lint/lint.ts";
import { DIMENSIONS, shown } from "../../lint/score.ts";
import type { Severity } from "../../rules/rule.ts";
import type { Analysis } from "../analyse.ts";
import type { FormatOptions } from "../check.ts";
import { type Paint, paintCode, paintFor, type Style } from "../color.ts";
import { printable } from "../printable.ts";
import { ShownSource } from "../source.ts";
import { capitalised, colorOfScore, count } from "../words.ts";

export const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
  hint: "dim",
};

export function formatText(analyses: readonly Analysis[], { host, quiet }: FormatOptions): string {
  const paint = paintFor(host.isColored);
  const blocks = analyses.flatMap((analysis) => {
    const source = new ShownSource(analysis.report.dockerfile);
    const findings = analysis.report.diagnostics.map((diagnostic) =>
      describe(analysis.path, diagnostic, source, paint, host.columns),
    );
    return quiet ? findings : [...findings, summary(analysis, paint)];
  });
  if (!quiet && analyses.length > 1) blocks.push(total(analyses, paint));
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/** Where and what, the line with the place underlined, what else belongs to it, and the fix. */
function describe(
  path: string,
  { range, severity, rule, message, related, fixes, refusal }: Diagnostic,
  source: ShownSource,
  paint: Paint,
  columns: number,
): readonly string[] {
  const { line, column } = source.index.positionAt(range.start);
  const style = SEVERITY_STYLES[severity];
  const margin = " ".repeat(String(line).length);
  const place = source.line(range, Math.max(columns - margin.length - 8, 40));
  const bar = paint("dim", "|");
  const words = (text: string): string => paintCode(paint, source.message(text));
  const lines = [
    `${printable(path)}:${line}:${column} ${paint(style, severity)} ${paint("bold", rule.id)}`,
    `  ${words(message)}`,
    `  ${paint("dim", String(line))} ${bar} ${place.text}`.trimEnd(),
    `  ${margin} ${bar} ${" ".repeat(place.column)}${paint(style, "^".repeat(Math.max(place.width, 1)))}`,
  ];
  for (const one of related)
    lines.push(`  ${paint("dim", `see line ${source.index.positionAt(one.at.start).line}:`)} ${words(one.message)}`);
  // What ShellCheck would repair, an editor can, and `fix` does not.
  const ours = rule.link === undefined ? fixes : [];
  ours.forEach(({ title, safety, assumptions }, index) => {
    lines.push(
      `  ${paint("green", index === 0 ? "fix" : "or")}${safety === "unsafe" ? " (unsafe)" : ""}: ${words(title)}`,
    );
    for (const assumption of assumptions ?? []) lines.push(`    ${paint("dim", "assumes:")} ${words(assumption)}`);
  });
  if (refusal !== undefined) lines.push(`  ${paint("dim", "no fix:")} ${words(refusal)}`);
  return lines;
}

function summary({ path, report, rating }: Analysis, paint: Paint): readonly string[] {
  const { overall } = rating.score;
  const dimensions = DIMENSIONS.map((dimension) => {
    const points = rating.score[dimension];
    return `${capitalised(dimension)} ${paint(colorOfScore(points), shown(points))}`;
  });
  const score = `Score ${paint("bold", paint(colorOfScore(overall), shown(overall)))}`;
  return [
    `${paint("bold", printable(path))}: ${[score, ...dimensions].join(" · ")}`,
    `  ${countFindings(report.diagnostics)}${report.accepted.length > 0 ? `, ${report.accepted.length} accepted` : ""}${hint(path, report.diagnostics)}`,
  ];
}

function total(analyses: readonly Analysis[], paint: Paint): readonly string[] {
  const all = analyses.flatMap(({ report }) => report.diagnostics);
  return [paint("bold", `${count(analyses.length, "file")}: ${countFindings(all)}`)];
}

/** "3 findings: 1 error, 2 warnings". */
function countFindings(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "No findings";
  const kinds = (Object.keys(SEVERITY_STYLES) as Severity[]).flatMap((severity) => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? [] : [severity === "info" ? `${number} info` : count(number, severity)];
  });
  return `${count(diagnostics.length, "finding")}: ${kinds.join(", ")}`;
}

/** How to repair what can be. */
function hint(path: string, all: readonly Diagnostic[]): string {
  const diagnostics = all.filter(({ rule }) => rule.link === undefined);
  const safe = diagnostics.filter(({ fixes }) => fixes.some(({ safety }) => safety === "safe")).length;
  const unsafe = diagnostics.filter(({ fixes }) => fixes.length > 0).length - safe;
  const parts: string[] = [];
  if (safe > 0) parts.push(`${safe} fixable with \`plimsoll fix ${printable(path)}\``);
  if (unsafe > 0) {
    const more = `${unsafe} more with \`--unsafe\``;
    parts.push(safe > 0 ? more : `${unsafe} fixable with \`plimsoll fix --unsafe ${printable(path)}\``);
  }
  return parts.map((part, index) => (index === 0 ? `; ${part}` : `, ${part}`)).join("");
}
