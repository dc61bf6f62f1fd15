/** ShellCheck beside the typing: what it has not seen yet it is asked when nobody has typed for a while. */
import type { ShellCheck } from "../context/shellcheck.ts";
import { scriptsOf } from "../model/script.ts";
import type { Analysis } from "./analysis.ts";

/** What the server uses of it. */
export type ScriptChecker = Pick<ShellCheck, "known" | "problem" | "wants" | "check">;

/** For how long nobody has typed, in milliseconds. */
const PAUSE = 300;

export class ShellChecks {
  readonly #running = new Map<string, AbortController>();

  /**
   * Asks about the scripts of a document that are not known, unless it changes before.
   * @param ready there is more to tell of the document.
   */
  schedule({ document: { uri }, report }: Analysis, checker: ScriptChecker, ready: () => void): void {
    const scripts = scriptsOf(report.dockerfile);
    if (!checker.wants(scripts)) return;
    this.cancel(uri);
    const controller = new AbortController();
    this.#running.set(uri, controller);
    const check = async (): Promise<void> => {
      await checker.check(scripts, controller.signal);
      if (controller.signal.aborted) return;
      this.#running.delete(uri);
      ready();
    };
    const timer = setTimeout(() => void check(), PAUSE);
    controller.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /** The document has changed, or is closed. */
  cancel(uri: string): void {
    this.#running.get(uri)?.abort();
    this.#running.delete(uri);
  }
}
