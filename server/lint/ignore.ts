/** Which findings comments accept, and the comments that accept one. */
import { KICS_QUERIES } from "../model/data/kics-queries.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Suppression, Tool } from "../model/suppressions.ts";
import type { Edit, Rule } from "../rules/rule.ts";
import type { Range } from "../syntax/text.ts";
import { isNameOf } from "./settings.ts";

export interface Ignore {
  covers(diagnostic: { readonly rule: Rule; readonly range: Range }): boolean;
}

export function readIgnores({ suppressions, context }: Dockerfile, rules: readonly Rule[]): readonly Ignore[] {
  const valid = suppressions.filter(({ expiry }) => !isPast(expiry, context.today));
  return valid.map((suppression) => {
    const ids = new Set(rules.filter((rule) => isMeant(rule, suppression)).map(({ id }) => id));
    return {
      covers: ({ rule, range }) =>
        ids.has(rule.id) && suppression.reach.some(({ start, end }) => start <= range.start && range.start < end),
    };
  });
}

/** The edit that adds a comment accepting a rule: for the instruction around an offset, or for the whole file. */
export function ignoreEdit(dockerfile: Dockerfile, ruleId: string, offset: number | undefined): Edit {
  const { syntax, suppressions, text } = dockerfile;
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
  const known = suppressions
    .find(
      ({ tool, range, reach }) =>
        tool === "plimsoll" && range.end <= instruction.range.start && reach[0]?.start === instruction.range.start,
    )
    ?.names.at(-1);
  if (known) return { start: known.range.end, end: known.range.end, text: `, ${ruleId}` };
  const { start } = instruction.range;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, start))![0];
  return { start, end: start, text: `# plimsoll ignore ${ruleId}${syntax.lineEnd}${indentation}` };
}

function isPast(expiry: string | undefined, today: string | undefined): boolean {
  if (expiry === undefined || today === undefined) return false;
  return !/^\d{4}-\d\d-\d\d$/.test(expiry) || expiry <= today;
}

/** Without names, every rule that has a name of the tool's. */
function isMeant(rule: Rule, { tool, names, isInverted }: Suppression): boolean {
  const hasName = tool === "plimsoll" || rule.aliases.some((alias) => alias.startsWith(`${tool}/`));
  if (names.length === 0) return hasName;
  const isNamed = names.some(({ text }) => READERS[tool](rule, text));
  return isInverted ? hasName && !isNamed : isNamed;
}

const aliased =
  (tool: Tool, normalise: (name: string) => string = (name) => name) =>
  (rule: Rule, name: string): boolean =>
    isNameOf(rule, `${tool}/${normalise(name)}`);

/** Whether a tool takes a name for the rule. */
const READERS: Readonly<Record<Tool, (rule: Rule, name: string) => boolean>> = {
  plimsoll: isNameOf,
  hadolint: (rule, name) => isNameOf(rule, `${name.startsWith("SC") ? "shellcheck" : "hadolint"}/${name}`),
  // BuildKit minds the case.
  buildkit: ({ aliases }, name) => aliases.includes(`buildkit/${name}`),
  // DS-0002, and as it was called before: AVD-DS-0002, DS002.
  trivy: aliased("trivy", (name) =>
    name.replace(/^(?:AVD-)?DS-?(\d+)$/i, (_, digits) => `DS-${digits.padStart(4, "0")}`),
  ),
  checkov: aliased("checkov"),
  // By the ids of its queries.
  kics: aliased("kics", (name) => KICS_QUERIES[name.toLowerCase()] ?? name),
  // dockerfile.security.missing-user.missing-user
  semgrep: aliased("semgrep", (name) => name.slice(name.lastIndexOf(".") + 1)),
  shellcheck: (rule, name) => {
    const [from, to = from] = name.split("-").map((code) => Number(/^(?:SC)?(\d+)$/i.exec(code)?.[1]));
    return rule.aliases.some((alias) => {
      const code = Number(/^shellcheck\/SC(\d+)$/.exec(alias)?.[1]);
      return from! <= code && code <= to!;
    });
  },
  // docker:S6471
  sonar: aliased("sonar", (name) => name.slice(name.lastIndexOf(":") + 1)),
};

function lineBehind(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}
