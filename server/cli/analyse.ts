/** A Dockerfile, read and judged. */
import { stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { diskFiles } from "../context/disk.ts";
import { gatherContext } from "../context/gather.ts";
import { lint, type Report } from "../lint/lint.ts";
import { type Rating, rate } from "../lint/score.ts";
import type { Settings } from "../lint/settings.ts";
import { carryContext } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { RULES } from "../rules/index.ts";
import type { Arguments } from "./arguments.ts";
import { type Host, Problem } from "./host.ts";
import { quote, readDockerfile, STDIN } from "./read.ts";

export interface Analysis {
  /** As it is shown. */
  readonly path: string;
  readonly report: Report;
  readonly rating: Rating;
}

/** Reads and judges files, as the options want it. */
export class Analyst {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #directory: string | undefined;
  readonly #stdinPath: string | undefined;

  /** @throws a Problem when there is no such build context. */
  static async create(args: Arguments, settings: Settings, host: Host): Promise<Analyst> {
    const directory = args.value("context");
    if (directory !== undefined && !(await isFolder(resolve(host.directory, directory))))
      throw new Problem(`--context ${quote(directory)} is not a folder; check the path`);
    return new Analyst(host, settings, directory, args.value("stdin-path"));
  }

  private constructor(host: Host, settings: Settings, directory: string | undefined, stdinPath: string | undefined) {
    this.#host = host;
    this.#settings = settings;
    this.#directory = directory;
    this.#stdinPath = stdinPath;
  }

  /** @throws a Problem when it cannot be read. */
  async analyse(operand: string): Promise<Analysis> {
    const text = await readDockerfile(operand, this.#host);
    const path = operand === STDIN ? this.#stdinPath : operand;
    const context = await gatherContext(
      { text, path: path?.split(sep).join("/"), directory: await this.#directoryOf(path) },
      diskFiles(this.#host.directory),
    );
    const report = lint(new Dockerfile(text, context), RULES, this.#settings);
    return { path: context.path ?? STDIN, report, rating: rate(report.diagnostics) };
  }

  /** How another text of the same Dockerfile is judged. */
  reconsider({ report: { dockerfile } }: Analysis, text: string): Report {
    const context = carryContext(dockerfile.context, dockerfile.text, text);
    return lint(new Dockerfile(text, context), RULES, this.#settings);
  }

  /** The build context. A folder that is not there says nothing about its files. */
  async #directoryOf(path: string | undefined): Promise<string | undefined> {
    const directory = this.#directory ?? (path === undefined ? undefined : dirname(path));
    if (directory === undefined || !(await isFolder(resolve(this.#host.directory, directory)))) return undefined;
    return directory.split(sep).join("/");
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (one) => one.isDirectory(),
    () => false,
  );
}
