/** Findings -> diagnostics: which rules run, what is ignored, what counts. Policy, no knowledge of Dockerfiles. */
import type { Dockerfile } from "../model/dockerfile.ts";
import {
  assuming,
  type Finding,
  type Fix,
  type Related,
  type Rule,
  type Severity,
  type Weight,
} from "../rules/rule.ts";
import type { Range } from "../syntax/text.ts";
import { readIgnores } from "./ignore.ts";
import { roleOf } from "./role.ts";
import { isEnabled, type Settings, severityOf } from "./settings.ts";
import { isSaidByOurs, shellcheckRules } from "./shellcheck.ts";

/** A finding as it is shown. */
export interface Diagnostic {
  readonly rule: Rule;
  readonly range: Range;
  readonly severity: Severity;
  readonly weight: Weight;
  readonly message: string;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  readonly refusal: string | undefined;
  /** It takes points: its stage is needed, and it concerns this kind of image. */
  readonly scored: boolean;
}

export interface Report {
  readonly dockerfile: Dockerfile;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** What a comment ignores. */
  readonly accepted: readonly Diagnostic[];
  /** What could not be known and so was not judged. */
  readonly notAssessed: readonly string[];
  readonly role: "application" | "base image";
}

/** Never throws: a rule that does becomes one diagnostic. */
export function lint(dockerfile: Dockerfile, rules: readonly Rule[], settings: Settings): Report {
  const role = roleOf(dockerfile, settings);
  const found: Diagnostic[] = [];
  const notAssessed: string[] = [];
  const all = [...rules, ...shellcheckRules(dockerfile, rules, settings)];
  for (const rule of all) {
    if (!isEnabled(rule, settings) || rule.mentions?.test(dockerfile.text) === false) continue;
    try {
      for (const finding of rule.check(dockerfile)) {
        found.push(diagnosticOf(dockerfile, rule, finding, settings, role));
      }
      if (rule.unknowns) notAssessed.push(...rule.unknowns(dockerfile));
    } catch (error) {
      found.push(brokenRule(rule, error));
    }
  }
  const diagnostics = found.filter((diagnostic) => !isSaidByOurs(diagnostic, found));
  diagnostics.sort(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end || compare(a.rule.id, b.rule.id),
  );
  const ignores = settings.ignoreComments ? readIgnores(dockerfile, all) : [];
  const isAccepted = (diagnostic: Diagnostic): boolean => ignores.some((ignore) => ignore.covers(diagnostic));
  return {
    dockerfile,
    diagnostics: diagnostics.filter((diagnostic) => !isAccepted(diagnostic)),
    accepted: diagnostics.filter(isAccepted),
    notAssessed,
    role,
  };
}

function diagnosticOf(
  dockerfile: Dockerfile,
  rule: Rule,
  finding: Finding,
  settings: Settings,
  role: Report["role"],
): Diagnostic {
  return {
    rule,
    range: finding.at,
    severity: severityOf(rule, settings) ?? finding.severity ?? rule.severity,
    weight: finding.weight ?? rule.weight,
    message: finding.message,
    related: finding.related ?? [],
    fixes: (finding.fixes ?? []).map((fix) => withAssumption(fix, rule)),
    refusal: finding.refusal,
    scored: isScored(dockerfile, rule, finding, role),
  };
}

/** No unsafe fix is shown without what it takes for granted. */
function withAssumption(fix: Fix, { assumes }: Rule): Fix {
  const isSilent = fix.safety === "unsafe" && (fix.assumptions ?? []).length === 0;
  return isSilent && assumes !== undefined ? assuming(fix, assumes) : fix;
}

function isScored(dockerfile: Dockerfile, rule: Rule, finding: Finding, role: Report["role"]): boolean {
  // The score must not depend on what is installed.
  if (rule.link !== undefined) return false;
  const concerns = rule.concerns ?? "build";
  if (concerns === "container" && role === "base image") return false;
  const stage = dockerfile.stages.findLast((candidate) => candidate.from.range.start <= finding.at.start);
  if (!stage) return true;
  if (concerns === "container") return stage.isInImage;
  return concerns === "image" ? stage.isInImage : stage.isReachable;
}

function brokenRule(rule: Rule, error: unknown): Diagnostic {
  return {
    rule,
    range: { start: 0, end: 0 },
    severity: "info",
    weight: "none",
    message: `The rule \`${rule.id}\` failed on this file (${error instanceof Error ? error.message : String(error)}); please report it`,
    related: [],
    fixes: [],
    refusal: undefined,
    scored: false,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
