/**
 * `--format github`: annotations of a workflow's run,
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import type { Diagnostic } from "../../lint/lint.ts";
import { DIMENSIONS, shown } from "../../lint/score.ts";
import type { Severity } from "../../rules/rule.ts";
import type { Analysis } from "../analyse.ts";
import type { FormatOptions } from "../check.ts";
import { printable } from "../printable.ts";
import { ShownSource } from "../source.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

export function formatGithub(analyses: readonly Analysis[], { quiet }: FormatOptions): string {
  const lines: string[] = [];
  for (const { path, report, rating } of analyses) {
    const source = new ShownSource(report.dockerfile);
    lines.push(...report.diagnostics.map((diagnostic) => annotation(path, diagnostic, source)));
    if (quiet) continue;
    const parts = DIMENSIONS.map((dimension) => `${dimension} ${shown(rating.score[dimension])}`);
    // Not at the start of the line, where a path could be taken for a command.
    lines.push(`Score of ${printable(path)}: ${shown(rating.score.overall)} (${parts.join(", ")})`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function annotation(path: string, diagnostic: Diagnostic, source: ShownSource): string {
  const { range, severity, rule, message, fixes, refusal } = diagnostic;
  const start = source.index.positionAt(range.start);
  const end = source.index.positionAt(range.end);
  // Columns are only taken within one line.
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
  const properties = { file: path, line: start.line, endLine: end.line, ...columns, title: rule.id };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const first = fixes[0];
  const text = [
    message,
    ...(first ? [`Fix (${first.safety}): ${first.title}`] : refusal ? [`No fix: ${refusal}`] : []),
  ];
  return `::${COMMANDS[severity]} ${list.join(",")}::${escapeData(source.hide(text.join("\n")))}`;
}

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
