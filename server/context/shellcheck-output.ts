/** What ShellCheck prints with `--format=json1`, in indexes of the script instead of lines and columns. */
import type { ScriptComment } from "../model/context.ts";

/** @throws an Error that ends a sentence about the program, when it is not ShellCheck's output. */
export function readComments(output: string, script: string): readonly ScriptComment[] {
  const comments = commentsIn(output);
  if (!comments) throw new Error("does not print what ShellCheck 0.7 and later print");
  const starts = [0];
  for (let i = script.indexOf("\n"); i !== -1; i = script.indexOf("\n", i + 1)) starts.push(i + 1);
  return comments.flatMap((comment) => {
    const { file, code, level, message, fix } = comment;
    // About a file that the script sources, where `.shellcheckrc` wants these looked at.
    if (file !== "-") return [];
    const range = rangeOf(comment, script, starts);
    if (!range || typeof code !== "number" || typeof message !== "string" || !isLevel(level)) return [];
    const edits = fix === null || fix === undefined ? [] : editsOf(fix, script, starts);
    return { ...range, code: `SC${String(code).padStart(4, "0")}`, level, message, edits };
  });
}

type Fields = Readonly<Record<string, unknown>>;

function commentsIn(output: string): readonly Fields[] | undefined {
  try {
    const { comments } = JSON.parse(output) as { comments?: unknown };
    return Array.isArray(comments) && comments.every((one) => typeof one === "object" && one !== null)
      ? comments
      : undefined;
  } catch {
    return undefined;
  }
}

function isLevel(level: unknown): level is ScriptComment["level"] {
  return level === "error" || level === "warning" || level === "info" || level === "style";
}

/** None where one of them cannot be read. */
function editsOf(fix: unknown, script: string, starts: readonly number[]): ScriptComment["edits"] {
  const { replacements } = fix as { readonly replacements?: unknown };
  if (!Array.isArray(replacements)) return [];
  const edits = replacements.flatMap((one: Fields) => {
    const range = rangeOf(one, script, starts);
    return range && typeof one["replacement"] === "string" ? { ...range, text: one["replacement"] } : [];
  });
  return edits.length === replacements.length ? edits : [];
}

function rangeOf(
  fields: Fields,
  script: string,
  starts: readonly number[],
): { start: number; end: number } | undefined {
  const { line, column, endLine, endColumn } = fields;
  const start = indexOf(line, column, script, starts);
  const end = indexOf(endLine, endColumn, script, starts);
  return start === undefined || end === undefined || end < start ? undefined : { start, end };
}

/** @param line from 1. @param column from 1, in code points. */
function indexOf(line: unknown, column: unknown, script: string, starts: readonly number[]): number | undefined {
  if (typeof line !== "number" || typeof column !== "number") return undefined;
  const start = starts[line - 1];
  if (start === undefined) return undefined;
  let index = start;
  for (let left = column - 1; left > 0 && index < script.length; left--) {
    index += script.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return index;
}
