/** Which program reads the Dockerfile: `# syntax=` names it. */
import type { Instruction, Syntax } from "../syntax/parse.ts";
import type { Dockerfile } from "./dockerfile.ts";

/** Docker's own, in any version; another one may know more instructions and flags. */
export function isDockerFrontend({ directives }: Syntax): boolean {
  const frontend = directives.find(({ name }) => name === "syntax")?.value ?? "docker/dockerfile";
  return /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(frontend);
}

/**
 * The instructions of all stages that Docker's own frontend is going to judge. The last one is left out while the file does
 * not end with a line end: somebody is typing it. None with another frontend.
 */
export function judgedInstructions({ syntax, stages }: Dockerfile): readonly Instruction[] {
  if (!isDockerFrontend(syntax)) return [];
  const typed = typedInstruction(syntax);
  const all = stages.flatMap((stage) => stage.instructions);
  return typed ? all.filter((instruction) => (instruction.onbuild ?? instruction) !== typed) : all;
}

/** The last instruction, while the file does not end with a line end: somebody is typing it. */
export function typedInstruction({ instructions, text }: Syntax): Instruction | undefined {
  return text.endsWith("\n") ? undefined : instructions.at(-1);
}
