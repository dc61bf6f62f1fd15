/** `plimsoll fix`. */
import { join } from "node:path";
import { type Fixed, fix } from "../lint/fix.ts";
import type { Diagnostic, Report } from "../lint/lint.ts";
import { rate, shown } from "../lint/score.ts";
import { objection } from "../lint/verify.ts";
import { RULES } from "../rules/index.ts";
import type { Safety } from "../rules/rule.ts";
import { type Analysis, Analyst } from "./analyse.ts";
import type { Arguments } from "./arguments.ts";
import { tellLeftAlone } from "./check.ts";
import { type Paint, paintFor, type Style } from "./color.ts";
import { unifiedDiff } from "./diff.ts";
import { type ExitCode, FAILURE, SUCCESS } from "./exit.ts";
import { type Host, reportProblem } from "./host.ts";
import { printable } from "./printable.ts";
import { STDIN } from "./read.ts";
import { settingsOf } from "./settings.ts";
import { ShownSource } from "./source.ts";
import { count } from "./words.ts";
import { writeContextFile, writeInPlace } from "./write.ts";

export async function fixFiles(args: Arguments, host: Host): Promise<ExitCode> {
  const safety: Safety = args.has("unsafe") ? "unsafe" : "safe";
  const { settings, problems } = settingsOf(args);
  const analyst = await Analyst.create(args, settings, host);
  for (const problem of problems) reportProblem(host, problem);
  let failed = problems.length > 0;
  for (const operand of new Set(args.operands)) {
    try {
      // Who pipes a text through wants it back.
      if (operand !== STDIN && (await analyst.leavesAlone(operand))) {
        tellLeftAlone(operand, args.operands, host);
        continue;
      }
      const analysis = await analyst.analyse(operand);
      const { text, context } = analysis.report.dockerfile;
      const fixed = fix(text, RULES, analysis.settings, safety, context);
      if (args.has("diff")) showDiff(analysis, fixed, host);
      else if (operand === STDIN) {
        host.print(fixed.text);
        for (const file of fixed.files)
          host.complain(`plimsoll: ${printable(file.path)} is not written; \`plimsoll fix\` of a file writes it\n`);
      } else {
        if (fixed.text !== text) await writeInPlace(operand, fixed.text, host);
        for (const file of fixed.files)
          await writeContextFile(analysis.directory!, file, context.files?.[file.path] ?? null, host);
        host.complain(describe(analysis, fixed, analyst.reconsider(analysis, fixed.text, fixed.files), safety));
      }
    } catch (error) {
      reportProblem(host, error);
      failed = true;
    }
  }
  for (const problem of analyst.problems) reportProblem(host, problem);
  return failed || analyst.problems.length > 0 ? FAILURE : SUCCESS;
}

/** Secrets are hidden, though `patch` then stumbles over their lines: what is printed ends up in logs. */
function showDiff({ path, directory, report: { dockerfile } }: Analysis, fixed: Fixed, host: Host): void {
  const others = fixed.files.map((file) =>
    unifiedDiff(join(directory ?? "", file.path), dockerfile.context.files?.[file.path] ?? null, file.text),
  );
  const diff = unifiedDiff(path, dockerfile.text, fixed.text) + others.join("");
  const hidden = new ShownSource(dockerfile).hide(diff);
  const paint = paintFor(host.isColored);
  host.print(
    host.isColored
      ? hidden
          .split("\n")
          .map((line) => paintLine(line, paint))
          .join("\n")
      : hidden,
  );
  if (hidden !== diff) {
    host.complain(
      `plimsoll: secrets in ${printable(path)} are hidden in the diff, so it cannot be applied; \`plimsoll fix\` without --diff writes the file\n`,
    );
  }
}

function paintLine(line: string, paint: Paint): string {
  const styles: Readonly<Record<string, Style>> = { "+": "green", "-": "red", "@": "cyan" };
  const style = /^(?:---|\+\+\+) /.test(line) ? "bold" : styles[line.charAt(0)];
  return style ? paint(style, line) : line;
}

/** What was changed, what was not, and why. */
function describe(analysis: Analysis, fixed: Fixed, after: Report, safety: Safety): string {
  const before = new ShownSource(analysis.report.dockerfile);
  const source = new ShownSource(after.dockerfile);
  const scores = [analysis.rating, rate(after.diagnostics)].map(({ score }) => shown(score.overall));
  const change = fixed.changes.length === 0 ? "nothing to change" : count(fixed.changes.length, "change");
  const lines = [
    `${printable(analysis.path)}: ${change}, score ${scores[0] === scores[1] ? scores[0] : scores.join(" -> ")}`,
  ];
  for (const [text, times] of countEqual(fixed.changes.map(({ rule, fix: { title } }) => `${rule.id}: ${title}`)))
    lines.push(`  changed  ${before.message(text)}${times > 1 ? ` (${times} times)` : ""}`);
  let silent = 0;
  for (const diagnostic of after.diagnostics) {
    const reason = reasonToLeave(diagnostic, after, safety);
    if (reason === undefined) silent++;
    else {
      const { line } = source.index.positionAt(diagnostic.range.start);
      lines.push(`  left     line ${line}, ${diagnostic.rule.id}: ${source.message(reason)}`);
    }
  }
  if (silent > 0) lines.push(`  ${count(silent, "finding")} without a fix; \`plimsoll check\` shows them`);
  return `${lines.join("\n")}\n`;
}

/** `undefined`: there is nothing to say. */
function reasonToLeave({ fixes, refusal }: Diagnostic, report: Report, safety: Safety): string | undefined {
  const offered = fixes.find((one) => safety === "unsafe" || one.safety === "safe");
  if (offered) {
    const reason = objection(report.dockerfile, [offered]) ?? "it stands in the way of another fix";
    return `"${offered.title}" was not done: ${reason}`;
  }
  const [unsafe] = fixes;
  return unsafe ? `${unsafe.title} (with --unsafe)` : refusal;
}

function countEqual(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
