/**
 * Whether a fix keeps its word, for all fixes of all rules: the text is still a Dockerfile, and nothing of what others
 * rely on has changed but what the fix says.
 */
import { addFiles, type Context } from "../model/context.ts";
import { Dockerfile } from "../model/dockerfile.ts";
import type { Contract, FileText, Fix } from "../rules/rule.ts";
import { KEYWORDS } from "../syntax/parse.ts";
import { applyEdits } from "./fix.ts";

/** @returns why the fixes must not be applied together; `undefined`: they may. */
export function objection(before: Dockerfile, fixes: readonly Fix[]): string | undefined {
  const edits = fixes.flatMap((fix) => fix.edits).toSorted((a, b) => a.start - b.start || a.end - b.end);
  if (
    edits.some(
      (edit, index) =>
        edit.start > edit.end || edit.end > before.text.length || edit.start < (edits[index - 1]?.end ?? 0),
    )
  ) {
    return "its edits overlap or lie outside of the file";
  }
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
  const allowed = new Set(fixes.flatMap((fix) => fix.changes ?? []));
  const changed = changedContract(before, after).find((part) => !allowed.has(part));
  return changed && `it changes ${changed}`;
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

/** How many things are wrong with the form: unknown instructions, open heredocs, shell that does not parse. */
export function syntaxErrors(dockerfile: Dockerfile): number {
  let errors = dockerfile.preamble.filter(({ keyword }) => keyword !== "ARG").length;
  for (const instruction of dockerfile.syntax.instructions) {
    const inner = instruction.trigger ?? instruction;
    if (!KEYWORDS.has(inner.keyword)) errors++;
    if (inner.rest.text === "") errors++;
    errors += inner.heredocs.filter((heredoc) => !heredoc.closing).length;
  }
  for (const run of dockerfile.runs) for (const script of run.scripts) errors += script.errors.length;
  return errors;
}

/** The parts in which two Dockerfiles differ. */
export function changedContract(before: Dockerfile, after: Dockerfile): readonly Contract[] {
  const one = contractOf(before);
  const other = contractOf(after);
  return (Object.keys(one) as Contract[]).filter((part) => one[part] !== other[part]);
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
