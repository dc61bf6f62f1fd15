/** Programs that run what comes in through a pipe. */
import type { Command } from "../model/command.ts";
import { readOptions } from "./options.ts";

export const SHELLS = /^(?:ba|da|a|z|k|mk|fi)?sh$/;
export const INTERPRETERS = /^(?:python[\d.]*|perl|ruby|node|php[\d.]*|pwsh)$/;

/** It reads its program from the input: no file, no `-c`, no `-m`. */
export function runsInput({ program = "", args }: Command): boolean {
  if (SHELLS.test(program)) {
    const { options, operands } = readOptions(args, new Set(["-o", "-O", "--rcfile", "--init-file"]));
    const names = options.map(({ name }) => name);
    if (names.includes("-c")) return false;
    const [operand] = operands;
    return names.includes("-s") || operand === undefined || operand.value === "-" || operand.value === "/dev/stdin";
  }
  const first = args.findIndex(({ value, text }) => !/^-./.test(value ?? text) || value === "--");
  const options = args.slice(0, first === -1 ? undefined : first);
  const operand = first === -1 ? undefined : args[first]!;
  if (!INTERPRETERS.test(program)) return false;
  if (options.some(({ value }) => !/^-[uBEISsq]+$/.test(value ?? ""))) return false;
  return operand === undefined || operand.value === "-" || operand.value === "--";
}
