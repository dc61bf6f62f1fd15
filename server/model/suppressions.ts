/** Comments and directives that accept findings, those of other tools included: whose they are, what they name, how far they reach. */
import type { Comment, Instruction, Syntax } from "../syntax/parse.ts";
import { parseShell } from "../syntax/shell.ts";
import type { LogicalText, Range } from "../syntax/text.ts";

/** Whose names a comment uses: the part of an alias before its `/`. */
export type Tool =
  | "plimsoll"
  | "hadolint"
  | "buildkit"
  | "trivy"
  | "checkov"
  | "kics"
  | "semgrep"
  | "sonar"
  | "shellcheck";

export interface Suppression {
  readonly tool: Tool;
  /** The comment or the directive. */
  readonly range: Range;
  /** The rules that it names; empty: all that the tool has. */
  readonly names: readonly SuppressedName[];
  /** It accepts all that the tool has but these. */
  readonly isInverted?: boolean;
  /** The day, as `2026-01-31`, from which it accepts nothing; absent: it holds for ever. What is no day is always past. */
  readonly expiry?: string;
  /** Findings that begin in one of these are accepted; none: it stands where it does nothing. */
  readonly reach: readonly Range[];
}

/** A name as it is written. */
export interface SuppressedName {
  readonly text: string;
  readonly range: Range;
}

/** Those of directives first, then those of comments in the order of the text. */
export function suppressionsOf(syntax: Syntax): readonly Suppression[] {
  return [
    ...syntax.directives.flatMap(({ name, value, range, valueRange }) => {
      const skip = name === "check" ? readCheck(value).skip : undefined;
      const names = skip && namesIn(skip.text, valueRange.start + skip.index, "buildkit");
      return names ? [{ tool: "buildkit" as const, range, names, reach: [wholeOf(syntax)] }] : [];
    }),
    ...syntax.comments
      .filter(({ text }) => ANY_FORM.test(text))
      .flatMap((comment) => FORMS.flatMap((form) => readForm(form, syntax, comment))),
    ...syntax.instructions.flatMap(({ heredocs }) => heredocs.flatMap(({ body }) => inScript(body))),
  ];
}

/** What a `check` directive, or a comment of the same form, asks of BuildKit. */
export interface CheckOptions {
  /** The list of names to skip, and where it begins in the value. */
  readonly skip: { readonly text: string; readonly index: number } | undefined;
  /** Every warning fails the build. */
  readonly error: boolean;
  /** The parts for which BuildKit refuses the file, and where they begin. */
  readonly invalid: readonly { readonly text: string; readonly index: number }[];
  /** Where what BuildKit reads ends: at the first blank. */
  readonly end: number;
}

/** As `parseLintOptions` in BuildKit's frontend/dockerfile/dockerfile2llb/convert.go has it. */
export function readCheck(value: string): CheckOptions {
  const read = value.split(" ", 1)[0]!;
  const invalid: { text: string; index: number }[] = [];
  let skip: CheckOptions["skip"];
  let error = false;
  let index = 0;
  for (const part of read.split(";")) {
    const equals = part.indexOf("=");
    const key = part.slice(0, Math.max(equals, 0));
    const text = part.slice(equals + 1);
    if (key === "skip") skip = { text, index: index + equals + 1 };
    else if (key === "error" && GO_BOOLEAN.test(text)) error = /^[1tT]/.test(text);
    else if (key !== "experimental") invalid.push({ text: part, index });
    index += part.length + 1;
  }
  return { skip, error, invalid, end: read.length };
}

/** Whether BuildKit fails on every warning of this file: `# check=error=true`. */
export function failsOnWarnings({ directives }: Syntax): boolean {
  return directives.some(({ name, value }) => name === "check" && readCheck(value).error);
}

/** Where the text of a comment begins. */
export function textStart({ text }: Syntax, comment: Comment): number {
  return comment.range.start + text.slice(comment.range.start, comment.range.end).indexOf(comment.text, 1);
}

const GO_BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** How a tool's comments look. */
interface Form {
  readonly tool: Tool;
  /** Matched against the text of a comment. `names`: the list of rules; `scope`: the word that says how far it reaches; `inverted`, `expiry`. */
  readonly pattern: RegExp;
  /** How far it reaches, by that word; `""`: without one. */
  readonly scopes: Readonly<Record<string, readonly Reach[]>>;
}

/** What a comment is read for; `undefined`: it does not stand where such a comment means something. */
type Reach = (place: Place) => Range | undefined;

/** Where a comment stands. */
interface Place {
  readonly syntax: Syntax;
  readonly comment: Comment;
  /** The instruction below: no other and no bare `#` between. It is what BuildKit attaches comments to. */
  readonly next: Instruction | undefined;
  /** No blank line is between, either. */
  readonly isAdjacent: boolean;
  /** The instruction in whose continuations it stands. */
  readonly around: Instruction | undefined;
}

const wholeFile: Reach = ({ syntax }) => wholeOf(syntax);
const belowAnyInstruction: Reach = ({ next }) => next && withEnd(next.range);
const rightBelow: Reach = ({ next, isAdjacent }) => (next && isAdjacent ? withEnd(next.range) : undefined);
const allAround: Reach = ({ around }) => around && withEnd(around.range);
const nextLine: Reach = ({ syntax, comment, around }) => around && withEnd(lineBelow(syntax.text, comment));
const stageBelow: Reach = ({ syntax, next }) => stageOf(syntax, next);
const behindFromBelow: Reach = ({ syntax, next, isAdjacent }) => {
  const stage = isAdjacent ? stageOf(syntax, next) : undefined;
  return stage && { start: next!.range.end, end: stage.end };
};
const fileBelow: Reach = ({ syntax, comment }) =>
  (syntax.instructions[0]?.range.start ?? comment.range.end) < comment.range.start ? undefined : wholeOf(syntax);

const commandBelow: Reach = ({ comment, around }) => {
  const { rest } = around?.trigger ?? around ?? {};
  const item = rest && parseShell(rest).items.find(({ range }) => range.end > comment.range.end);
  return item && withEnd({ start: comment.range.start, end: item.range.end });
};

/** https://www.shellcheck.net/wiki/Directive; `SC2000-SC2099` and `all` are names, too. */
const SHELLCHECK = /^shellcheck\s+(?:[\w-]+=\S+\s+)*disable=(?<names>\w[\w,-]*)/d;

const FORMS: readonly Form[] = [
  {
    // In a script it is for the command below; above an instruction it is above a script.
    tool: "shellcheck",
    pattern: SHELLCHECK,
    scopes: { "": [belowAnyInstruction, commandBelow] },
  },
  {
    tool: "plimsoll",
    pattern: /^plimsoll\s+(?:(?<scope>global)\s+)?ignore\s+(?<names>[\w/-]+(?:[\s,]+[\w/-]+)*)[\s,]*(?::.*)?$/di,
    scopes: { "": [belowAnyInstruction, allAround], global: [wholeFile] },
  },
  {
    // https://github.com/hadolint/hadolint#ignoring-rules, src/Hadolint/Pragma.hs. Of several such lines right above one
    // another hadolint takes the last alone; its users expect all (#1028), and get them here.
    tool: "hadolint",
    pattern:
      /^hadolint\s+(?:(?<scope>global|stage)\s+)?ignore\s*=\s*(?<names>[DLSC0-9]+(?:\s*,\s*[DLSC0-9]+)*)(?!\w|\s*,)/d,
    scopes: { "": [rightBelow], global: [wholeFile], stage: [behindFromBelow] },
  },
  {
    // https://docs.docker.com/reference/dockerfile/#check, for one instruction since version 1.21
    tool: "buildkit",
    pattern: /^check\s*=\s*(?:[^\s;]*;)*skip=(?<names>[^\s;]+)/di,
    scopes: { "": [belowAnyInstruction] },
  },
  {
    // aquasecurity/trivy, pkg/iac/ignore/parse.go: several in a line, several lines; parameters in brackets are for others.
    tool: "trivy",
    pattern: /(?:^|[\s#])(?:trivy|tfsec):ignore:(?<names>[\w*-]+)(?:\[[^\]\s]*\])?(?:[\s:]exp:(?<expiry>\S+))?/dgi,
    scopes: { "": [rightBelow] },
  },
  {
    // bridgecrewio/checkov, checkov/dockerfile/parser.py: for the file, wherever it stands
    tool: "checkov",
    pattern: /(?:checkov|bridgecrew|cortex):skip= *(?<names>\w+(?:,\w+)*)/dg,
    scopes: { "": [wholeFile] },
  },
  {
    // https://docs.kics.io/latest/running-kics/: a block is a stage, and what is for the file stands above its first instruction
    tool: "kics",
    pattern:
      /^kics-scan\s+(?:(?<scope>ignore(?:-line|-block)?)(?![\w-])|(?:disable|(?<inverted>enable))=(?<names>[\w,-]+))/di,
    scopes: {
      "ignore-line": [belowAnyInstruction],
      "ignore-block": [stageBelow],
      ignore: [fileBelow],
      "": [fileBelow],
    },
  },
  {
    // semgrep/semgrep, src/reporting/Nosemgrep.ml: the line above
    tool: "semgrep",
    pattern: /^nosem(?:grep)?(?![\w-])(?:[:=]\s?(?<names>[\w.-]+(?:\s*,\s*[\w.-]+)*))?/di,
    scopes: { "": [rightBelow, nextLine] },
  },
  {
    // SonarSource/sonar-iac takes the line of the comment, which in a Dockerfile holds nothing else: the one below is meant.
    tool: "sonar",
    pattern: /NOSONAR(?:\((?<names>[\w:]+(?:\s*,\s*[\w:]+)*)\))?/d,
    scopes: { "": [rightBelow, nextLine] },
  },
];

/** What one of them must hold. */
const ANY_FORM = /ignore|skip|able=|nosem|NOSONAR/i;

function readForm({ tool, pattern, scopes }: Form, syntax: Syntax, comment: Comment): readonly Suppression[] {
  const matches = pattern.global ? [...comment.text.matchAll(pattern)] : [pattern.exec(comment.text)];
  return matches.flatMap((match) => {
    if (!match) return [];
    const { scope = "", names, inverted, expiry } = match.groups ?? {};
    const start = names === undefined ? 0 : textStart(syntax, comment) + match.indices!.groups!["names"]![0];
    const place = placeOf(syntax, comment);
    return {
      tool,
      range: comment.range,
      names: names === undefined ? [] : namesIn(names, start, tool),
      ...(inverted === undefined ? {} : { isInverted: true }),
      ...(expiry === undefined ? {} : { expiry }),
      reach: scopes[scope.toLowerCase()]!.flatMap((reach) => reach(place) ?? []),
    };
  });
}

function placeOf(syntax: Syntax, comment: Comment): Place {
  const around = syntax.instructions.find(({ comments }) => comments.includes(comment));
  const next = syntax.instructions.find(({ leadingComments }) => leadingComments.includes(comment));
  const between = next ? syntax.text.slice(comment.range.end, next.range.start) : "";
  return { syntax, comment, around, next, isAdjacent: !/\n\s*\n/.test(between) };
}

/** The directives in a script of its own: for all of it from above its first command, else for what follows. */
function inScript(body: LogicalText): readonly Suppression[] {
  if (!body.text.includes("shellcheck")) return [];
  const first = /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(body.text)![0].length;
  return [...body.text.matchAll(/^[ \t]*(#[ \t]*)(shellcheck[ \t].*)$/gm)].flatMap(
    ({ 0: line, 1: sign, 2: text, index }) => {
      const names = SHELLCHECK.exec(text!);
      if (!names) return [];
      const start = index + line.length - text!.length;
      const range = body.rangeOf(start - sign!.length, index + line.length);
      const written = body.offsetAt(start + names.indices!.groups!["names"]![0]);
      const reach = index < first ? body.range : listBelow(body, range.end);
      const list = namesIn(names.groups!["names"]!, written, "shellcheck");
      return { tool: "shellcheck" as const, range, names: list, reach: reach ? [withEnd(reach)] : [] };
    },
  );
}

/** What begins next below an offset: a list to its last `&&` or `||`, or one command inside of something larger. */
function listBelow(body: LogicalText, offset: number): Range | undefined {
  const { items, commands } = parseShell(body);
  if (items.some(({ range }) => range.start < offset && offset < range.end))
    return commands.find(({ range }) => range.start >= offset)?.range;
  const first = items.findIndex(({ range }) => range.start >= offset);
  if (first === -1) return undefined;
  let last = first;
  while (/^(?:&&|\|\|)$/.test(items[last + 1]?.operator ?? "")) last++;
  return { start: items[first]!.range.start, end: items[last]!.range.end };
}

/** From FROM to the next one. */
function stageOf({ instructions, text }: Syntax, from: Instruction | undefined): Range | undefined {
  if (from?.keyword !== "FROM") return undefined;
  const next = instructions.find(({ keyword, range }) => keyword === "FROM" && range.start > from.range.start);
  return { start: from.range.start, end: next?.range.start ?? text.length + 1 };
}

function lineBelow(text: string, { range }: Comment): Range {
  const newline = text.indexOf("\n", range.end);
  const start = newline === -1 ? text.length : newline + 1;
  const end = text.indexOf("\n", start);
  return { start, end: end === -1 ? text.length : end };
}

function wholeOf({ text }: Syntax): Range {
  return { start: 0, end: text.length + 1 };
}

/** What begins at the very end of it, such as an empty range, is in it. */
function withEnd({ start, end }: Range): Range {
  return { start, end: end + 1 };
}

/** Those that write it `all`. */
const ALL_BY_WORD: ReadonlySet<Tool> = new Set(["plimsoll", "buildkit", "shellcheck"]);

function namesIn(list: string, start: number, tool: Tool): readonly SuppressedName[] {
  const names = [...list.matchAll(tool === "plimsoll" ? /[^\s,]+/g : /[^\s,](?:[^,]*[^\s,])?/g)].map((match) => ({
    text: match[0],
    range: { start: start + match.index, end: start + match.index + match[0].length },
  }));
  const isAll = names.some(({ text }) => text === "*" || (text === "all" && ALL_BY_WORD.has(tool)));
  return isAll ? [] : names;
}
