/** What the commands use of the process that they run in. */
export interface Host {
  /** The working directory. */
  readonly directory: string;
  /** The folder of the running file, inside the package. */
  readonly entry: string;
  /** Standard output shows colours. */
  readonly isColored: boolean;
  /** How wide a line of standard output may be. */
  readonly columns: number;
  /** Where programs are looked for, as in PATH. */
  readonly searchPath: string;
  readonly input: AsyncIterable<Uint8Array>;
  /** To standard output, as it is. */
  print(text: string): void;
  /** To standard error, as it is. */
  complain(text: string): void;
}

/** Why something could not run, and what to do: the message of exit code 2. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/** By its name, since a loader may have the class twice. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && error.name === "Problem";
}

/** Tells of a problem, or of an error that is ours. */
export function reportProblem(host: Host, error: unknown): void {
  if (isProblem(error)) host.complain(`plimsoll: ${error.message}\n`);
  else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.complain(`plimsoll: this is an error in Plimsoll itself; please report it\n${trace}\n`);
  }
}
