import type { Instruction } from "../syntax/parse.ts";
import { insertAfter, insertBefore, remove, replace } from "./edit.ts";
import { type Contract, changing, defineRule, type Edit, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "malformed-exec-form",
  category: "correctness",
  severity: "error",
  weight: "medium",
  aliases: ["hadolint/DL3025", "buildkit/JSONArgsRecommended", "sonar/S7030"],
  fix: "safe",
  assumes: "It is meant as a list: so far, the line is taken as it stands.",

  *check({ stages, syntax }) {
    const last = syntax.instructions.at(-1);
    for (const instruction of stages.flatMap((stage) => stage.instructions)) {
      const { keyword, rest, json } = instruction;
      if (json || !["RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME"].includes(keyword) || !looksLikeList(rest.text))
        continue;
      // Somebody is typing.
      if ((instruction.onbuild ?? instruction) === last && !rest.text.includes("]")) continue;
      yield { at: rest.range, ...judge(instruction) };
    }
  },
});

/** Not the `[ -f x ]` of a shell. */
function looksLikeList(text: string): boolean {
  if (/^\[\s*\]$/.test(text)) return false;
  return (
    /^\[\s*["'“”‘’`]?[^\s"'“”‘’`,\]]*["'“”‘’`]?\s*(?:,|\]$)/.test(text) ||
    /^\[\s*(["'“‘])[^"'”’]*["'”’]\s*,?\s*["'“‘\]]/.test(text)
  );
}

function judge(instruction: Instruction): Omit<Finding, "at"> {
  const { rest, keyword, comments } = instruction;
  const message = `This is no valid JSON, so it is ${keyword === "SHELL" ? "an error" : keyword === "VOLUME" ? "read word by word" : "run by a shell, brackets and all"}`;
  const read = readList(rest.text);
  if (!read || comments.length > 0) return { message, refusal: "where its strings begin and end is not known" };
  const edits = read.changes.map(({ start, end, text }): Edit => {
    if (start === end)
      return start === 0 ? insertBefore(rest.range, text) : insertAfter(rest.rangeOf(start - 1, start), text);
    const range = rest.rangeOf(start, end);
    return text === "" ? remove(range) : replace(range, text);
  });
  const contracts = (["CMD", "ENTRYPOINT", "VOLUME"] as const).filter(
    (one): one is Contract & typeof one => one === keyword,
  );
  return {
    message,
    // No program is called `[node,`: as it is, it fails. A volume may be.
    fixes: [
      changing(
        (read.onlyQuotes && keyword !== "VOLUME" ? safe : unsafe)(
          read.onlyQuotes ? "Write double quotes" : "Write it as JSON",
          edits,
        ),
        ...contracts,
      ),
    ],
  };
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "“": "”", "‘": "’", "”": "”", "’": "’" };

/** What would make JSON of it, in indexes; `undefined`: it is too far from it. */
function readList(text: string): { changes: readonly Change[]; onlyQuotes: boolean } | undefined {
  const changes: Change[] = [];
  let onlyQuotes = true;
  let i = 1;
  let comma: number | undefined;
  let end: number | undefined;
  for (;;) {
    while (/\s/.test(text[i] ?? "")) i++;
    const char = text[i];
    if (char === undefined || char === "]") break;
    if (char === ",") {
      if (comma !== undefined || end === undefined) return undefined;
      comma = i++;
      continue;
    }
    if (end !== undefined && comma === undefined) {
      changes.push({ start: end, end, text: "," });
      onlyQuotes = false;
    }
    comma = undefined;
    const start = i;
    const closing = CLOSING[char];
    if (closing === undefined) {
      while (i < text.length && !/[\s,\]"'“”‘’]/.test(text[i]!)) i++;
      const word = text.slice(start, i);
      if (/[$`\\&|;<>()]/.test(word)) return undefined;
      changes.push({ start, end: i, text: JSON.stringify(word) });
      onlyQuotes = false;
    } else {
      const close = text.indexOf(closing, i + 1);
      if (close === -1) return undefined;
      i = close + 1;
      const inner = text.slice(start + 1, close);
      if (inner.includes("\\")) return undefined;
      if (char !== '"') {
        changes.push({ start, end: start + 1, text: '"' });
        for (const { index } of inner.matchAll(/"/g)) {
          changes.push({ start: start + 1 + index, end: start + 2 + index, text: '\\"' });
        }
        changes.push({ start: close, end: close + 1, text: '"' });
      }
    }
    end = i;
  }
  if (end === undefined) return undefined;
  if (comma !== undefined) {
    changes.push({ start: comma, end: comma + 1, text: "" });
    onlyQuotes = false;
  }
  if (text[i] === undefined) {
    changes.push({ start: text.length, end: text.length, text: "]" });
    onlyQuotes = false;
  } else if (text.slice(i + 1).trim() !== "") return undefined;
  return { changes, onlyQuotes };
}
