/** Where a Dockerfile sets a variable that switches something off: ENV, ARG, and the shell of RUN. */
import type { Command } from "../model/command.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { removeInstruction, removeItem, removeWord } from "./edit.ts";
import { changing, type Edit, type Finding, type Rule, unsafe } from "./rule.ts";

/** A rule's `check`: a variable has a value that it should not have. */
export function variableSettings(name: RegExp, isMeant: (value: string) => boolean, message: string): Rule["check"] {
  return function* check(dockerfile) {
    for (const setting of settingsOf(dockerfile, name)) {
      if (setting.value === undefined || !isMeant(setting.value)) continue;
      yield { at: setting.range, message, ...setting.remedy(`Remove \`${setting.name}\``) };
    }
  };
}

export interface VariableSetting {
  readonly name: string;
  /** `undefined`: not known, or none. */
  readonly value: string | undefined;
  readonly range: Range;
  readonly remedy: (title: string) => Pick<Finding, "fixes" | "refusal">;
}

export function* settingsOf(dockerfile: Dockerfile, name: RegExp): Generator<VariableSetting> {
  for (const stage of dockerfile.stages) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword === "ENV" || instruction.keyword === "ARG") yield* inPairs(stage, instruction, name);
    }
  }
  for (const { run, command } of dockerfile.commands) yield* inShell(run, command, name);
}

function* inPairs(stage: Stage, instruction: Instruction, name: RegExp): Generator<VariableSetting> {
  const { syntax } = stage.dockerfile;
  for (const { key, value, range } of instruction.pairs) {
    if (!name.test(key.value) || !value) continue;
    yield {
      name: key.value,
      value: stage.resolve(value, instruction),
      range,
      remedy: (title) => {
        const isOnly = instruction.pairs.length === 1;
        if (isOnly && instruction.comments.length > 0) return { refusal: "a comment would be lost" };
        const fix = unsafe(title, isOnly ? removeInstruction(syntax, instruction) : removeWord(syntax, range));
        return { fixes: [instruction.keyword === "ENV" ? changing(fix, "ENV") : fix] };
      },
    };
  }
}

function* inShell(run: Run, command: Command, name: RegExp): Generator<VariableSetting> {
  const { shell, words } = command;
  if (!shell) return;
  const { syntax } = run.stage.dockerfile;
  for (const assignment of shell.assignments) {
    if (!name.test(assignment.name)) continue;
    const { range } = assignment;
    const next = shell.assignments.find((other) => other.range.start > range.start)?.range ?? words[0]?.range;
    yield {
      ...assignment,
      remedy: (title) =>
        next && !hasComment(run, range.start, next.start)
          ? { fixes: [unsafe(title, { start: range.start, end: next.start, text: "" })] }
          : itemRemedy(run, command, title),
    };
  }
  // `export NAME=x`, `env NAME=x command`, `sudo NAME=x command`
  const isExport = /^(?:export|declare|typeset)$/.test(shell.name ?? "");
  if (!isExport && command.wrappers.length === 0) return;
  for (const word of words) {
    const [, variable, value] = /^(\w+)=(.*)$/s.exec(word.value ?? "") ?? [];
    if (variable === undefined || !name.test(variable)) continue;
    const others = words.slice(1).filter((other) => other !== word && !other.text.startsWith("-"));
    yield {
      name: variable,
      value,
      range: word.range,
      remedy: (title) =>
        isExport && others.length === 0
          ? itemRemedy(run, command, title)
          : { fixes: [unsafe(title, removeWord(syntax, word))] },
    };
  }
}

/** The fix that takes a whole command out, with its RUN when it is the only one. */
export function itemRemedy(run: Run, command: Command, title: string): Pick<Finding, "fixes" | "refusal"> {
  const edit = removeCommand(run, command);
  return edit ? { fixes: [unsafe(title, edit)] } : { refusal: "the command has to be looked at as a whole" };
}

/** @returns `undefined` where it is part of something else, or a comment would be lost. */
export function removeCommand(run: Run, command: Command): Edit | undefined {
  const { syntax } = run.stage.dockerfile;
  const { instruction } = run;
  const script = run.scriptOf(command);
  const isOnly = run.commands.length === 1 && instruction.heredocs.length === 0;
  if (isOnly && (!script || script.items.length === 1) && instruction.comments.length === 0)
    return removeInstruction(syntax, instruction);
  if (!script || !command.shell || command.shell.item.command !== command.shell) return undefined;
  return removeItem(syntax, script, command.shell.item);
}

function hasComment(run: Run, start: number, end: number): boolean {
  return run.instruction.comments.some(({ range }) => start <= range.start && range.end <= end);
}
