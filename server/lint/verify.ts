/**
 * Whether a fix keeps its word, for all fixes of all rules: the text is still a Dockerfile, what no edit touches is what it
 * was, and nothing of what others rely on has changed but what the fix says. `fix.ts` asks before it applies anything, the
 * server before it offers anything. What only a whole result can be asked (a second run changes nothing, no score is
 * lower) `fix.ts` sees to.
 */
import { addFiles, type Context } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import { unknownFeature } from "../model/frontend.ts";
import type { Contract, Edit, FileText, Fix } from "../rules/rule.ts";
import { type Instruction, KEYWORDS } from "../syntax/parse.ts";
import { applyEdits } from "./fix.ts";
import { DIMENSIONS, type Dimension, type Score } from "./score.ts";

/** @returns why the fixes must not be applied together; `undefined`: they may. */
export function objection(before: Dockerfile, fixes: readonly Fix[]): string | undefined {
  if (isTemplate(before)) return "the file is a template, and what becomes of it is not known";
  const edits = fixes.flatMap((fix) => fix.edits).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const misplaced = misplacement(before.text, edits);
  if (misplaced) return misplaced;
  const open = before.syntax.instructions.flatMap(({ heredocs }) => heredocs).find(({ closing }) => !closing);
  if (open && edits.some((edit) => edit.end >= open.bodyRange.start)) return "a heredoc is not closed";
  const files = fixes.flatMap((fix) => fix.files ?? []);
  const unfit = files.map((file) => objectionToFile(file, before.context)).find((reason) => reason !== undefined);
  if (unfit !== undefined) return unfit;
  if (new Set(files.map(({ path }) => path)).size < files.length) return "it writes a file twice";
  const text = applyEdits(before.text, edits);
  if (text === before.text && files.length === 0) return "it changes nothing";
  const after = new Dockerfile(text, addFiles(before.context, files));
  if (syntaxErrors(after) > syntaxErrors(before)) return "the result has a syntax error";
  const unknown = unknownFeature(after);
  if (unknown && !unknownFeature(before))
    return `the version that \`# syntax\` names does not know \`${unknown.name}\``;
  const disturbed = disturbedInstruction(before, after, edits);
  if (disturbed) return `it changes a \`${disturbed.keyword}\` that it should leave alone`;
  const allowed = new Set(fixes.flatMap((fix) => fix.changes ?? []));
  const changed = changedContract(before, after).find((part) => !allowed.has(part));
  if (changed) return `it changes ${changed}`;
  const isSafe = fixes.every(({ safety }) => safety === "safe");
  return isSafe && losesComment(before, after) ? "it loses a comment" : undefined;
}

/** The dimension that has become lower; `undefined`: none has. */
export function fallenDimension(before: Score, after: Score): Dimension | undefined {
  return DIMENSIONS.find((dimension) => after[dimension] < before[dimension] - 1e-9);
}

/** How many things are wrong with the form: unknown instructions, missing arguments, open heredocs, shell that does not parse. */
export function syntaxErrors(dockerfile: Dockerfile): number {
  let errors = dockerfile.preamble.filter(({ keyword }) => keyword !== "ARG").length;
  for (const instruction of dockerfile.syntax.instructions) {
    const inner = instruction.trigger ?? instruction;
    if (!KEYWORDS.has(inner.keyword)) errors++;
    if (inner.rest.text === "") errors++;
    else if (/^(?:COPY|ADD)$/.test(inner.keyword) && inner.arguments.length < 2) errors++;
    errors += inner.heredocs.filter((heredoc) => !heredoc.closing).length;
  }
  for (const run of dockerfile.runs) for (const script of run.scripts) errors += script.errors.length;
  return errors;
}

/** A line of it belongs to a template language (`{{ if }}`, `{% for %}`, `<% %>`): it may stay, go, or be repeated. */
function isTemplate({ text, syntax }: Dockerfile): boolean {
  return syntax.instructions.some(
    ({ keyword, range }) => !KEYWORDS.has(keyword) && /^(?:\{[{%]|<%)/.test(text.slice(range.start, range.start + 2)),
  );
}

/** The parts in which two Dockerfiles differ. */
export function changedContract(before: Dockerfile, after: Dockerfile): readonly Contract[] {
  const one = contractOf(before);
  const other = contractOf(after);
  return (Object.keys(one) as Contract[]).filter((part) => one[part] !== other[part]);
}

/** A file is written inside of the build context, when it is known that there is none, or that all of its lines stay. */
function objectionToFile({ path, text }: FileText, { files }: Context): string | undefined {
  const isInside = path.split("/").every((part) => /^[^\\:\0]+$/.test(part) && part !== "." && part !== "..");
  if (!isInside) return "it writes a file outside of the build context";
  const known = files?.[path];
  if (known === undefined) return `it is not known whether there is a file \`${path}\``;
  if (known === text) return "it changes nothing";
  return known !== null && !text.startsWith(known) ? `it takes lines from \`${path}\`` : undefined;
}

/** What is wrong with the places of edits, which are in order. */
function misplacement(text: string, edits: readonly Edit[]): string | undefined {
  const overlaps = (edit: Edit, index: number): boolean =>
    edit.start > edit.end || edit.end > text.length || edit.start < (edits[index - 1]?.end ?? 0);
  if (edits.some(overlaps)) return "its edits overlap or lie outside of the file";
  const cuts = edits.flatMap(({ start, end }) => [start, end]);
  return cuts.some((at) => isInside(text, at)) ? "its edits cut a character or a line end in two" : undefined;
}

/** Between the halves of a character or of a line end. */
function isInside(text: string, at: number): boolean {
  if (text[at - 1] === "\r") return text[at] === "\n";
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(at - 1, 0), at + 1));
}

/** An instruction that no edit touches, and that is another one all the same: it has been swallowed, cut off or joined. */
function disturbedInstruction(before: Dockerfile, after: Dockerfile, edits: readonly Edit[]): Instruction | undefined {
  const kept = new Map(after.syntax.instructions.map((instruction) => [instruction.range.start, instruction]));
  let moved = 0;
  let next = 0;
  return before.syntax.instructions.find(({ keyword, range: { start, end } }) => {
    for (; next < edits.length && edits[next]!.end <= start; next++) {
      const edit = edits[next]!;
      moved += edit.text.length - (edit.end - edit.start);
    }
    const previous = edits[next - 1];
    const following = edits[next];
    if (previous?.end === start && !endsLine(before.text, previous)) return false;
    if (following && (following.start < end || (following.start === end && !/^\r?\n/.test(following.text))))
      return false;
    // What is no instruction may become a part of one.
    if (!KEYWORDS.has(keyword)) return false;
    const other = kept.get(start + moved);
    return other?.keyword !== keyword || other.range.end !== end + moved;
  });
}

/** What stands behind the edit begins a line. */
function endsLine(text: string, { start, text: inserted }: Edit): boolean {
  return inserted === "" ? start === 0 || text[start - 1] === "\n" : inserted.endsWith("\n");
}

function losesComment(before: Dockerfile, after: Dockerfile): boolean {
  const kept = new Set(after.syntax.comments.map(({ text }) => text));
  return before.syntax.comments.some(({ text }) => !kept.has(text));
}

function contractOf(dockerfile: Dockerfile): Record<Contract, string> {
  const { stages, finalStage } = dockerfile;
  const last = (keyword: string): string => {
    const instruction = finalStage?.last(keyword);
    return instruction
      ? JSON.stringify([instruction.json !== undefined, instruction.arguments.map((word) => word.value)])
      : "";
  };
  const all = (keyword: string): string => {
    const found = (finalStage?.effective() ?? []).filter((instruction) => instruction.keyword === keyword);
    return JSON.stringify(found.flatMap((instruction) => instruction.arguments.map((word) => word.value)));
  };
  const pairs = (keyword: string): string => {
    const found = (finalStage?.effective() ?? []).filter((instruction) => instruction.keyword === keyword);
    return JSON.stringify(found.flatMap(({ pairs }) => pairs.map(({ key, value }) => [key.value, value?.value])));
  };
  return {
    stages: JSON.stringify(stages.map((stage) => stage.name?.value ?? null)),
    images: JSON.stringify(stages.map((stage) => [stage.imageWord?.value, stage.from.flag("platform")?.value?.value])),
    USER: last("USER"),
    CMD: last("CMD"),
    ENTRYPOINT: last("ENTRYPOINT"),
    EXPOSE: all("EXPOSE"),
    VOLUME: all("VOLUME"),
    WORKDIR: last("WORKDIR"),
    HEALTHCHECK: last("HEALTHCHECK"),
    STOPSIGNAL: last("STOPSIGNAL"),
    ENV: pairs("ENV"),
    LABEL: pairs("LABEL"),
  };
}
