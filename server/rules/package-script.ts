/** What `npm run name` and its like run: the command of a script in `package.json`. */
import { baseName, type Command, commandOf } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { parseShell } from "../syntax/shell.ts";
import { LogicalText } from "../syntax/text.ts";
import { manifest } from "./manifest.ts";
import { startsOf } from "./start-program.ts";

/**
 * The words of the program that a command comes to, through `npx` and the scripts of `package.json`.
 * `undefined`: not known, or more than one plain command.
 */
export function scriptWords(stage: Stage, { program, args }: Command): readonly string[] | undefined {
  const words = [program ?? "", ...args.map(({ value, text }) => value ?? text)];
  return resolve(stage, words, 3);
}

/**
 * The words of every program that the container's start comes to: behind init programs and `npx`, in `sh -c`, and in the scripts of
 * `package.json`, those included that npm runs before and after. What cannot be followed stays as it is.
 */
export function startedPrograms(stage: Stage): readonly (readonly string[])[] {
  return startsOf(stage).flatMap(({ name, args }) =>
    follow(stage, [name ?? "", ...args.map(({ value, text }) => value ?? text)], 5),
  );
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

function follow(stage: Stage, words: readonly string[], depth: number): readonly (readonly string[])[] {
  const [first = "", second = "", third = ""] = words;
  if (depth === 0) return [words];
  if (/^(?:ba|da|a)?sh$/.test(first) && /^-\w*c$/.test(second)) return followText(stage, third, depth - 1);
  if (/^(?:npx|bunx|cross-env(?:-shell)?|dotenv|env-cmd)$/.test(first)) {
    const from = words.findIndex(
      (word, index) => index > 0 && !/^-|=/.test(word) && !/^-[ef]$/.test(words[index - 1]!),
    );
    return from === -1 ? [words] : follow(stage, words.slice(from), depth - 1);
  }
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(first))
    return [[baseName(first).replace(/(?<=.)@[\d.]+$/, ""), ...words.slice(1)]];
  const from = words.findIndex(
    (word, index) => index > 0 && !word.startsWith("-") && !/^(?:run|run-script|exec)$/.test(word),
  );
  const name = words[from];
  if (name === undefined) return [words];
  const found = [`pre${name}`, name, `post${name}`].flatMap((one) => scriptOf(stage, one) ?? []);
  if (found.length > 0) return found.flatMap((text) => followText(stage, text, depth - 1));
  // Yarn and pnpm run programs of the project, too.
  return /^(?:yarn|pnpm)$/.test(first) && scriptOf(stage, name) === undefined && manifest(stage, "package.json")
    ? follow(stage, words.slice(from), depth - 1)
    : [words];
}

function followText(stage: Stage, text: string, depth: number): readonly (readonly string[])[] {
  const { commands } = parseShell(new LogicalText(text, [{ start: 0, end: text.length }]));
  return commands
    .map(commandOf)
    .flatMap(({ program, args }) =>
      follow(stage, [program ?? "", ...args.map(({ value, text: written }) => value ?? written)], depth),
    );
}
