/** `plimsoll rate`. */
import { RULES } from "../rules/index.ts";
import { Analyst } from "./analyse.ts";
import type { Arguments } from "./arguments.ts";
import { estimatorOf } from "./estimate.ts";
import { type ExitCode, FAILURE, SUCCESS } from "./exit.ts";
import { formatRatingJson, formatRatingText } from "./format/rating.ts";
import { type Host, reportProblem } from "./host.ts";
import { explainRating } from "./rating.ts";
import { settingsOf } from "./settings.ts";

export async function rateFile(args: Arguments, host: Host): Promise<ExitCode> {
  const { settings, problems } = settingsOf(args);
  const analyst = await Analyst.create(args, settings, host);
  for (const problem of problems) reportProblem(host, problem);
  const analysis = await analyst.analyse(args.operands[0]!);
  for (const problem of analyst.problems) reportProblem(host, problem);
  const explained = explainRating(analysis, analyst, RULES);
  const size = await estimatorOf(host)(analysis.report.dockerfile, analysis.directory);
  const format = args.value("format") === "json" ? formatRatingJson : formatRatingText;
  host.print(format(explained, size, host));
  return problems.length + analyst.problems.length > 0 ? FAILURE : SUCCESS;
}
