/** What a container of a stage runs: ENTRYPOINT and CMD together. */
import type { Instruction } from "../syntax/parse.ts";
import { parseShell, type ShellScript } from "../syntax/shell.ts";
import { LogicalText, type Range } from "../syntax/text.ts";
import { type Command, commandOf, commandOfJson } from "./command.ts";
import type { Stage } from "./stage.ts";

/** The commands of ENTRYPOINT, or of CMD where there is none: the first is what the container starts. */
export function startCommands(stage: Stage): readonly Command[] {
  const entrypoint = stage.last("ENTRYPOINT");
  const isReset = entrypoint?.json?.length === 0;
  return commandsOf(entrypoint && !isReset ? entrypoint : stage.last("CMD"), stage);
}

/** The words of ENTRYPOINT and CMD, as far as they are known. */
export function startWords(stage: Stage): readonly string[] {
  const words = ["ENTRYPOINT", "CMD"]
    .flatMap((keyword) => commandsOf(stage.last(keyword), stage))
    .flatMap((command) => command.words);
  return words.map(({ value, text }) => value ?? text);
}

/**
 * The script of `["sh", "-c", "script"]`, with the places that its words have in the file.
 * @returns `undefined` for what is no such command, and where JSON's escapes stand for other characters than they are.
 */
export function scriptOf({ program, args }: Command, source: string): ShellScript | undefined {
  const [option, word] = args;
  if (!/^(?:sh|bash|ash|dash)$/.test(program ?? "") || !/^-[a-z]*c$/.test(option?.value ?? "") || !word)
    return undefined;
  const { start, end } = word.range;
  // It reaches over several lines.
  if (end - start !== word.text.length || !/^"(?:[^\\]|\\["\\/])*"$/.test(word.text)) return undefined;
  const pieces: Range[] = [];
  let from = start + 1;
  for (const { index } of word.text.matchAll(/\\./g)) {
    pieces.push({ start: from, end: start + index });
    from = start + index + 1;
  }
  return parseShell(new LogicalText(source, [...pieces, { start: from, end: end - 1 }]));
}

function commandsOf(instruction: Instruction | undefined, stage: Stage): readonly Command[] {
  if (!instruction) return [];
  if (instruction.json) {
    const command = commandOfJson(instruction.json);
    const script = command && scriptOf(command, stage.dockerfile.text);
    return script?.commands.map(commandOf) ?? (command ? [command] : []);
  }
  if (!stage.shellBefore(instruction).posix) return [];
  return parseShell(instruction.rest).commands.map(commandOf);
}
