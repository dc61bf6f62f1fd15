import { judgedInstructions } from "../model/frontend.ts";
import { closest } from "../model/similar.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Flag, Instruction, Syntax } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { remove, replace } from "./edit.ts";
import { defineRule, type Finding, type Fix, unsafe } from "./rule.ts";

/** As BuildKit's `parseMount` has it (frontend/dockerfile/instructions/commands_runmount.go). */
export default defineRule({
  id: "invalid-mount",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    const { syntax, text } = dockerfile;
    for (const instruction of judgedInstructions(dockerfile)) {
      if (instruction.keyword !== "RUN") continue;
      const stage = dockerfile.stageOf(instruction)!;
      for (const flag of instruction.flags) {
        const fields = flag.name === "mount" ? fieldsOf(text, instruction, flag) : [];
        const found = fields.flatMap((field, index) => inField(field, fields.slice(0, index)) ?? []);
        const blanks = found.length > 0 ? blanksBehind(syntax, flag) : undefined;
        if (blanks) yield { ...found.at(-1)!, fixes: [unsafe("Remove the blanks behind the comma", remove(blanks))] };
        yield* blanks ? found.slice(0, -1) : found;
        const whole = found.length === 0 ? inMount(fields, stage, instruction) : undefined;
        if (whole) yield { at: flag.range, ...whole };
      }
    }
  },
});

interface Field {
  /** As it is written. */
  readonly text: string;
  /** In lower case. */
  readonly key: string;
  /** `undefined`: there is no `=`; `null`: not known. */
  readonly value: string | null | undefined;
  readonly range: Range;
  /** The range is exactly that of the text. */
  readonly exact: boolean;
}

/** None where the value is quoted in a way that is not understood here, or a template. */
function fieldsOf(source: string, { comments }: Instruction, { value, range }: Flag): readonly Field[] {
  if (!value || /["'\\`]/.test(value.value) || /\{\{|<|%[%{]|@@/.test(value.value)) return [];
  const written = source.slice(value.range.start, value.range.end);
  const isPlain =
    value.text === value.value &&
    !comments.some((comment) => comment.range.end > range.start && comment.range.start < range.end);
  let from = 0;
  return value.value.split(",").map((text) => {
    const index = isPlain ? written.indexOf(text, from) : -1;
    if (index !== -1) from = index + text.length;
    const equals = text.indexOf("=");
    const known = equals === -1 ? undefined : text.slice(equals + 1);
    return {
      text,
      key: (equals === -1 ? text : text.slice(0, equals)).toLowerCase(),
      value: known?.includes("$") ? null : known,
      range: index === -1 ? range : { start: value.range.start + index, end: value.range.start + index + text.length },
      exact: index !== -1,
    };
  });
}

const KEYS =
  "type from source src target dst destination readonly ro readwrite rw id sharing required size mode uid gid env".split(
    " ",
  );
const TYPES = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARINGS = ["shared", "private", "locked"];
const SWITCHES = new Set(["readonly", "ro", "readwrite", "rw", "required"]);

/** `type=cache, target=/a`, or the same on two lines: what follows was meant to be a part. */
function blanksBehind({ text, escape }: Syntax, { value, range }: Flag): Range | undefined {
  if (!value?.value.endsWith(",")) return undefined;
  const behind = new RegExp(`^(?:[ \\t]|\\${escape}\\r?\\n)+(?=(?:${KEYS.join("|")})=)`, "i").exec(
    text.slice(range.end),
  );
  return behind ? { start: range.end, end: range.end + behind[0].length } : undefined;
}

function inField(field: Field, before: readonly Field[]): Finding | undefined {
  const { text, key, value, range: at } = field;
  if (text === "") {
    return { at, message: "A part of the mount is empty: a comma stands at its end, or two in a row" };
  }
  if (!KEYS.includes(key)) {
    const meant = closest(key, KEYS);
    return { at: keyRange(field), message: `A mount has no option \`${key}\``, fixes: repair(field, "key", meant) };
  }
  if (value === undefined && !SWITCHES.has(key)) return { at, message: `\`${key}\` needs a value: \`${key}=...\`` };
  const misplaced = misplacedBehind(key, before);
  if (misplaced) return { at, message: misplaced };
  if (value === null || value === undefined) return undefined;
  switch (key) {
    case "type":
      return oneOf(field, value, TYPES, `\`${value}\` is no type of mount`);
    case "sharing":
      return oneOf(field, value, SHARINGS, `\`${value}\` is no way of sharing`);
    case "mode":
      return /^[0-7]+$/.test(value) && Number.parseInt(value, 8) < 2 ** 32
        ? undefined
        : { at, message: "The `mode` of a mount is an octal number: `0755`" };
    case "uid":
    case "gid":
      return /^\d+$/.test(value) && Number(value) < 2 ** 32
        ? undefined
        : { at, message: `The \`${key}\` of a mount is a number, not a name` };
    case "size":
      return isSize(value) ? undefined : { at, message: `\`${value}\` is no size: \`512m\` and \`2g\` are` };
    default:
      return SWITCHES.has(key) && !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)
        ? { at, message: `\`${key}\` is \`true\` or \`false\`` }
        : undefined;
  }
}

/** The builder reads from left to right: what belongs to a type stands behind it. */
function misplacedBehind(key: string, before: readonly Field[]): string | undefined {
  const types = key === "required" ? ["secret", "ssh"] : key === "size" ? ["tmpfs"] : undefined;
  const type = typeOf(before);
  if (!types || type === undefined || types.includes(type)) return undefined;
  const names = types.map((name) => `\`type=${name}\``).join(" or ");
  return `\`${key}\` can only stand behind ${names}`;
}

function oneOf(field: Field, value: string, names: readonly string[], message: string): Finding | undefined {
  if (names.includes(value.toLowerCase())) return undefined;
  const fixes = repair(field, "value", closest(value, names));
  return { at: valueRange(field), message: `${message}: ${listed(names)}`, fixes };
}

function repair(field: Field, part: "key" | "value", meant: string | undefined): readonly Fix[] {
  if (meant === undefined || !field.exact) return [];
  const range = part === "key" ? keyRange(field) : valueRange(field);
  return [unsafe(`Write \`${meant}\``, replace(range, meant))];
}

function keyRange({ range, key, exact }: Field): Range {
  return exact ? { start: range.start, end: range.start + key.length } : range;
}

function valueRange({ range, key, exact }: Field): Range {
  return exact ? { start: range.start + key.length + 1, end: range.end } : range;
}

/** What a type refuses. */
const FOREIGN: Readonly<Record<string, ReadonlySet<string>>> = {
  bind: new Set(["mode", "uid", "gid", "sharing"]),
  tmpfs: new Set(["mode", "uid", "gid", "sharing"]),
  secret: new Set(["from", "sharing"]),
  ssh: new Set(["sharing"]),
};

/** What is only seen when all of it is read. */
function inMount(
  fields: readonly Field[],
  stage: Stage,
  instruction: Instruction,
): (Omit<Finding, "at"> & { readonly at?: Range }) | undefined {
  const type = typeOf(fields);
  if (type === undefined || fields.length === 0) return undefined;
  const has = (...keys: readonly string[]): boolean =>
    fields.some(({ key, value }) => keys.includes(key) && value !== "");
  const foreign = fields.find(({ key, value }) => FOREIGN[type]?.has(key) && value !== "");
  if (foreign) return { at: foreign.range, message: `A mount of the type \`${type}\` has no \`${foreign.key}\`` };
  if (type === "secret") {
    const hasSource = has("source", "src");
    const hasTarget = has("target", "dst", "destination");
    if (!hasSource && !hasTarget && !has("id"))
      return { message: "A secret needs an `id`, or a `target` named after it" };
    // A variable may be empty.
    const isKnown = fields.every(({ key, value }) => !/^(?:id|source|src)$/.test(key) || value !== null);
    if (hasSource && has("id") && isKnown)
      return { message: "`source` and `id` both name the secret; only one of them can" };
    return undefined;
  }
  return type === "ssh" ? undefined : inTarget(fields, stage.workdirBefore(instruction));
}

/** A relative target stands below WORKDIR, and none is WORKDIR itself; nothing can be mounted on all there is. */
function inTarget(fields: readonly Field[], workdir: string | undefined): Omit<Finding, "at"> | undefined {
  const target = fields.findLast(({ key }) => /^(?:target|dst|destination)$/.test(key))?.value ?? undefined;
  const isGiven = fields.some(({ key }) => /^(?:target|dst|destination)$/.test(key));
  if (isGiven && target === undefined) return undefined;
  const path = target ?? "";
  if (isAbsolute(path)) return path === "/" ? { message: "Nothing can be mounted at `/`" } : undefined;
  if (workdir === undefined || normalise(`${workdir}/${path}`) !== "/") return undefined;
  return isGiven && path !== ""
    ? { message: `Nothing can be mounted at \`/\`, where \`${path}\` leads` }
    : { message: "The mount needs a `target`: without one it would be at the working directory, which is `/`" };
}

/** `undefined`: not known. */
function typeOf(fields: readonly Field[]): string | undefined {
  const type = fields.findLast(({ key }) => key === "type");
  if (!type) return "bind";
  const name = type.value?.toLowerCase() ?? "";
  return TYPES.includes(name) ? name : undefined;
}

/** As github.com/docker/go-units has it, in any version. */
function isSize(text: string): boolean {
  return /^\+?(?:\d[\d.]*|\.\d+)(?:e[+-]?\d+)? ?(?:[kmgtp]?i?b?)$/i.test(text);
}

function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)} are`;
}
