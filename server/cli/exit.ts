/** The exit codes of all commands. */
export const SUCCESS = 0;
/** Findings at or above `--fail-on`, or a score under `--min-score`. */
export const FOUND = 1;
/** Something could not run. */
export const FAILURE = 2;

export type ExitCode = typeof SUCCESS | typeof FOUND | typeof FAILURE;
