/** What the engine says of a document, computed once for each version. */
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Fixed, fix } from "../lint/fix.ts";
import { lint, type Report } from "../lint/lint.ts";
import { type Rating, rate, type Score } from "../lint/score.ts";
import type { Settings } from "../lint/settings.ts";
import type { Context } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { RULES } from "../rules/index.ts";
import type { Safety } from "../rules/rule.ts";

export class Analysis {
  readonly document: TextDocument;
  readonly text: string;
  readonly version: number;
  readonly settings: Settings;
  readonly context: Context;
  readonly report: Report;
  #rating: Rating | undefined;
  readonly #fixed = new Map<Safety, Fixed>();

  constructor(document: TextDocument, context: Context, settings: Settings) {
    this.document = document;
    this.text = document.getText();
    this.version = document.version;
    this.settings = settings;
    this.context = context;
    this.report = lint(new Dockerfile(this.text, context), RULES, settings);
  }

  get rating(): Rating {
    this.#rating ??= rate(this.report.diagnostics);
    return this.#rating;
  }

  /** The text with all fixes up to a safety. */
  fixed(safety: Safety): Fixed {
    let fixed = this.#fixed.get(safety);
    if (!fixed) {
      fixed = fix(this.text, RULES, this.settings, safety, this.context);
      this.#fixed.set(safety, fixed);
    }
    return fixed;
  }

  /** The score that the text would have with all fixes up to a safety; `undefined` when there are none. */
  scoreAfter(safety: Safety): Score | undefined {
    const fixed = this.fixed(safety);
    return fixed.changes.length === 0 ? undefined : this.rate(fixed).score;
  }

  /** Another text, judged in the same way. */
  rate({ text, context }: Pick<Fixed, "text" | "context">): Rating {
    return rate(lint(new Dockerfile(text, context), RULES, this.settings).diagnostics);
  }
}
