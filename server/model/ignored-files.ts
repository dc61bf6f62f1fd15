/**
 * Which files `.dockerignore` leaves out of the build context, as BuildKit reads it (github.com/moby/patternmatcher,
 * `ignorefile.ReadAll` and `MatchesOrParentMatches`).
 */

export interface IgnorePattern {
  /** Without the `!`. */
  readonly text: string;
  /** It brings files back. */
  readonly negated: boolean;
  readonly line: number;
  /** What it matches as a whole; `undefined`: nothing, it is not understood. */
  readonly regex: RegExp | undefined;
}

/** @returns the patterns, in order; lines are counted from 1. */
export function readIgnorePatterns(content: string): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = [];
  for (const [index, line] of content
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.startsWith("#")) continue;
    const trimmed = line.trim();
    const negated = trimmed.startsWith("!");
    const pattern = negated ? trimmed.slice(1).trim() : trimmed;
    if (pattern === "") continue;
    const clean = cleanPath(pattern);
    const text = clean.length > 1 ? clean.replace(/^\//, "") : clean;
    patterns.push({ text, negated, line: index + 1, regex: compile(text) });
  }
  return patterns;
}

/** Whether the pattern matches the path, relative to the context, or a folder that it is in. Fails to `false`. */
export function matchesIgnorePattern({ regex }: IgnorePattern, path: string): boolean {
  if (!regex) return false;
  const parts = cleanPath(path).replace(/^\/+/, "").split("/");
  return parts.some((_, index) => regex.test(parts.slice(0, index + 1).join("/")));
}

/** As Go's `filepath.Clean`. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !path.startsWith("/")) parts.push(part);
  }
  const joined = parts.join("/");
  return path.startsWith("/") ? `/${joined}` : joined || ".";
}

/** Most patterns are asked for again at every key. */
const COMPILED = new Map<string, RegExp | undefined>();
const REMEMBERED = 1000;

function compile(pattern: string): RegExp | undefined {
  if (COMPILED.has(pattern)) return COMPILED.get(pattern);
  if (COMPILED.size === REMEMBERED) COMPILED.clear();
  const regex = compileAnew(pattern);
  COMPILED.set(pattern, regex);
  return regex;
}

function compileAnew(pattern: string): RegExp | undefined {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === "*" && pattern[i + 1] === "*") {
      i++;
      // `**/` is nothing as well.
      if (pattern[i + 1] === "/") i++;
      source += i + 1 >= pattern.length ? ".*" : "(?:.*/)?";
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "\\") {
      source += pattern[i + 1] === undefined ? "\\\\" : escapeLetter(pattern[i + 1]!);
      i++;
    } else if (char === "[" || char === "]") source += char;
    else source += escapeLetter(char);
  }
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    return undefined;
  }
}

function escapeLetter(letter: string): string {
  return letter.replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
}
