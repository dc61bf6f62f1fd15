/** What the engine says of a document, computed once for each version. */
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Fixed, fix } from "../lint/fix.ts";
import { type Diagnostic, lint, type Report } from "../lint/lint.ts";
import { type Rating, rate, type Score } from "../lint/score.ts";
import { isEnabled, type Settings } from "../lint/settings.ts";
import { objection } from "../lint/verify.ts";
import type { Context } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { HiddenSecrets } from "../model/hidden-secrets.ts";
import { RULES } from "../rules/index.ts";
import type { Fix, Safety } from "../rules/rule.ts";

export class Analysis {
  readonly document: TextDocument;
  readonly text: string;
  readonly version: number;
  readonly settings: Settings;
  readonly context: Context;
  readonly report: Report;
  readonly #log: (sentence: string) => void;
  readonly #logged = new Set<string>();
  #rating: Rating | undefined;
  #refactorings: readonly Diagnostic[] | undefined;
  readonly #fixed = new Map<Safety, Fixed>();
  readonly #offered = new Map<Diagnostic, readonly Fix[]>();

  /** @param log is told of every fix that is refused, once. */
  constructor(document: TextDocument, context: Context, settings: Settings, log: (sentence: string) => void) {
    this.document = document;
    this.text = document.getText();
    this.version = document.version;
    this.settings = settings;
    this.context = context;
    this.#log = log;
    this.report = lint(new Dockerfile(this.text, context), RULES, settings);
  }

  get rating(): Rating {
    this.#rating ??= rate(this.report.diagnostics);
    return this.#rating;
  }

  /** What the rules that are off would have to say, where they could do something about it. */
  get refactorings(): readonly Diagnostic[] {
    if (!this.#refactorings) {
      const rules = RULES.filter((rule) => rule.fix !== undefined && !isEnabled(rule, this.settings));
      const settings = { ...this.settings, only: rules.map(({ id }) => id) };
      const { diagnostics } = lint(this.report.dockerfile, rules, settings);
      this.#refactorings = diagnostics.filter(({ fixes }) => fixes.length > 0);
    }
    return this.#refactorings;
  }

  /** The text with all fixes up to a safety. */
  fixed(safety: Safety): Fixed {
    let fixed = this.#fixed.get(safety);
    if (!fixed) {
      fixed = this.#noting(fix(this.text, RULES, this.settings, safety, this.context));
      this.#fixed.set(safety, fixed);
    }
    return fixed;
  }

  /** The text with all fixes but those of some ids. */
  fixedWithout(ids: ReadonlySet<string>): Fixed {
    if (ids.size === 0) return this.fixed("unsafe");
    return this.#noting(fix(this.text, RULES, this.settings, "unsafe", this.context, ({ id }) => ids.has(id)));
  }

  /** The fixes of a finding, without those that would not keep their word. */
  offered(diagnostic: Diagnostic): readonly Fix[] {
    let fixes = this.#offered.get(diagnostic);
    if (!fixes) {
      fixes = diagnostic.fixes.filter((one) => {
        const reason = objection(this.report.dockerfile, [one]);
        if (reason !== undefined) this.#refuse(diagnostic, diagnostic.range.start, one, reason);
        return reason === undefined;
      });
      this.#offered.set(diagnostic, fixes);
    }
    return fixes;
  }

  /** The score that the text would have with all fixes up to a safety; `undefined` when there are none. */
  scoreAfter(safety: Safety): Score | undefined {
    const { changes, report } = this.fixed(safety);
    return changes.length === 0 ? undefined : rate(report.diagnostics).score;
  }

  #noting(fixed: Fixed): Fixed {
    for (const { diagnostic, origin, fix, reason } of fixed.left) {
      if (fix?.fate === "refused" && reason !== undefined) this.#refuse(diagnostic, origin, fix.fix, reason);
    }
    return fixed;
  }

  #refuse({ rule }: Diagnostic, start: number, { title }: Fix, reason: string): void {
    const line = this.document.positionAt(start).line + 1;
    const sentence = `Line ${line}: the fix "${title}" of ${rule.id} is not offered, as ${reason}`;
    if (this.#logged.has(sentence)) return;
    this.#logged.add(sentence);
    this.#log(`${this.document.uri}: ${new HiddenSecrets(this.report.dockerfile).hide(sentence)}`);
  }
}
