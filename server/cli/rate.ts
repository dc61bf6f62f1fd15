/** `plimsoll rate`. */
import { resolve } from "node:path";
import { findPackageRoot } from "../context/pages.ts";
import { diskMeasure, diskTables } from "../context/size-data.ts";
import { Sizes } from "../context/sizes.ts";
import { RULES } from "../rules/index.ts";
import type { Estimate } from "../size/estimate.ts";
import { type Analysis, Analyst } from "./analyse.ts";
import type { Arguments } from "./arguments.ts";
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
  const size = await estimate(analysis, host);
  const format = args.value("format") === "json" ? formatRatingJson : formatRatingText;
  host.print(format(explained, size, host));
  return problems.length + analyst.problems.length > 0 ? FAILURE : SUCCESS;
}

async function estimate({ report, directory }: Analysis, host: Host): Promise<Estimate> {
  const sizes = new Sizes(diskTables(findPackageRoot(host.entry)));
  const measure = directory === undefined ? undefined : diskMeasure(resolve(host.directory, directory));
  return sizes.estimate(report.dockerfile, measure);
}
