/**
 * What the server and the VS Code client say to each other beyond the Language Server Protocol.
 * Only types and names: the client may import this file, and nothing else of the server.
 */

/** A number of the rating: 0 to 10, rounded down to one decimal. */
export interface Score {
  readonly overall: number;
  readonly security: number;
  readonly efficiency: number;
  readonly maintainability: number;
}

/** One finding that costs points: where, why, how many, and the fix that would give them back. */
export interface LostPoints {
  readonly rule: string;
  readonly dimension: "security" | "efficiency" | "maintainability";
  /** Points of the dimension, unrounded; together they are exactly what the dimension is short of ten. */
  readonly points: number;
  readonly message: string;
  /** From 0, as in the protocol. */
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  /** The first fix offered, if any. */
  readonly fix?: { readonly title: string; readonly safety: "safe" | "unsafe" };
  /** Why no fix is offered, if the rule said so. */
  readonly refusal?: string;
}

/** The rating of one file, as `plimsoll/rate` answers. */
export interface Rating {
  readonly uri: string;
  readonly version: number;
  readonly score: Score;
  /** The score after all safe fixes, and after all fixes. Absent where there is nothing to fix. */
  readonly afterSafeFixes?: Score;
  readonly afterAllFixes?: Score;
  /** Most expensive first. */
  readonly lost: readonly LostPoints[];
  /** What could not be known and so took nothing, one sentence each. */
  readonly notAssessed: readonly string[];
  /** How many findings are ignored by comments or settings. */
  readonly accepted: number;
  /** "application" or "base image": a base image is not rated for what only an application needs. */
  readonly role: "application" | "base image";
}

/** What `plimsoll/optimize` takes. */
export interface OptimizeParams {
  readonly uri: string;
  /** The `id`s of changes that are to be left out. Those that there are no more of are passed over. */
  readonly without?: readonly string[];
}

/** The answer to `plimsoll/optimize`: the whole text with every fix applied but those left out. */
export interface Optimized {
  readonly version: number;
  readonly text: string;
  /** Other files that the fixes write; `before` is `null` where there is none yet. */
  readonly files: readonly { readonly uri: string; readonly before: string | null; readonly text: string }[];
  readonly before: Score;
  readonly after: Score;
  /** What the final image is estimated to take, for people: `≈ 120 MB + what pip installs`. Absent: too little is known. */
  readonly size?: { readonly before: string; readonly after: string };
  /** What was changed, in the order in which it was. */
  readonly changes: readonly OptimizedChange[];
  /** What was left out, and would have been changed. */
  readonly leftOut: readonly OptimizedChange[];
  /** What was not changed, and why. */
  readonly refusals: readonly Refusal[];
}

export interface OptimizedChange {
  /** The same for the same change, also when other lines of the Dockerfile or other changes are not what they were. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  /** What is wrong without it. */
  readonly reason: string;
  /** What must be true for it to be right, or has to be done besides. */
  readonly assumptions: readonly string[];
  /** Where, in the Dockerfile as it is, from 0. */
  readonly line: number;
}

export interface Refusal {
  readonly rule: string;
  /** What is wrong. */
  readonly message: string;
  /** From 0. */
  readonly line: number;
  readonly reason: string;
}

/** Request: `{ uri }` of an open document -> Rating | null. */
export const RATE_REQUEST = "plimsoll/rate";
/** Request: OptimizeParams -> Optimized | null. */
export const OPTIMIZE_REQUEST = "plimsoll/optimize";
/** Request: `{ uri, rule, line, character }` -> WorkspaceEdit | null; the first fix of that finding, for a button. */
export const FIX_REQUEST = "plimsoll/fix";
/** Request: MeasureParams -> Measured; fails with a sentence for people. Progress goes to `workDoneToken`; it can be cancelled. */
export const MEASURE_REQUEST = "plimsoll/measure";
/** Builds a document as it is and with every fix, and compares the images. Refused where the workspace is not trusted. */
export interface MeasureParams {
  readonly uri: string;
  /** The build context, as a URI; absent: the folder of the document. */
  readonly context?: string;
  readonly workDoneToken?: string | number;
}

export interface Measured {
  /** `docker`, `podman` or `buildah`. */
  readonly engine: string;
  /** As it is, and optimized, if there is something to optimize. */
  readonly images: readonly MeasuredImage[];
}

export interface MeasuredImage {
  /** "as it is", "optimized". */
  readonly name: string;
  readonly bytes: number;
  readonly seconds: number;
  /** The estimate, for people; absent: too little is known. */
  readonly estimate?: string;
  /** The lowest first. */
  readonly layers: readonly { readonly instruction: string; readonly bytes: number }[];
}

/** Request: `{ rule }` -> string | null; the rule's page as Markdown. */
export const EXPLAIN_REQUEST = "plimsoll/explain";

/** Notification to the client after each analysis: `ScoreParams`. */
export const SCORE_NOTIFICATION = "plimsoll/score";
export interface ScoreParams {
  readonly uri: string;
  readonly version: number;
  readonly score: Score;
  readonly findings: number;
}

/** What the client says of itself in `initializationOptions`. */
export interface InitializationOptions {
  /** False in an untrusted workspace. Absent: true. */
  readonly trusted?: boolean;
  /** The client has the commands below. Absent: lenses are text only, and what optimizes is an edit. */
  readonly commands?: boolean;
  /** A link to a rule's page is this and the rule's id. Absent: no links. */
  readonly ruleUri?: string;
  /** The client handles `plimsoll/score`. */
  readonly score?: boolean;
}

/** Command of the score lens; argument: the document's uri. The client must register it. */
export const RATE_COMMAND = "plimsoll.rate";
/** Command of the code action that optimizes; argument: the document's uri. The client must register it. */
export const OPTIMIZE_COMMAND = "plimsoll.optimize";
