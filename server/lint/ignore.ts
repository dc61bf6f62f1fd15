/**
 * Comments that accept findings: `# plimsoll ignore id, id: reason` above or inside an instruction and
 * `# plimsoll global ignore id: reason` anywhere; hadolint's and BuildKit's own, by the names that they use.
 */
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Edit, Rule } from "../rules/rule.ts";
import type { Comment, Instruction } from "../syntax/parse.ts";
import { contains, type Range } from "../syntax/text.ts";
import { isNameOf } from "./settings.ts";

export interface Ignore {
  covers(diagnostic: { readonly rule: Rule; readonly range: Range }): boolean;
}

const PLIMSOLL = /^plimsoll\s+(global\s+)?ignore\s+([\w/,\s-]+?)(?:\s*:.*)?$/i;
const HADOLINT = /^hadolint\s+(global\s+)?ignore\s*=\s*([A-Z0-9]+(?:\s*,\s*[A-Z0-9]+)*)/;
const BUILDKIT = /^check\s*=\s*(?:\S*;)?skip=([^\s;]+)/i;

export function readIgnores(dockerfile: Dockerfile, rules: readonly Rule[]): readonly Ignore[] {
  const ignores: Ignore[] = [];
  const { syntax } = dockerfile;
  for (const directive of syntax.directives) {
    const skipped = directive.name === "check" ? /(?:^|;)skip=([^\s;]+)/.exec(directive.value)?.[1] : undefined;
    if (skipped) ignores.push(ignoreOf(names(skipped, "buildkit/"), rules));
  }
  for (const comment of syntax.comments) {
    const found = readComment(comment);
    if (!found) continue;
    const instruction = found.global
      ? undefined
      : syntax.instructions.find((candidate) => belongsTo(comment, candidate));
    if (found.global || instruction) ignores.push(ignoreOf(found.names, rules, instruction?.range));
  }
  return ignores;
}

function readComment(comment: Comment): { names: readonly string[]; global: boolean } | undefined {
  const own = PLIMSOLL.exec(comment.text);
  if (own) return { names: names(own[2]!, ""), global: own[1] !== undefined };
  const hadolint = HADOLINT.exec(comment.text);
  if (hadolint) return { names: names(hadolint[2]!, "hadolint/"), global: hadolint[1] !== undefined };
  const buildkit = BUILDKIT.exec(comment.text);
  return buildkit ? { names: names(buildkit[1]!, "buildkit/"), global: false } : undefined;
}

function names(list: string, tool: string): readonly string[] {
  return list
    .split(/[\s,]+/)
    .filter((name) => name !== "")
    .map((name) => (name === "all" ? `${tool}*` : tool + name));
}

function belongsTo(comment: Comment, instruction: Instruction): boolean {
  return instruction.leadingComments.includes(comment) || instruction.comments.includes(comment);
}

function ignoreOf(wanted: readonly string[], rules: readonly Rule[], range?: Range): Ignore {
  const ids = new Set(rules.filter((rule) => wanted.some((name) => matches(rule, name))).map((rule) => rule.id));
  return {
    covers: (diagnostic) => ids.has(diagnostic.rule.id) && (!range || contains(range, diagnostic.range)),
  };
}

function matches(rule: Rule, name: string): boolean {
  if (!name.endsWith("*")) return isNameOf(rule, name);
  const tool = name.slice(0, -1);
  return tool === "" || rule.aliases.some((alias) => alias.startsWith(tool));
}

/** The edit that adds a comment accepting a rule: for the instruction around an offset, or for the whole file. */
export function ignoreEdit(dockerfile: Dockerfile, ruleId: string, offset: number | undefined): Edit {
  const { syntax, text } = dockerfile;
  const instruction =
    offset === undefined
      ? undefined
      : syntax.instructions.find(({ range }) => range.start <= offset && offset <= range.end);
  if (!instruction) {
    const directive = syntax.directives.at(-1);
    const start = directive ? lineBehind(text, directive.range.end) : text.startsWith("\ufeff") ? 1 : 0;
    const separator = start > 0 && start === text.length && !text.endsWith("\n") ? syntax.lineEnd : "";
    return { start, end: start, text: `${separator}# plimsoll global ignore ${ruleId}${syntax.lineEnd}` };
  }
  const known = instruction.leadingComments.find(
    (comment) => PLIMSOLL.exec(comment.text)?.[1] === undefined && PLIMSOLL.test(comment.text),
  );
  if (known) {
    const { start } = known.range;
    const end = start + /^#\s*plimsoll\s+ignore\s+[\w/,\s-]*[\w-]/i.exec(text.slice(start, known.range.end))![0].length;
    return { start: end, end, text: `, ${ruleId}` };
  }
  const { start } = instruction.range;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, start))![0];
  return { start, end: start, text: `# plimsoll ignore ${ruleId}${syntax.lineEnd}${indentation}` };
}

function lineBehind(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}
