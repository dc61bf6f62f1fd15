/** A Dockerfile, read and judged. */
import { stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { findConfiguration } from "../context/configuration.ts";
import { diskFiles } from "../context/disk.ts";
import { gatherContext } from "../context/gather.ts";
import type { Configuration } from "../lint/configuration.ts";
import { lint, type Report } from "../lint/lint.ts";
import { type Rating, rate } from "../lint/score.ts";
import { combineSettings, type Settings } from "../lint/settings.ts";
import { addFiles, carryContext } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { RULES } from "../rules/index.ts";
import type { FileText } from "../rules/rule.ts";
import type { Arguments } from "./arguments.ts";
import { type Host, Problem } from "./host.ts";
import { quote, readDockerfile, STDIN } from "./read.ts";

export interface Analysis {
  /** As it is shown. */
  readonly path: string;
  /** The build context; `undefined`: not known. */
  readonly directory: string | undefined;
  /** Those of the options, the configuration files and the defaults. */
  readonly settings: Settings;
  readonly report: Report;
  readonly rating: Rating;
}

/** Reads and judges files, as the options and the configuration files want it. */
export class Analyst {
  readonly #host: Host;
  readonly #given: Partial<Settings>;
  readonly #problems = new Set<string>();
  readonly #directory: string | undefined;
  readonly #stdinPath: string | undefined;

  /** @throws a Problem when there is no such build context. */
  static async create(args: Arguments, given: Partial<Settings>, host: Host): Promise<Analyst> {
    const directory = args.value("context");
    if (directory !== undefined && !(await isFolder(resolve(host.directory, directory))))
      throw new Problem(`--context ${quote(directory)} is not a folder; check the path`);
    return new Analyst(host, given, directory, args.value("stdin-path"));
  }

  private constructor(
    host: Host,
    given: Partial<Settings>,
    directory: string | undefined,
    stdinPath: string | undefined,
  ) {
    this.#host = host;
    this.#given = given;
    this.#directory = directory;
    this.#stdinPath = stdinPath;
  }

  /** What is wrong with the configuration files of what has been analysed, each once. */
  get problems(): readonly Problem[] {
    return [...this.#problems].map((problem) => new Problem(problem));
  }

  /** @throws a Problem when it cannot be read. */
  async analyse(operand: string): Promise<Analysis> {
    const text = await readDockerfile(operand, this.#host);
    const path = operand === STDIN ? this.#stdinPath : operand;
    const files = diskFiles(this.#host.directory);
    const directory = await this.#directoryOf(path);
    const [gathered, configuration] = await Promise.all([
      gatherContext({ text, path: path && slashed(path), directory }, files),
      this.#configurationOf(path),
    ]);
    const context = configuration ? { ...gathered, policy: configuration.policy } : gathered;
    const settings = combineSettings(this.#given, configuration?.settings ?? {});
    const report = lint(new Dockerfile(text, context), RULES, settings);
    return { path: context.path ?? STDIN, directory, settings, report, rating: rate(report.diagnostics) };
  }

  /** How the same Dockerfile is judged when this has been written. */
  reconsider({ settings, report: { dockerfile } }: Analysis, text: string, files: readonly FileText[] = []): Report {
    const context = addFiles(carryContext(dockerfile.context, dockerfile.text, text), files);
    return lint(new Dockerfile(text, context), RULES, settings);
  }

  /** `undefined`: there is no configuration file. */
  async #configurationOf(path: string | undefined): Promise<Configuration | undefined> {
    const { directory } = this.#host;
    const folder = resolve(directory, path === undefined ? "." : dirname(path));
    const found = await findConfiguration(slashed(folder), slashed(directory), diskFiles(directory));
    if (found.length === 0) return undefined;
    // Most have none, and do not wait for a YAML parser to load.
    const { readConfiguration } = await import("../lint/configuration.ts");
    const shown = found.map((file) => ({ ...file, path: slashed(relative(directory, file.path)) }));
    const configuration = readConfiguration(shown, RULES);
    for (const problem of configuration.problems) this.#problems.add(problem);
    return configuration;
  }

  /** The build context. A folder that is not there says nothing about its files. */
  async #directoryOf(path: string | undefined): Promise<string | undefined> {
    const directory = this.#directory ?? (path === undefined ? undefined : dirname(path));
    if (directory === undefined || !(await isFolder(resolve(this.#host.directory, directory)))) return undefined;
    return slashed(directory);
  }
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (one) => one.isDirectory(),
    () => false,
  );
}
