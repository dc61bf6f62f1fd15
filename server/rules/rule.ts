/** What a rule is, and what it says. */
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Range } from "../syntax/text.ts";

export type Category = "security" | "efficiency" | "maintainability" | "correctness" | "reproducibility";
export type Severity = "error" | "warning" | "info" | "hint";
/** What a finding takes from its dimension; the numbers stand in `lint/score.ts`. */
export type Weight = "critical" | "high" | "medium" | "low" | "none";
/** Safe: the image that is built behaves the same, and no comment is lost. Unsafe: probably what is wanted, look at it. */
export type Safety = "safe" | "unsafe";

export interface Rule {
  /** Names what is reported, so that "allow *id*" is a sentence. The name of its files. */
  readonly id: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly weight: Weight;
  /** What other tools call it: `hadolint/DL3008`, `buildkit/StageNameCasing`, `trivy/DS-0002`, `checkov/CKV_DOCKER_3`. */
  readonly aliases: readonly string[];
  /** False: only with `--rules all`, a preset or a setting. Absent: on. */
  readonly enabled?: boolean;
  /**
   * Nothing is wrong with what it finds: it could as well be written in another way. No preset has it on, `all` neither; the
   * editor offers its fixes where somebody looks for refactorings.
   */
  readonly refactoring?: true;
  /** Though it is off, the preset `strict` has it on. */
  readonly strict?: true;
  /** The best fix that it ever offers; absent: none. */
  readonly fix?: Safety;
  /** What its unsafe fixes take for granted, where a fix does not say so itself; a sentence. */
  readonly assumes?: string;
  /**
   * What it is about, which decides what counts in the score. `build`: every stage that the target needs. `image`: the
   * stages whose layers are in the final image. `container`: the final stage, and only of an application. Absent: `build`.
   */
  readonly concerns?: "build" | "image" | "container";
  /** `stage`: it judges what a stage ends up as, so that the same instructions behind ONBUILD mean nothing to it. Absent: `instruction`. */
  readonly judges?: "instruction" | "stage";
  readonly tag?: "deprecated" | "unnecessary";
  /** Where another program's finding is explained: an address. Absent: a page of ours is. */
  readonly link?: string;
  /** Where the text has nothing of this, there is no finding, and the rule is not asked: somebody is typing. */
  readonly mentions?: RegExp;
  /** The findings. Unknown is never one. */
  check(dockerfile: Dockerfile): Iterable<Finding>;
  /** What it could not know here and so did not judge, a sentence each. */
  unknowns?(dockerfile: Dockerfile): Iterable<string>;
}

export interface Finding {
  readonly at: Range;
  /** One sentence, present tense, no full stop, code in backticks: what is wrong here. */
  readonly message: string;
  /** Where they differ from the rule's. */
  readonly severity?: Severity;
  readonly weight?: Weight;
  readonly related?: readonly Related[];
  /** Alternatives, the preferred first. All edits of a fix or none. */
  readonly fixes?: readonly Fix[];
  /** Why no fix is offered here, where one usually is; a sentence without full stop. */
  readonly refusal?: string;
}

export interface Related {
  readonly at: Range;
  readonly message: string;
}

export interface Fix {
  /** What to do, as a command: "Add `--no-install-recommends`". */
  readonly title: string;
  readonly safety: Safety;
  /** They do not overlap. */
  readonly edits: readonly Edit[];
  /** Files of the build context that it writes: new ones, and what completes those that are there. */
  readonly files?: readonly FileText[];
  /** What of the final image or of the stages it changes; all else must stay, or the fix is not offered. */
  readonly changes?: readonly Contract[];
  /** Seldom worth it unless somebody asks for it: offered at its place, and not made with all others. */
  readonly onRequest?: true;
  /** What must be true for it to be right, or what has to be done besides; a sentence each. */
  readonly assumptions?: readonly string[];
}

/**
 * What others rely on: the stages (number, names), the images that they start from, and what the final image says of itself.
 */
export type Contract =
  | "stages"
  | "images"
  | "USER"
  | "CMD"
  | "ENTRYPOINT"
  | "EXPOSE"
  | "VOLUME"
  | "WORKDIR"
  | "HEALTHCHECK"
  | "STOPSIGNAL"
  | "ENV"
  | "LABEL";

/** A file of the build context and the whole text that it shall have. Of a file that is there, each line stays. */
export interface FileText {
  /** Relative to the build context, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Replaces a range of the text. */
export interface Edit extends Range {
  readonly text: string;
}

export function defineRule(rule: Rule): Rule {
  return rule;
}

export function safe(title: string, ...edits: readonly (Edit | readonly Edit[])[]): Fix {
  return { title, safety: "safe", edits: edits.flat() };
}

export function unsafe(title: string, ...edits: readonly (Edit | readonly Edit[])[]): Fix {
  return { title, safety: "unsafe", edits: edits.flat() };
}

/** The fix, which writes a file besides. */
export function writing(fix: Fix, ...files: readonly FileText[]): Fix {
  return { ...fix, files: [...(fix.files ?? []), ...files] };
}

/** The fix, saying what of the contract it changes. */
export function changing(fix: Fix, ...changes: readonly Contract[]): Fix {
  return { ...fix, changes: [...(fix.changes ?? []), ...changes] };
}

/** The fix, which is only made where somebody asks for it. */
export function onRequest(fix: Fix): Fix {
  return { ...fix, onRequest: true };
}

/** The fix, saying what it takes for granted. */
export function assuming(fix: Fix, ...assumptions: readonly string[]): Fix {
  return { ...fix, assumptions: [...(fix.assumptions ?? []), ...assumptions] };
}
