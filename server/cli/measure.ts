/** `plimsoll measure`. */
import { resolve } from "node:path";
import { type Fixed, fix } from "../lint/fix.ts";
import type { EngineName } from "../measure/engine.ts";
import { type Measured, MeasureProblem, measure, type Source } from "../measure/measure.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { HiddenSecrets } from "../model/hidden-secrets.ts";
import type { Mount } from "../model/run.ts";
import { RULES } from "../rules/index.ts";
import type { Estimate, Total } from "../size/estimate.ts";
import { type Analysis, Analyst } from "./analyse.ts";
import type { Arguments } from "./arguments.ts";
import { estimatorOf } from "./estimate.ts";
import { type ExitCode, FAILURE, SUCCESS } from "./exit.ts";
import { formatMeasuredJson, formatMeasuredText, type MeasuredFile } from "./format/measured.ts";
import { type Host, Problem, reportProblem } from "./host.ts";
import { printable } from "./printable.ts";
import { exceptionsOf, settingsOf } from "./settings.ts";

export async function measureFile(args: Arguments, host: Host): Promise<ExitCode> {
  const exceptions = exceptionsOf(args);
  const time = timeOf(args);
  const { settings, problems } = settingsOf(args);
  const analyst = await Analyst.create(args, settings, host);
  const analysis = await analyst.analyse(args.operands[0]!);
  for (const problem of [...problems, ...analyst.problems]) reportProblem(host, problem);
  const { directory, report } = analysis;
  if (directory === undefined) throw new Problem("the build context is not known; name it with --context");
  const { text, context } = report.dockerfile;
  const fixed = fix(text, RULES, analysis.settings, "unsafe", context, ({ rule }) => exceptions.has(rule.id));
  const target = args.value("target");
  const dockerfiles = [report.dockerfile, fixed.report.dockerfile];
  for (const id of missingSecrets(dockerfiles, args.values("secret")))
    host.complain(`plimsoll: the secret \`${printable(id)}\` is mounted and not given; see --secret\n`);
  const measured = await cancellable((signal) =>
    run(analysis, fixed, {
      ...{ directory: resolve(host.directory, directory), signal, time },
      engine: args.value("engine") as EngineName | undefined,
      buildArgs: args.values("build-arg"),
      ...{ secrets: args.values("secret"), target, network: args.value("network") },
      searchPath: host.searchPath,
      onProgress: ({ image, step }) => host.complain(`${image}: ${printable(step)}\n`),
    }),
  );
  const estimate = estimatorOf(host);
  const file: MeasuredFile = {
    ...{ path: analysis.path, measured, changes: fixed.changes.length },
    estimates: await Promise.all(dockerfiles.map(async (one) => totalOf(await estimate(one, directory), target))),
  };
  host.print(args.value("format") === "json" ? formatMeasuredJson(file) : formatMeasuredText(file, host));
  return problems.length + analyst.problems.length > 0 ? FAILURE : SUCCESS;
}

/** Of the stage that is built. */
function totalOf({ final, stages }: Estimate, target: string | undefined): Total {
  if (target === undefined) return final;
  return stages.findLast(({ stage }) => stage.isNamed(target)) ?? { bytes: undefined, unknown: [] };
}

/** The ids of the secrets that a RUN mounts and nobody hands over. */
function missingSecrets(dockerfiles: readonly Dockerfile[], given: readonly string[]): ReadonlySet<string> {
  const ids = new Set(given.map((one) => /(?:^|,)id=([^,]*)/.exec(one)?.[1]));
  const mounts = dockerfiles.flatMap(({ runs }) => runs.flatMap((run) => run.mounts));
  const wanted = mounts.filter(({ type }) => type === "secret").map((one) => secretOf(one));
  return new Set(wanted.filter((id) => id !== "" && !id.includes("$") && !ids.has(id)));
}

/** The id, which is that of the file where none is given. */
function secretOf({ options, target = "" }: Mount): string {
  return options.get("id") ?? target.split("/").at(-1)!;
}

type Way = Omit<Parameters<typeof measure>[0], "images" | "hide">;

async function run({ report }: Analysis, fixed: Fixed, way: Way): Promise<Measured> {
  const secrets = [report.dockerfile, fixed.report.dockerfile].map((one) => new HiddenSecrets(one));
  const images: Source[] = [{ name: "as it is", ...sourceOf(report.dockerfile) }];
  if (fixed.changes.length > 0) images.push({ name: "optimized", ...sourceOf(fixed.report.dockerfile) });
  try {
    return await measure({ ...way, images, hide: (text) => secrets.reduce((shown, one) => one.hide(shown), text) });
  } catch (error) {
    if (error instanceof MeasureProblem) throw new Problem(error.message.split("\n").map(printable).join("\n"));
    throw error;
  }
}

function sourceOf({ text, context }: Dockerfile): Omit<Source, "name"> {
  return { text, ignored: context.files?.[".dockerignore"] };
}

/** Ends what is run when the user interrupts. */
async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  try {
    return await work(controller.signal);
  } finally {
    process.removeListener("SIGINT", abort);
    process.removeListener("SIGTERM", abort);
  }
}

/** In milliseconds. */
function timeOf(args: Arguments): number | undefined {
  const value = args.value("timeout");
  if (value === undefined) return undefined;
  const minutes = Number(value);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Problem(`--timeout takes minutes, up to a day; not "${value}"`);
  return minutes * 60_000;
}
