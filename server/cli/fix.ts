/** `plimsoll fix`. */
import { join } from "node:path";
import { type Fixed, fix } from "../lint/fix.ts";
import { RULES } from "../rules/index.ts";
import type { Safety } from "../rules/rule.ts";
import { type Analysis, Analyst } from "./analyse.ts";
import type { Arguments } from "./arguments.ts";
import { tellLeftAlone } from "./check.ts";
import { type Paint, paintFor, type Style } from "./color.ts";
import { unifiedDiff } from "./diff.ts";
import { estimatorOf, sizeChange } from "./estimate.ts";
import { type ExitCode, FAILURE, SUCCESS } from "./exit.ts";
import { explainFixed, headline, summarizeFixed } from "./fixed.ts";
import { type Host, reportProblem } from "./host.ts";
import { printable } from "./printable.ts";
import { STDIN } from "./read.ts";
import { exceptionsOf, settingsOf } from "./settings.ts";
import { ShownSource } from "./source.ts";
import { writeContextFile, writeInPlace } from "./write.ts";

export async function fixFiles(args: Arguments, host: Host): Promise<ExitCode> {
  const safety: Safety = args.has("unsafe") ? "unsafe" : "safe";
  const exceptions = exceptionsOf(args);
  const { settings, problems } = settingsOf(args);
  const analyst = await Analyst.create(args, settings, host);
  const estimate = estimatorOf(host);
  const sizesOf = async ({ report, directory }: Analysis, fixed: Fixed): Promise<string | undefined> => {
    if (fixed.changes.length === 0) return undefined;
    const dockerfiles = [report.dockerfile, fixed.report.dockerfile];
    const [before, after] = await Promise.all(dockerfiles.map((one) => estimate(one, directory)));
    return sizeChange(before!.final, after!.final);
  };
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
      const fixed = fix(text, RULES, analysis.settings, safety, context, ({ rule }) => exceptions.has(rule.id));
      if (args.has("diff")) showDiff(analysis, fixed, host);
      else if (operand === STDIN) {
        host.print(fixed.text);
        for (const file of fixed.files)
          host.complain(`plimsoll: ${printable(file.path)} is not written; \`plimsoll fix\` of a file writes it\n`);
      } else {
        if (fixed.text !== text) await writeInPlace(operand, fixed.text, host);
        for (const file of fixed.files)
          await writeContextFile(analysis.directory!, file, context.files?.[file.path] ?? null, host);
      }
      if (operand === STDIN && !args.has("diff") && !args.has("explain")) continue;
      const tell = args.has("explain") ? explainFixed : args.has("diff") ? headline : summarizeFixed;
      host.complain(tell({ analysis, fixed, size: await sizesOf(analysis, fixed) }));
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
