/** `plimsoll check`. */
import { resolve } from "node:path";
import { shownScore } from "../lint/score.ts";
import { failsOnWarnings } from "../model/suppressions.ts";
import { type Analysis, Analyst } from "./analyse.ts";
import type { Arguments } from "./arguments.ts";
import type { CHECK_FORMATS, FAIL_ON } from "./commands.ts";
import { type ExitCode, FAILURE, FOUND, SUCCESS } from "./exit.ts";
import { findDockerfiles } from "./find.ts";
import { formatGithub } from "./format/github.ts";
import { formatJson } from "./format/json.ts";
import { formatSarif } from "./format/sarif.ts";
import { formatText } from "./format/text.ts";
import { type Host, Problem, reportProblem } from "./host.ts";
import { printable } from "./printable.ts";
import { settingsOf } from "./settings.ts";

export interface FormatOptions {
  /** The findings alone. */
  readonly quiet: boolean;
  readonly host: Host;
  /** What could not run, as it was told on standard error. */
  readonly problems: readonly string[];
}

/** The whole output for the files that could be read. */
export type Format = (analyses: readonly Analysis[], options: FormatOptions) => string | Promise<string>;

const FORMATS: Readonly<Record<(typeof CHECK_FORMATS)[number], Format>> = {
  text: formatText,
  json: formatJson,
  sarif: formatSarif,
  github: formatGithub,
};

const DEFAULT_FAIL_ON = "warning";

const RANKS: Readonly<Record<(typeof FAIL_ON)[number], number>> = { hint: 0, info: 1, warning: 2, error: 3, never: 4 };

export async function check(args: Arguments, host: Host): Promise<ExitCode> {
  const minimum = readScore(args.value("min-score"));
  const { settings, problems: wrongSettings } = settingsOf(args);
  const analyst = await Analyst.create(args, settings, host, { asksShellCheck: true });
  const found = await findDockerfiles(args.operands.length > 0 ? args.operands : ["."], host.directory);

  const problems: string[] = [];
  const tell = (error: unknown): void => {
    reportProblem(host, error);
    problems.push(error instanceof Error ? error.message : String(error));
  };
  for (const problem of [...wrongSettings, ...found.problems]) tell(problem);
  const analyses: Analysis[] = [];
  for (const path of found.paths) {
    try {
      if (await analyst.leavesAlone(path)) tellLeftAlone(path, args.operands, host);
      else analyses.push(await analyst.analyse(path));
    } catch (error) {
      tell(error);
    }
  }
  for (const problem of analyst.problems) tell(problem);

  const format = FORMATS[(args.value("format") ?? "text") as keyof typeof FORMATS];
  host.print(await format(analyses, { quiet: args.has("quiet"), host, problems }));
  if (problems.length > 0) return FAILURE;
  const fails = (analysis: Analysis): boolean =>
    hasFailure(analysis) || shownScore(analysis.rating.score).overall < minimum;
  return analyses.some(fails) ? FOUND : SUCCESS;
}

/** Of what was named: what was found in a folder is left alone without a word. */
export function tellLeftAlone(path: string, operands: readonly string[], host: Host): void {
  if (operands.some((operand) => resolve(host.directory, operand) === resolve(host.directory, path)))
    host.complain(`plimsoll: ${printable(path)} is left alone, as \`ignore\` in the configuration has it\n`);
}

/** With `# check=error=true`, what BuildKit warns of is as bad as an error. */
function hasFailure({ report: { diagnostics, dockerfile }, settings }: Analysis): boolean {
  const least = RANKS[settings.failOn ?? DEFAULT_FAIL_ON];
  const isStrict = failsOnWarnings(dockerfile.syntax);
  return diagnostics.some(({ rule, severity }) => {
    const isBuildKits = isStrict && rule.aliases.some((alias) => alias.startsWith("buildkit/"));
    return RANKS[isBuildKits ? "error" : severity] >= least;
  });
}

function readScore(value: string | undefined): number {
  if (value === undefined) return 0;
  const score = Number(value);
  if (value.trim() === "" || !(score >= 0 && score <= 10))
    throw new Problem(`--min-score takes a number from 0 to 10; not "${value}"`);
  return score;
}
