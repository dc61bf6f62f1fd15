/** A Dockerfile, read and judged. */
import { stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { findConfiguration, readConfigurationFile } from "../context/configuration.ts";
import { diskFiles } from "../context/disk.ts";
import { gatherContext } from "../context/gather.ts";
import type { ShellCheck } from "../context/shellcheck.ts";
import type { Configuration } from "../lint/configuration.ts";
import { lint, type Report } from "../lint/lint.ts";
import { type Rating, rate } from "../lint/score.ts";
import { combineSettings, type Settings } from "../lint/settings.ts";
import { shellcheckName } from "../lint/shellcheck.ts";
import { addFiles, carryContext } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { scriptsOf } from "../model/script.ts";
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

interface FoundConfiguration {
  readonly configuration: Configuration;
  /** By its whole path. */
  isLeftAlone(path: string): boolean;
}

/** Reads and judges files, as the options and the configuration files want it. */
export class Analyst {
  readonly #host: Host;
  readonly #given: Partial<Settings>;
  readonly #problems = new Set<string>();
  readonly #directory: string | undefined;
  readonly #stdinPath: string | undefined;
  readonly #configuration: string | undefined;
  readonly #configurations = new Map<string, Promise<FoundConfiguration | undefined>>();
  readonly #asksShellCheck: boolean;
  readonly #checkers = new Map<string, ShellCheck>();

  /** @throws a Problem when there is no such build context or configuration file. */
  static async create(
    args: Arguments,
    given: Partial<Settings>,
    host: Host,
    { asksShellCheck = false }: { readonly asksShellCheck?: boolean } = {},
  ): Promise<Analyst> {
    const directory = args.value("context");
    if (directory !== undefined && !(await isFolder(resolve(host.directory, directory))))
      throw new Problem(`--context ${quote(directory)} is not a folder; check the path`);
    const configuration = args.value("config");
    if (configuration !== undefined && !(await isFile(resolve(host.directory, configuration))))
      throw new Problem(`--config ${quote(configuration)} is not a file; check the path`);
    return new Analyst(args, given, host, asksShellCheck);
  }

  private constructor(args: Arguments, given: Partial<Settings>, host: Host, asksShellCheck: boolean) {
    this.#host = host;
    this.#given = given;
    this.#directory = args.value("context");
    this.#stdinPath = args.value("stdin-path");
    this.#configuration = args.value("config");
    this.#asksShellCheck = asksShellCheck;
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
    const [gathered, found] = await Promise.all([
      gatherContext({ text, path: path && slashed(path), directory }, files),
      this.#configurationOf(path),
    ]);
    const configuration = found?.configuration;
    const context = configuration ? { ...gathered, policy: configuration.policy } : gathered;
    const settings = combineSettings(this.#given, configuration?.settings ?? {});
    const dockerfile = await this.#withShellCheck(new Dockerfile(text, context), path, settings);
    const report = lint(dockerfile, RULES, settings);
    return { path: context.path ?? STDIN, directory, settings, report, rating: rate(report.diagnostics) };
  }

  /** How the same Dockerfile is judged when this has been written. */
  reconsider({ settings, report: { dockerfile } }: Analysis, text: string, files: readonly FileText[] = []): Report {
    const context = addFiles(carryContext(dockerfile.context, dockerfile.text, text), files);
    return lint(new Dockerfile(text, context), RULES, settings);
  }

  /** The same, with what ShellCheck says of it, where it is wanted and there. */
  async #withShellCheck(dockerfile: Dockerfile, path: string | undefined, settings: Settings): Promise<Dockerfile> {
    const isWanted = !settings.only || settings.only.some((name) => shellcheckName(name) !== undefined);
    const checker = this.#asksShellCheck && isWanted ? await this.#checkerFor(path, settings.shellcheck) : undefined;
    if (!checker) return dockerfile;
    await checker.check(scriptsOf(dockerfile));
    if (checker.problem !== undefined) this.#problems.add(checker.problem);
    return new Dockerfile(dockerfile.text, { ...dockerfile.context, scriptComments: checker.known });
  }

  async #checkerFor(path: string | undefined, setting: string): Promise<ShellCheck | undefined> {
    if (setting === "off") return undefined;
    const { findShellCheck, ShellCheck } = await import("../context/shellcheck.ts");
    const found = findShellCheck(setting, this.#host.searchPath);
    const folder = resolve(this.#host.directory, path === undefined ? "." : dirname(path));
    if (!found || "problem" in found || !(await isFolder(folder))) return undefined;
    const checker = this.#checkers.get(folder) ?? new ShellCheck(found.program, folder);
    this.#checkers.set(folder, checker);
    return checker;
  }

  /** Whether the configuration has a file left alone. */
  async leavesAlone(operand: string): Promise<boolean> {
    const path = operand === STDIN ? this.#stdinPath : operand;
    const found = await this.#configurationOf(path);
    return found !== undefined && path !== undefined && found.isLeftAlone(slashed(resolve(this.#host.directory, path)));
  }

  /** `undefined`: there is no configuration file. */
  #configurationOf(path: string | undefined): Promise<FoundConfiguration | undefined> {
    const folder = resolve(this.#host.directory, path === undefined ? "." : dirname(path));
    const known = this.#configurations.get(folder) ?? this.#readConfiguration(folder);
    this.#configurations.set(folder, known);
    return known;
  }

  async #readConfiguration(folder: string): Promise<FoundConfiguration | undefined> {
    const { directory } = this.#host;
    const files = diskFiles(directory);
    const found =
      this.#configuration === undefined
        ? await findConfiguration(slashed(folder), slashed(directory), files)
        : [await readConfigurationFile(slashed(resolve(directory, this.#configuration)), files)];
    if (found.length === 0) return undefined;
    // Most have none, and do not wait for a YAML parser to load.
    const { isLeftAlone, readConfiguration } = await import("../lint/configuration.ts");
    const shown = found.map((file) => ({ ...file, path: slashed(relative(directory, file.path)) }));
    const configuration = readConfiguration(shown, RULES);
    for (const problem of configuration.problems) this.#problems.add(problem);
    return { configuration, isLeftAlone: (path) => isLeftAlone(configuration, found, path) };
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

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (one) => one.isFile(),
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (one) => one.isDirectory(),
    () => false,
  );
}
