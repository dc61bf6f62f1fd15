import { isDockerFrontend } from "../model/frontend.ts";
import type { Instruction } from "../syntax/parse.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-arguments",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],

  *check({ syntax, text }) {
    if (!isDockerFrontend(syntax)) return;
    const last = syntax.instructions.at(-1);
    for (const outer of syntax.instructions) {
      // Somebody is typing it.
      if (outer === last && !/\n$/.test(text)) continue;
      const instruction = outer.trigger ?? outer;
      const missing = missingFrom(instruction);
      if (missing) yield { at: instruction.keywordRange, message: `\`${instruction.keyword}\` ${missing}` };
    }
  },
});

/** What the builder asks for (frontend/dockerfile/instructions/parse.go); `undefined`: all is there. */
function missingFrom(instruction: Instruction): string | undefined {
  const { keyword, rest, heredocs } = instruction;
  const isEmpty = rest.text === "" && heredocs.length === 0;
  switch (keyword) {
    case "FROM": {
      if (isEmpty) return "needs an image";
      const words = instruction.arguments;
      const isNamed = words.length === 3 && words[1]!.value.toUpperCase() === "AS";
      return words.length === 1 || isNamed ? undefined : "takes an image, and `AS` with a name";
    }
    case "COPY":
    case "ADD":
      return instruction.arguments.length < 2 ? "needs a source and a destination" : undefined;
    case "ENV":
    case "LABEL":
      if (isEmpty) return "needs a name and a value";
      return instruction.pairs.some(({ value }) => !value) ? "needs a value for each name" : undefined;
    case "SHELL":
      return (instruction.json?.length ?? 0) > 0 ? undefined : 'needs its program as a JSON list: `["/bin/sh", "-c"]`';
    case "HEALTHCHECK":
      return isEmpty ? "needs `CMD` with a command, or `NONE`" : undefined;
    case "ARG":
    case "EXPOSE":
    case "ONBUILD":
    case "RUN":
    case "STOPSIGNAL":
    case "USER":
    case "VOLUME":
    case "WORKDIR":
    case "MAINTAINER":
      if (isEmpty) return "needs an argument";
      return keyword === "VOLUME" && instruction.json?.some(({ value }) => value.trim() === "")
        ? "needs a path, not an empty string"
        : undefined;
    default:
      return undefined;
  }
}
