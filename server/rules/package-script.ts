/** What `npm run name` and its like run: the command of a script in `package.json`. */
import type { Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { manifest } from "./manifest.ts";

/**
 * The words of the program that a command comes to, through `npx` and the scripts of `package.json`.
 * `undefined`: not known, or more than one plain command.
 */
export function scriptWords(stage: Stage, { program, args }: Command): readonly string[] | undefined {
  const words = [program ?? "", ...args.map(({ value, text }) => value ?? text)];
  return resolve(stage, words, 3);
}

/** The command of a script; `undefined`: not known. */
export function scriptOf(stage: Stage, name: string): string | undefined {
  try {
    const known: unknown = JSON.parse(manifest(stage, "package.json") ?? "{}");
    const script = (known as { scripts?: Record<string, unknown> }).scripts?.[name];
    return typeof script === "string" ? script : undefined;
  } catch {
    return undefined;
  }
}

function resolve(stage: Stage, words: readonly string[], depth: number): readonly string[] | undefined {
  const [first = "", ...rest] = words;
  if (words.some((word) => /[$`;&|<>]/.test(word)) || depth === 0) return undefined;
  if (first === "npx" || first === "bunx") {
    const from = rest.findIndex((word) => !/^(?:-y|--yes|--)$/.test(word));
    return from === -1 || rest[from]!.startsWith("-") ? undefined : resolve(stage, rest.slice(from), depth - 1);
  }
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(first)) return [first.replace(/@[\d.]+$/, ""), ...rest];
  const isRun = rest[0] === "run" || rest[0] === "run-script";
  const name = isRun ? rest[1] : rest[0];
  const more = rest.slice(isRun ? 2 : 1);
  if (name === undefined || name.startsWith("-")) return undefined;
  const passed = more[0] === "--" ? more.slice(1) : first === "npm" ? [] : more;
  if (first === "npm" && more.length > 0 && more[0] !== "--") return undefined;
  const script = isRun || first !== "npm" || /^(?:start|test)$/.test(name) ? scriptOf(stage, name) : undefined;
  if (script === undefined) return isRun || first === "npm" ? undefined : [name, ...more];
  return resolve(stage, [...script.trim().split(/\s+/), ...passed], depth - 1);
}
