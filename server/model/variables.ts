/**
 * The variables that the builder itself expands in an instruction (frontend/dockerfile/instructions/commands.go, the
 * `Expand` methods): not those of a shell, and not those of CMD, ENTRYPOINT and HEALTHCHECK.
 */
import type { Instruction, Variable } from "../syntax/parse.ts";
import { findVariables } from "../syntax/words.ts";

/** What BuildKit defines before the first FROM; their values depend on the builder. */
export const PLATFORM_ARGUMENTS: readonly string[] = [
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETARCH",
  "TARGETVARIANT",
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDARCH",
  "BUILDVARIANT",
  "TARGETSTAGE",
];

/** In source offsets, those of unquoted heredocs of COPY and ADD included. */
export function builderVariables(instruction: Instruction): readonly Variable[] {
  switch (instruction.keyword) {
    case "ENV":
    case "LABEL":
    case "ARG":
      return instruction.pairs.flatMap(({ key, value }) => [...key.variables, ...(value?.variables ?? [])]);
    case "COPY":
    case "ADD":
      return [...flagVariables(instruction), ...argumentVariables(instruction), ...bodyVariables(instruction)];
    case "RUN":
      return flagVariables(instruction);
    case "EXPOSE":
    case "STOPSIGNAL":
    case "USER":
    case "VOLUME":
    case "WORKDIR":
      return argumentVariables(instruction);
    default:
      return [];
  }
}

function flagVariables({ flags }: Instruction): readonly Variable[] {
  return flags.flatMap(({ value }) => value?.variables ?? []);
}

function argumentVariables(instruction: Instruction): readonly Variable[] {
  if (instruction.json) return instruction.json.flatMap((word) => word.variables);
  const { rest } = instruction;
  return rest.text === "" ? [] : instruction.word(rest, { start: 0, end: rest.text.length }).variables;
}

/** Quotes mean nothing there, and the escape is always a backslash. */
function bodyVariables({ heredocs }: Instruction): readonly Variable[] {
  return heredocs
    .filter((heredoc) => !heredoc.quoted)
    .flatMap(({ body }) =>
      findVariables(body.text.replace(/['"]/g, " "), "\\").map(({ name, nameRange, range, operator, operand }) => ({
        name,
        nameRange: body.rangeOf(nameRange.start, nameRange.end),
        range: body.rangeOf(range.start, range.end),
        operator,
        operand,
      })),
    );
}
