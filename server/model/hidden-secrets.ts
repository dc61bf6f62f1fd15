/** What of a Dockerfile must not be shown or logged. */
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import type { Dockerfile } from "./dockerfile.ts";
import { classifyValue, findSecretForms, judgeAssignment, redact } from "./secrets.ts";

export class HiddenSecrets {
  /** In order; they do not overlap. */
  readonly ranges: readonly Range[];
  readonly #text: string;

  constructor(dockerfile: Dockerfile) {
    this.#text = dockerfile.text;
    this.ranges = merge(findSecrets(dockerfile).flatMap((secret) => occurrencesOf(secret, dockerfile.text)));
  }

  /** A text that has something of the Dockerfile, without its secrets. */
  hide(text: string): string {
    let hidden = text;
    for (const { start, end } of this.ranges) {
      for (const line of this.#text.slice(start, end).split(/\r?\n/)) {
        if (line.trim().length >= SHORTEST) hidden = hidden.replaceAll(line, redact(line));
      }
    }
    return hidden;
  }
}

/** What must not be shown: secrets by their form, and what names call one. Placeholders are no secrets. */
function findSecrets(dockerfile: Dockerfile): readonly Range[] {
  const { text, context, syntax } = dockerfile;
  const known = [...(context.secrets ?? []), ...findSecretForms(text)].filter(({ placeholder }) => !placeholder);
  const pairs = syntax.instructions
    .map((instruction: Instruction) => instruction.trigger ?? instruction)
    .flatMap((instruction) =>
      instruction.pairs.flatMap(({ key, value }) =>
        value && isSecret(key.value, value.value) ? [withoutQuotes(text, value.range)] : [],
      ),
    );
  const variables = dockerfile.commands
    .flatMap(({ command }) => command.shell?.assignments ?? [])
    .flatMap(({ name, value, range }) =>
      value !== undefined && isSecret(name, value)
        ? [withoutQuotes(text, { start: range.start + name.length + 1, end: range.end })]
        : [],
    );
  // `export NAME=value`, `--password=value`.
  const words = dockerfile.commands
    .flatMap(({ command }) => command.words)
    .flatMap(({ text: word, range }) => {
      const [start, name, value] = /^["']?(?:--)?([A-Za-z_][\w.-]*)=(.+)$/s.exec(word) ?? [];
      if (start === undefined || !isSecret(name!, value!.replace(/^["']|["']$/g, ""))) return [];
      return [withoutQuotes(text, { start: range.start + word.indexOf("=") + 1, end: range.end })];
    });
  return [...known.map((secret) => wholeKey(text, secret)), ...pairs, ...variables, ...words];
}

function isSecret(name: string, value: string): boolean {
  const { verdict } = judgeAssignment({ name, value, kind: "env" });
  return verdict === "secret" && classifyValue(value) !== "reference";
}

/** A private key to its end, of which a finding may only have the beginning. */
function wholeKey(text: string, { start, end }: Range): Range {
  if (!text.startsWith("-----BEGIN", start)) return { start, end };
  const tail = /-----END [A-Z0-9 ]+-----/g;
  tail.lastIndex = start;
  const match = tail.exec(text);
  return { start, end: Math.max(end, match ? match.index + match[0].length : text.length) };
}

function withoutQuotes(text: string, { start, end }: Range): Range {
  const quote = text[start];
  const isQuoted = end - start > 1 && (quote === '"' || quote === "'") && text[end - 1] === quote;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** A shorter value stands for too much else, and is hardly a secret. */
const SHORTEST = 4;

/** The secret itself, and wherever else the same stands. */
function occurrencesOf(secret: Range, text: string): readonly Range[] {
  const value = text.slice(secret.start, secret.end);
  const found: Range[] = [secret];
  if (value.trim().length < SHORTEST) return found;
  for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + value.length))
    found.push({ start, end: start + value.length });
  return found;
}

function merge(ranges: readonly Range[]): readonly Range[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of ranges
    .filter((range) => range.start < range.end)
    .toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
