/** What a container of a stage runs: ENTRYPOINT and CMD together. */
import type { Instruction } from "../syntax/parse.ts";
import { parseShell } from "../syntax/shell.ts";
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

function commandsOf(instruction: Instruction | undefined, stage: Stage): readonly Command[] {
  if (!instruction) return [];
  if (instruction.json) {
    const command = commandOfJson(instruction.json);
    return command ? [command] : [];
  }
  if (!stage.shellBefore(instruction).posix) return [];
  return parseShell(instruction.rest).commands.map(commandOf);
}
