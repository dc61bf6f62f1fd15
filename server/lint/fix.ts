/** Applies fixes: passes of those that do not touch each other, each on a fresh look at the text. */
import { addFiles, type Context, carryContext } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import type { Edit, FileText, Fix, Rule, Safety } from "../rules/rule.ts";
import { overlaps } from "../syntax/text.ts";
import { type Diagnostic, lint, type Report } from "./lint.ts";
import { Origin, Places } from "./origin.ts";
import { rate } from "./score.ts";
import { isNameOf, type Settings } from "./settings.ts";
import { fallenDimension, objection } from "./verify.ts";

export interface Change {
  readonly rule: Rule;
  readonly fix: Fix;
  /** Where the finding stood in the text of its pass. */
  readonly diagnostic: Diagnostic;
  /** Where it stood in the text that was given, or where that was put on which it stood. */
  readonly origin: number;
  /** Names it: the same whatever else is changed, left out or written in other lines. */
  readonly id: string;
}

/** A finding that is there after all, and what became of its fix. */
export interface Left {
  /** In the text that came out. */
  readonly diagnostic: Diagnostic;
  /** Where it stands in the text that was given. */
  readonly origin: number;
  /**
   * `refused`: it would not keep its word; `left out`: as was wished; `unsafe`: as only safe ones were wanted; `on request`:
   * as nobody asked for it. Absent: there is none.
   */
  readonly fix?: { readonly fix: Fix; readonly fate: "refused" | "left out" | "unsafe" | "on request" };
  /** Why it was refused, or why the rule offers none; a sentence without full stop. */
  readonly reason: string | undefined;
}

export interface Fixed {
  readonly text: string;
  /** Files of the build context to write besides, each once. */
  readonly files: readonly FileText[];
  /** What is known of the world once all of it is written. */
  readonly context: Context;
  /** In the order in which they were made. */
  readonly changes: readonly Change[];
  /** What would have been changed, had it not been left out. */
  readonly leftOut: readonly Change[];
  /** In the order of the text. */
  readonly left: readonly Left[];
  /** Of the text that came out. */
  readonly report: Report;
}

/** More passes than any chain of fixes needs: those that have not come to an end by then never will. */
const PASSES = 20;
/** How often it is tried to get rid of fixes that undo each other. */
const ATTEMPTS = 8;
/** How many changes that lower the score are looked for one by one. */
const CULPRITS = 4;

/**
 * The text with every fix up to `safety` applied, the context being that of the text given. A second run changes nothing,
 * and no dimension of the score is lower than it was; fixes that would have it otherwise are refused. What ShellCheck would
 * repair is left: the text must not depend on what is installed.
 * @param leaveOut says which changes are not wanted. What the rest does to the score is then not looked at.
 */
export function fix(
  text: string,
  rules: readonly Rule[],
  settings: Settings,
  safety: Safety,
  context: Context,
  leaveOut?: (change: Change) => boolean,
): Fixed {
  const { scriptComments: _, ...own } = context;
  const job: Job = { text, rules, settings, safety, context: own, leaveOut: () => false };
  const refused = new Map<string, string>();
  const wanted = settle(job, refused);
  const fixed = refuseCostly(job, wanted, refused);
  return leaveOut ? settle({ ...job, leaveOut }, refused) : fixed;
}

/** @param edits do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

interface Job {
  readonly text: string;
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly safety: Safety;
  readonly context: Context;
  readonly leaveOut: (change: Change) => boolean;
}

/** Why changes are refused, by their ids. */
type Refused = Map<string, string>;

/** Fixes to the end. Those that never come to one are refused. */
function settle(job: Job, refused: Refused): Fixed {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { fixed, endless } = run(job, refused);
    if (endless.length === 0) return fixed;
    for (const { id } of endless) refused.set(id, "it and other fixes undo each other without an end");
  }
  return run({ ...job, leaveOut: () => true }, refused).fixed;
}

/** Refuses what makes a dimension of the score lower than it was. */
function refuseCostly(job: Job, wanted: Fixed, refused: Refused): Fixed {
  const before = rate(look(job, job.text, []).diagnostics).score;
  const fallen = ({ report }: Fixed): string | undefined => fallenDimension(before, rate(report.diagnostics).score);
  let fixed = wanted;
  let found = 0;
  for (let dimension = fallen(fixed); dimension !== undefined; dimension = fallen(fixed)) {
    const reason = `it lowers the score for ${dimension}`;
    const ids = [...new Set(fixed.changes.map(({ id }) => id))];
    // With the first `good` of them it has not fallen, with the first `bad` it has.
    let good = 0;
    let bad = ids.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      const without = new Map([...refused, ...ids.slice(middle).map((id) => [id, reason] as const)]);
      if (fallen(settle(job, without)) === undefined) good = middle;
      else bad = middle;
    }
    // Somebody may be typing: of many, not each is looked for.
    const culprits = ++found < CULPRITS ? ids.slice(good, bad) : ids.slice(good);
    for (const id of culprits) refused.set(id, reason);
    fixed = settle(job, refused);
  }
  return fixed;
}

/** @returns what came out, and the changes of the last pass if that should not have been the last. */
function run(job: Job, refused: ReadonlyMap<string, string>): { fixed: Fixed; endless: readonly Change[] } {
  const places = new Places(job.text);
  const leftOut = new Map<string, Change>();
  const done: (readonly Edit[])[] = [];
  const changes: Change[] = [];
  const written = new Map<string, FileText>();
  let report = look(job, job.text, []);
  for (;;) {
    const pass: Pass = { job, report, origin: new Origin(done), places, refused: new Map(refused), leftOut };
    const chosen = chooseChanges(pass);
    if (chosen.length === 0 || done.length === PASSES) {
      const left = report.diagnostics.map((diagnostic) => leftOf(diagnostic, pass));
      const { text, context } = report.dockerfile;
      const fixed = {
        text,
        context,
        files: [...written.values()],
        changes,
        leftOut: [...leftOut.values()],
        left,
        report,
      };
      return { fixed, endless: chosen };
    }
    const edits = chosen.flatMap((change) => change.fix.edits);
    done.push(edits);
    changes.push(...chosen);
    for (const file of chosen.flatMap((change) => change.fix.files ?? [])) written.set(file.path, file);
    report = look(job, applyEdits(report.dockerfile.text, edits), [...written.values()]);
  }
}

/** A look at the text as it has become. */
interface Pass {
  readonly job: Job;
  readonly report: Report;
  readonly origin: Origin;
  readonly places: Places;
  /** Those of this pass are added. */
  readonly refused: Refused;
  /** Those of this pass are added. */
  readonly leftOut: Map<string, Change>;
}

function look({ text, rules, settings, context }: Job, current: string, written: readonly FileText[]): Report {
  return lint(new Dockerfile(current, addFiles(carryContext(context, text, current), written)), rules, settings);
}

/** For each diagnostic its first fix that is safe enough, keeps its word and touches no other. */
function chooseChanges(pass: Pass): readonly Change[] {
  const { job, refused, leftOut, report } = pass;
  const { dockerfile } = report;
  for (;;) {
    const wanted: Change[] = [];
    for (const diagnostic of report.diagnostics) {
      const change = changesFor(diagnostic, pass).find(({ id }) => !refused.has(id));
      if (!change) continue;
      if (job.leaveOut(change)) leftOut.set(change.id, change);
      else wanted.push(change);
    }
    const chosen = foremost(wanted);
    if (chosen.length === 0 || !objection(dockerfile, chosen.map(fixOf))) return chosen;
    // One of them is at fault: look at each.
    const sound: Change[] = [];
    for (const change of chosen) {
      if (!objection(dockerfile, [...sound, change].map(fixOf))) {
        sound.push(change);
        continue;
      }
      const reason = objection(dockerfile, [change.fix]);
      if (reason) refused.set(change.id, reason);
    }
    if (sound.length > 0) return sound;
  }
}

/** What could be done about a finding, the preferred first. */
function changesFor(diagnostic: Diagnostic, { job, origin, places }: Pass): readonly Change[] {
  const { rule, fixes, range } = diagnostic;
  // Who names a rule asks for what it would not do unasked.
  const isAskedFor = job.settings.only?.some((name) => isNameOf(rule, name)) === true;
  const wanted = fixes.filter(
    (one) => (job.safety === "unsafe" || one.safety === "safe") && (isAskedFor || !one.onRequest),
  );
  if (wanted.length === 0) return [];
  const start = origin.of(range.start);
  const place = places.nameOf(start);
  return wanted.map((one) => ({
    ...{ rule, fix: one, diagnostic, origin: start },
    id: `${rule.id}\n${one.title}\n${place}`,
  }));
}

function leftOf(diagnostic: Diagnostic, pass: Pass): Left {
  const where = { diagnostic, origin: pass.origin.of(diagnostic.range.start) };
  const changes = changesFor(diagnostic, pass);
  const unwanted = changes.find(({ id }) => pass.leftOut.has(id));
  if (unwanted) return { ...where, fix: { fix: unwanted.fix, fate: "left out" }, reason: undefined };
  const [first] = changes;
  if (first) return { ...where, fix: { fix: first.fix, fate: "refused" }, reason: pass.refused.get(first.id) };
  const [other] = diagnostic.fixes;
  if (other)
    return { ...where, fix: { fix: other, fate: other.onRequest ? "on request" : "unsafe" }, reason: undefined };
  return { ...where, reason: diagnostic.refusal };
}

/**
 * What comes first: images of another version and files beside the Dockerfile, since what is known of them decides the rest; then
 * one new stage, alone, since what the others say is about the stages as they were. A smaller image comes after it: the builder
 * keeps the large one.
 */
function foremost(wanted: readonly Change[]): readonly Change[] {
  const grounds = wanted.filter(
    ({ rule, fix: { changes = [], edits } }) =>
      edits.length === 0 ||
      (changes.includes("images") && !changes.includes("stages") && rule.category !== "efficiency"),
  );
  if (grounds.length > 0) return apart(grounds);
  const splits = wanted.filter(({ fix }) => addsStage(fix));
  const split = splits.find(({ rule }) => rule.weight === "high") ?? splits[0];
  return split ? [split] : apart(wanted);
}

/** Without those that touch an earlier one. */
function apart(changes: readonly Change[]): readonly Change[] {
  const chosen: Change[] = [];
  for (const change of changes) if (!chosen.some((other) => touches(other.fix, change.fix))) chosen.push(change);
  return chosen;
}

function addsStage({ changes = [], edits }: Fix): boolean {
  return changes.includes("stages") && edits.some(({ text }) => /^[ \t]*FROM\s/im.test(text));
}

function fixOf({ fix }: Change): Fix {
  return fix;
}

function touches(a: Fix, b: Fix): boolean {
  return (
    a.edits.some((one) => b.edits.some((other) => overlaps(one, other))) ||
    (a.files ?? []).some((one) => b.files?.some((other) => one.path === other.path))
  );
}
