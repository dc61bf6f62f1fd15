/** Which program reads the Dockerfile: `# syntax=` names it. */
import type { Directive } from "../syntax/lines.ts";
import type { Instruction, Syntax } from "../syntax/parse.ts";
import type { Dockerfile } from "./dockerfile.ts";

/** Docker's own, in any version; another one may know more instructions and flags. */
export function isDockerFrontend(syntax: Syntax): boolean {
  const frontend = syntaxDirective(syntax)?.value ?? "docker/dockerfile";
  return /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(frontend);
}

/**
 * The newest minor version 1.x that the directive lets in: `docker/dockerfile:1.4` is 4, `docker/dockerfile:1` is Infinity.
 * `undefined`: not known. Without a directive, that depends on who builds.
 */
export function frontendMinor(syntax: Syntax): number | undefined {
  const value = syntaxDirective(syntax)?.value;
  if (value === undefined || !isDockerFrontend(syntax)) return undefined;
  const version = /:([^@]*)/.exec(value)?.[1];
  // A digest may be of any.
  if (version === undefined || version === "") return value.includes("@") ? undefined : Number.POSITIVE_INFINITY;
  // The channels before there were stable mounts.
  if (/^(?:1\.0-)?experimental$/.test(version)) return 0;
  if (/^(?:1(?:-labs)?|labs|latest|master(?:-labs)?)$/.test(version)) return Number.POSITIVE_INFINITY;
  const minor = /^1\.(\d+)(?:[.-]|$)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** `# syntax=...`, where it counts. */
export function syntaxDirective({ directives }: Syntax): Directive | undefined {
  return directives.find(({ name }) => name === "syntax");
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
