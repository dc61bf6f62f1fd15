/** Starting a program of Node.js itself, without the package manager and the shell in front of it. */
import type { Stage } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { replace } from "./edit.ts";
import { manifest } from "./manifest.ts";
import type { Unwrapped } from "./project-runner.ts";
import type { Start } from "./start-program.ts";

/** A script of `package.json` that a package manager starts. */
export interface PackageScript {
  readonly label: string;
  readonly name: string;
  readonly words: readonly ShellWord[];
  /** Arguments follow. */
  readonly hasArguments: boolean;
}

/** What is taken for granted without it. */
export const WITHOUT_SCRIPT: readonly string[] = [
  "The program reads no variable that npm sets, such as `npm_package_version`.",
  "It answers to SIGTERM: as the first process of a container, Node.js does nothing about it by itself.",
];

/** `npm start`, `npm run x`, `yarn x`: the package manager runs a shell, which runs the script. */
export function packageScript({ name, word, args }: Start): PackageScript | undefined {
  if (!word || !/^(?:npm|yarn|pnpm)$/.test(name ?? "")) return undefined;
  const at = args.findIndex(({ value }) => value !== undefined && !value.startsWith("-"));
  const verb = args[at]?.value;
  if (verb === undefined) return undefined;
  const isRun = verb === "run" || verb === "run-script";
  const script = isRun
    ? args.slice(at + 1).find(({ value }) => value !== undefined && !value.startsWith("-"))
    : args[at];
  if (!script?.value) return undefined;
  // Other subcommands of npm are its own; yarn and pnpm take them for scripts.
  if (!isRun && !/^(?:start|serve|dev)$/.test(verb)) return undefined;
  if (!isRun && name === "npm" && verb !== "start") return undefined;
  const last = args.indexOf(script);
  return {
    label: [name, isRun ? "run" : undefined, script.value].filter(Boolean).join(" "),
    name: script.value,
    words: [word, ...args.slice(0, last + 1)],
    hasArguments:
      last < args.length - 1 ||
      args.slice(0, last).some(({ value }) => value?.startsWith("-") && !/^(?:-s|--silent)$/.test(value)),
  };
}

/** The program that the script starts, in its place; or why it cannot stand there. */
export function withoutScript(stage: Stage, start: Start, script: PackageScript): Unwrapped | string {
  const scripts = scriptsOf(stage);
  if (!scripts) return "what the script runs is not known: there is no `package.json` to look into";
  const command = scripts[script.name];
  const words = typeof command === "string" ? command.trim().split(/\s+/) : [];
  if (words[0] !== "node" || words.length < 2 || !words.every((word) => /^[\w./:=@,+-]+$/.test(word)))
    return `the script \`${script.name}\` is not a plain \`node\` command that could stand here`;
  if (scripts[`pre${script.name}`] !== undefined || scripts[`post${script.name}`] !== undefined)
    return `another script runs before or after \`${script.name}\``;
  if (script.hasArguments || start.instructions.length > 1) return "arguments follow, which npm hands on";
  const place = { start: script.words[0]!.range.start, end: script.words.at(-1)!.range.end };
  return {
    edit: replace(place, words.map((word) => JSON.stringify(word)).join(", ")),
    label: words.join(" "),
  };
}

function scriptsOf(stage: Stage): Readonly<Record<string, unknown>> | undefined {
  const text = manifest(stage, "package.json");
  if (text === undefined) return undefined;
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    return typeof scripts === "object" && scripts !== null ? (scripts as Record<string, unknown>) : {};
  } catch {
    return undefined;
  }
}
