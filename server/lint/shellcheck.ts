/** What ShellCheck says of the scripts in a Dockerfile, as rules: one for each of its codes. */
import type { ScriptComment } from "../model/context.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { commentsOn, type Script, scriptsOf } from "../model/script.ts";
import { assuming, type Finding, type Fix, type Rule, type Severity, unsafe } from "../rules/rule.ts";
import { overlaps } from "../syntax/text.ts";
import type { Diagnostic } from "./lint.ts";
import { type Settings, settingOf } from "./settings.ts";

const SEVERITIES: Readonly<Record<ScriptComment["level"], Severity>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

/**
 * The codes that have findings here. They take no points.
 * @param rules ours; a code is off where the settings turn off ours of that name.
 */
export function shellcheckRules(dockerfile: Dockerfile, rules: readonly Rule[], settings: Settings): readonly Rule[] {
  if (!dockerfile.context.scriptComments) return [];
  const findings = new Map<string, { readonly level: ScriptComment["level"]; readonly all: Finding[] }>();
  for (const script of scriptsOf(dockerfile)) {
    for (const comment of commentsOn(script, dockerfile)) {
      const { code, level } = comment;
      const known = findings.get(code) ?? { level, all: [] };
      known.all.push(findingOf(comment, script, dockerfile));
      findings.set(code, known);
    }
  }
  const isOff = (name: string): boolean =>
    rules.some((rule) => rule.aliases.includes(name) && settingOf(rule, settings) === "off");
  return [...findings].flatMap(([code, { level, all }]) => (isOff(nameOf(code)) ? [] : ruleOf(code, level, all)));
}

/** Whether one of our rules says the same of the same place. */
export function isSaidByOurs({ rule, range }: Diagnostic, diagnostics: readonly Diagnostic[]): boolean {
  return (
    rule.link !== undefined &&
    diagnostics.some(
      (other) => other.rule.aliases.includes(rule.id) && other.rule !== rule && overlaps(other.range, range),
    )
  );
}

/** The name of a code among the rules, whoever wrote it: `SC2086`, `shellcheck/sc2086`; `undefined`: it is none. */
export function shellcheckName(name: string): string | undefined {
  const code = /^(?:shellcheck\/)?(SC\d{4})$/i.exec(name)?.[1];
  return code && nameOf(code.toUpperCase());
}

/** Where a code is explained. */
export function wikiPage(name: string): string {
  return `https://www.shellcheck.net/wiki/${name.slice(name.indexOf("/") + 1)}`;
}

function nameOf(code: string): string {
  return `shellcheck/${code}`;
}

function ruleOf(code: string, level: ScriptComment["level"], findings: readonly Finding[]): Rule {
  return {
    id: nameOf(code),
    category: "correctness",
    severity: SEVERITIES[level],
    weight: "none",
    aliases: [nameOf(code)],
    link: wikiPage(code),
    check: () => findings,
  };
}

function findingOf(comment: ScriptComment, script: Script, dockerfile: Dockerfile): Finding {
  const { level, message, start, end } = comment;
  return {
    at: script.text.rangeOf(start, end),
    message: message.replace(/\.$/, ""),
    severity: SEVERITIES[level],
    fixes: fixOf(comment, script, dockerfile),
  };
}

/** Its repair, where every part of it is one piece of the file and no line is added. */
function fixOf({ edits, start, end }: ScriptComment, { text }: Script, dockerfile: Dockerfile): readonly Fix[] {
  if (edits.length === 0) return [];
  const mapped = edits.map((edit) => {
    // Behind a word rather than before what follows it, which may be on the next line.
    const isBehind = edit.start === edit.end && edit.start > start;
    const range = isBehind ? text.rangeOf(edit.start - 1, edit.start) : text.rangeOf(edit.start, edit.end);
    return { ...range, ...(isBehind ? { start: range.end } : {}), text: edit.text };
  });
  const isExact = mapped.every(
    (edit, index) =>
      dockerfile.text.slice(edit.start, edit.end) === text.text.slice(edits[index]!.start, edits[index]!.end) &&
      !/[\r\n]/.test(edit.text) &&
      !edit.text.endsWith(dockerfile.syntax.escape),
  );
  return isExact
    ? [assuming(unsafe(titleOf(edits, start, end, text.text), mapped), "ShellCheck reads the script as it is meant.")]
    : [];
}

function titleOf(edits: ScriptComment["edits"], start: number, end: number, text: string): string {
  const from = Math.min(start, ...edits.map((edit) => edit.start));
  const to = Math.max(end, ...edits.map((edit) => edit.end));
  let repaired = "";
  let index = from;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    repaired += text.slice(index, edit.start) + edit.text;
    index = edit.end;
  }
  repaired += text.slice(index, to);
  return repaired.length > 60 || /[\n`]/.test(repaired) ? "Repair it as ShellCheck does" : `Write \`${repaired}\``;
}
