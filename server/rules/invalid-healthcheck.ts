import { judgedInstructions } from "../model/frontend.ts";
import { closest } from "../model/similar.ts";
import type { Flag, Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { insertBefore, replace } from "./edit.ts";
import { changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";

/** As BuildKit's `parseHealthcheck` has it (frontend/dockerfile/instructions/parse.go). */
export default defineRule({
  id: "invalid-healthcheck",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    for (const instruction of judgedInstructions(dockerfile)) {
      if (instruction.keyword !== "HEALTHCHECK" || instruction.rest.text === "") continue;
      const type = /^\S+/.exec(instruction.rest.text)![0];
      yield* inType(instruction, type);
      // Those of NONE are not looked at.
      if (type.toUpperCase() !== "NONE") yield* instruction.flags.flatMap((flag) => inFlag(flag) ?? []);
    }
  },
});

function* inType({ rest }: Instruction, type: string): Generator<Finding> {
  const name = type.toUpperCase();
  const at = rest.rangeOf(0, type.length);
  const behind = type.length + /^\s*/.exec(rest.text.slice(type.length))![0].length;
  const command = rest.text.slice(behind);
  if (name === "NONE") {
    if (command === "") return;
    const range = rest.rangeOf(behind, rest.text.length);
    const edit = replace({ start: at.end, end: range.end }, "");
    yield {
      at: range,
      message: "`HEALTHCHECK NONE` takes no arguments",
      fixes: [changing(unsafe("Remove the arguments", edit), "HEALTHCHECK")],
    };
  } else if (name === "CMD") {
    if (command === "" || /^\[\s*\]$/.test(command)) yield { at, message: "`HEALTHCHECK CMD` needs a command" };
  } else if (!isTemplate(type)) {
    yield {
      at,
      message: `\`HEALTHCHECK\` takes \`CMD\` with a command, or \`NONE\`, and not \`${type}\``,
      fixes: repairs(rest.rangeOf(0, rest.text.length), at, type, command),
    };
  }
}

function repairs(whole: Range, at: Range, type: string, command: string): readonly Fix[] {
  const name = type.toUpperCase();
  const meant = closest(name, ["CMD", "NONE"]);
  if (name.startsWith("CMD[")) {
    const start = at.start + 3;
    return [changing(unsafe("Add a blank behind `CMD`", replace({ start, end: start }, " ")), "HEALTHCHECK")];
  }
  if ((meant === "CMD" || name === "CMD-SHELL") && command !== "")
    return [changing(unsafe("Write `CMD`", replace(at, "CMD")), "HEALTHCHECK")];
  if (meant === "NONE" && command === "") return [changing(unsafe("Write `NONE`", replace(at, "NONE")), "HEALTHCHECK")];
  if (type.startsWith("-")) return [];
  return [changing(unsafe("Put `CMD` before the command", insertBefore(whole, "CMD ")), "HEALTHCHECK")];
}

function inFlag({ name, value }: Flag): Finding | undefined {
  if (!value || value.value === "") return undefined;
  const { value: text, range: at } = value;
  const isCount = name === "retries";
  if (!isCount && !/^(?:interval|timeout|start-period|start-interval)$/.test(name)) return undefined;
  if (value.variables.length > 0) return { at, message: `Variables are not expanded in \`--${name}\`` };
  if (isTemplate(text)) return undefined;
  if (isCount) {
    if (!/^[-+]?\d+$/.test(text) || Number(text) > 2 ** 31 - 1)
      return { at, message: `\`${text}\` is no number of retries` };
    return Number(text) < 0 ? { at, message: "The number of retries cannot be negative" } : undefined;
  }
  const duration = nanoseconds(text);
  if (duration === undefined) {
    const meant = respelt(text);
    return {
      at,
      message: /^\d+$/.test(text)
        ? `\`${text}\` is no duration: it lacks its unit`
        : `\`${text}\` is no duration: \`500ms\`, \`30s\` and \`1m30s\` are`,
      fixes: meant === undefined ? [] : [changing(unsafe(`Write \`${meant}\``, replace(at, meant)), "HEALTHCHECK")],
    };
  }
  if (duration === 0 || duration >= 1e6) return undefined;
  return { at, message: `\`--${name}\` cannot be less than a millisecond` };
}

/** Of Go's `time.ParseDuration`. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  "\u00b5s": 1e3,
  "\u03bcs": 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;

function nanoseconds(text: string): number | undefined {
  const digits = text.replace(/^[-+]/, "");
  if (digits === "0") return 0;
  if (digits === "" || digits.replaceAll(PART, "") !== "") return undefined;
  const sum = [...digits.matchAll(PART)].reduce((total, [, count, unit]) => total + Number(count) * UNITS[unit!]!, 0);
  return text.startsWith("-") ? -sum : sum;
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:s|secs?|seconds?)?$/, "s"],
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:ms|millis?|milliseconds?)$/, "ms"],
];

/** `30` -> `30s`, `5min` -> `5m`. */
function respelt(text: string): string | undefined {
  const [, count, unit = ""] = /^(\d+)\s*([a-z]*)$/i.exec(text) ?? [];
  const name = NAMES.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1];
  return count === undefined || name === undefined ? undefined : `${count}${name}`;
}

function isTemplate(text: string): boolean {
  return /[{<%@]/.test(text);
}
