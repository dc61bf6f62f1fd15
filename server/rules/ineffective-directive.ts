import { BUILDKIT_FILE_NAMES, BUILDKIT_NAMES, HADOLINT_NAMES, RULE_NAMES } from "../model/data/rule-names.ts";
import { closest } from "../model/similar.ts";
import { readCheck, type SuppressedName, type Suppression, type Tool, textStart } from "../model/suppressions.ts";
import type { Comment, Syntax } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { insertDirective, replace } from "./edit.ts";
import { defineRule, type Edit, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "ineffective-directive",
  category: "maintainability",
  severity: "warning",
  weight: "low",
  aliases: [],
  fix: "safe",
  assumes: "It is meant, though it has had no effect so far.",

  *check({ syntax, suppressions }) {
    for (const { name, value, valueRange } of syntax.directives)
      if (name === "check") yield* inCheck(value, valueRange.start, true);
    for (const comment of syntax.comments) {
      const own = suppressions.filter(({ range }) => range.start === comment.range.start);
      yield* asDirective(syntax, comment);
      if (own.length === 0) yield* asMisspelt(syntax, comment);
    }
    for (const suppression of suppressions) {
      yield* inSuppression(syntax, suppression);
      const first = suppressions.find((one) => one.tool === "buildkit" && isForSame(one, suppression));
      if (!first || first === suppression || suppression.tool !== "buildkit") continue;
      const message = "BuildKit takes the first such comment above an instruction alone, not this one";
      const related = [{ at: first.range, message: "This is the first" }];
      yield { at: suppression.range, message, severity: "info", related };
    }
  },
});

/** A comment that would be a directive, did it stand above everything else. */
function* asDirective(syntax: Syntax, comment: Comment): Generator<Finding> {
  const [, written, value] = /^(syntax|escape|check)[ \t]*=[ \t]*(\S+)/i.exec(comment.text) ?? [];
  if (written === undefined || syntax.instructions.some(({ comments }) => comments.includes(comment))) return;
  const name = written.toLowerCase();
  const at = comment.range;
  if (name === "check") {
    yield* inCheck(
      comment.text.slice(comment.text.indexOf(value!)),
      textStart(syntax, comment) + comment.text.indexOf(value!),
      false,
    );
    if (readCheck(value!).error) yield { at, message: "BuildKit reads `error` in the first lines of the file alone" };
    return;
  }
  // Not a sentence that begins like one.
  const isMeant = name === "escape" ? /^escape\s*=\s*[\\`]$/i : /^syntax\s*=\s*[\w.-]+(?:[:/@][\w.-]+)+$/i;
  if (!isMeant.test(comment.text)) return;
  const first = syntax.directives.find((directive) => directive.name === name);
  const last = syntax.directives.at(-1);
  const isRepeated = first && last && /^\r?\n$/.test(syntax.text.slice(last.range.end, at.start));
  if (isRepeated) {
    yield {
      at,
      message: `BuildKit refuses a second \`${name}\` directive`,
      severity: "error",
      related: [{ at: first.range, message: "This is the first" }],
      fixes: [unsafe("Remove it", removeLine(syntax, at))],
    };
  } else {
    yield {
      at,
      message: `\`# ${name}=\` is read in the first lines of the file alone, above comments, blank lines and instructions`,
      fixes: first
        ? [unsafe("Remove it", removeLine(syntax, at))]
        : [unsafe("Move it to the top", insertDirective(syntax, `# ${name}=${value}`), removeLine(syntax, at))],
    };
  }
}

/** @param start where the value begins. */
function* inCheck(value: string, start: number, isDirective: boolean): Generator<Finding> {
  const { skip, invalid, end } = readCheck(value);
  for (const { text, index } of isDirective ? invalid : []) {
    const key = text.split("=")[0]!;
    const near = closest(key, ["skip", "error", "experimental"]);
    yield {
      at: text === "" ? { start, end: start + end } : { start: start + index, end: start + index + text.length },
      message:
        text === ""
          ? "BuildKit refuses a `check` directive with an empty part"
          : `BuildKit refuses \`${text}\` in a \`check\` directive`,
      severity: "error",
      fixes: near && text.includes("=") ? [unsafe(`Write \`${near}\``, replaceAt(start + index, key, near))] : [],
    };
  }
  if (!skip) return;
  const list = /^\w+(?:\s*,\s*\w+)+/.exec(value.slice(skip.index))?.[0];
  if (list === undefined || skip.index + list.length <= end) return;
  const at = { start: start + end, end: start + skip.index + list.length };
  const edit = replaceAt(start + skip.index, list, list.replaceAll(/\s+/g, ""));
  const title = "Remove the blanks between the names";
  yield {
    at: { ...at, start: at.start + /^\W*/.exec(value.slice(end))![0].length },
    message: "BuildKit reads the list up to the first blank, so this is not skipped",
    fixes: [isDirective ? safe(title, edit) : unsafe(title, edit)],
  };
}

const TOOLS: Readonly<Record<Tool, string>> = {
  plimsoll: "Plimsoll",
  hadolint: "hadolint",
  buildkit: "BuildKit",
  trivy: "Trivy",
  checkov: "Checkov",
  kics: "KICS",
  semgrep: "Semgrep",
  sonar: "Sonar",
  shellcheck: "ShellCheck",
};

function* inSuppression({ text }: Syntax, { tool, range, names, reach }: Suppression): Generator<Finding> {
  if (reach.length === 0) {
    const message = `${TOOLS[tool]} does not look for this comment here, so it accepts nothing`;
    yield { at: range, message, severity: "info" };
    return;
  }
  const isForFile = reach.some(({ start, end }) => start === 0 && end > text.length);
  for (const name of names) {
    const problem = problemOf(tool, name, isForFile);
    if (problem) yield { at: name.range, severity: "info", ...problem };
  }
}

function isForSame({ reach: [one] }: Suppression, { reach: [other] }: Suppression): boolean {
  return one !== undefined && other !== undefined && one.start === other.start;
}

/** Of tools whose names are not all known, an unknown one may be right. */
function problemOf(tool: Tool, { text, range }: SuppressedName, isForFile: boolean): Omit<Finding, "at"> | undefined {
  const known = KNOWN[tool];
  if (!known || known.includes(text) || isShellCheckCode(tool, text)) {
    if (tool !== "buildkit" || isForFile || !BUILDKIT_FILE_NAMES.includes(text)) return undefined;
    return { message: `BuildKit skips \`${text}\` for the whole file alone, not for an instruction` };
  }
  const respelt = known.find((one) => one.toLowerCase() === text.toLowerCase());
  if (respelt !== undefined) {
    if (tool === "plimsoll") return undefined;
    return {
      message: `${TOOLS[tool]} minds the case: \`${respelt}\``,
      severity: "warning",
      fixes: [unsafe(`Write \`${respelt}\``, replace(range, respelt))],
    };
  }
  // Codes that differ in a digit have nothing to do with each other.
  const near = /\d$/.test(text) ? undefined : closest(text, known);
  return {
    message: `${TOOLS[tool]} has no rule \`${text}\``,
    fixes: near === undefined ? [] : [unsafe(`Write \`${near}\``, replace(range, near))],
  };
}

/** Which of these there are, is not known. */
function isShellCheckCode(tool: Tool, name: string): boolean {
  return tool === "hadolint" ? /^SC\d{4}$/.test(name) : tool === "plimsoll" && /^(?:shellcheck\/)?SC\d{4}$/i.test(name);
}

const OURS = Object.entries(RULE_NAMES).flatMap(([id, aliases]) => [
  id,
  ...aliases,
  ...aliases.map((alias) => alias.slice(alias.indexOf("/") + 1)),
]);

const KNOWN: Readonly<Partial<Record<Tool, readonly string[]>>> = {
  plimsoll: OURS,
  buildkit: BUILDKIT_NAMES,
  hadolint: HADOLINT_NAMES,
};

/** What is meant to accept something, and is not understood. */
function* asMisspelt(syntax: Syntax, comment: Comment): Generator<Finding> {
  const { text, range: at } = comment;
  if (/^plimsoll[\s:-]*(?:global\s+)?(?:ignore|disable|skip)(?![\w-])/i.test(text))
    yield { at, message: "Plimsoll does not understand this comment; `# plimsoll ignore RULE: reason` would be right" };
  const hadolint = /^hadolint[\s:]*(?:(global|stage)\s+)?(?:ignore|disable)\s*[=:]?\s*(?=(?:DL|SC)\d{4})/i.exec(text);
  if (!hadolint) return;
  const codes = /^(?:[\s,]*(?:DL|SC)\d{4}(?!\w))+/i.exec(text.slice(hadolint[0].length))?.[0] ?? "";
  const names = codes.toUpperCase().match(/\w+/g) ?? [];
  const right = `hadolint ${hadolint[1] ? `${hadolint[1].toLowerCase()} ` : ""}ignore=${names.join(",")}`;
  const wrong = text.slice(0, hadolint[0].length + codes.length);
  const rest = /^\s*,\s*/.exec(text.slice(wrong.length))?.[0] ?? "";
  yield {
    at,
    message: "hadolint does not understand this comment, so it accepts nothing",
    fixes:
      names.length === 0
        ? []
        : [
            unsafe(
              `Write \`${right}\``,
              replaceAt(textStart(syntax, comment), wrong + rest, right + (rest === "" ? "" : " ")),
            ),
          ],
  };
}

function replaceAt(start: number, written: string, text: string): Edit {
  return { start, end: start + written.length, text };
}

/** With its line end, where it has one. */
function removeLine({ text }: Syntax, { start, end }: Range): Edit {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  return {
    start: Math.max(lineStart, text.startsWith("\ufeff") ? 1 : 0),
    end: newline === -1 ? text.length : newline + 1,
    text: "",
  };
}
