import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { removeInstruction, removeWord } from "./edit.ts";
import { removeArguments } from "./package-rules.ts";
import { changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "trusted-pip-host",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_4", "checkov/CKV2_DOCKER_16"],
  fix: "unsafe",
  assumes: "Every server that is asked has a certificate that the image trusts.",
  mentions: /trusted/i,

  *check(dockerfile) {
    for (const { run, command, manager } of dockerfile.packageOperations) {
      if (manager !== "pip") continue;
      for (const [index, word] of command.args.entries()) {
        const value = word.value ?? word.text.replaceAll(/["']/g, "");
        if (!/^--trusted-host(?:=|$)/.test(value)) continue;
        const next = value.includes("=") ? undefined : command.args[index + 1];
        const host = next ? next.value : value.slice(value.indexOf("=") + 1);
        if (isLocal(host)) continue;
        const words = next ? [word, next] : [word];
        yield {
          at: { start: word.range.start, end: words.at(-1)!.range.end },
          message: MESSAGE,
          fixes: [unsafe("Remove `--trusted-host`", removeArguments(run, command, ...words))],
        };
      }
      const setting = command.args.find(({ value }) => /^(?:global|install)\.trusted-host$/.test(value ?? ""));
      if (setting && command.args.some(({ value }) => value === "set") && !isLocal(command.args.at(-1)?.value))
        yield { at: setting.range, message: MESSAGE, refusal: "the command has to be looked at as a whole" };
    }
    for (const { command } of dockerfile.commands) {
      for (const { name, value, range } of command.shell?.assignments ?? [])
        if (name === "PIP_TRUSTED_HOST" && value !== "" && !isLocal(value))
          yield { at: range, message: MESSAGE, refusal: "the command has to be looked at as a whole" };
      for (const { text, range } of command.program === "export" || command.wrappers.length > 0 ? command.words : [])
        if (/^PIP_TRUSTED_HOST=./.test(text) && !isLocal(text.slice(text.indexOf("=") + 1)))
          yield { at: range, message: MESSAGE, refusal: "the command has to be looked at as a whole" };
    }
    for (const stage of dockerfile.stages)
      for (const instruction of stage.instructions) yield* inVariables(stage, instruction);
  },
});

const MESSAGE = "pip trusts this host without asking for its certificate";

function* inVariables(stage: Stage, instruction: Instruction): Generator<Finding> {
  if (instruction.keyword !== "ENV" && instruction.keyword !== "ARG") return;
  for (const { key, value, range } of instruction.pairs) {
    const known = value && stage.resolve(value, instruction);
    if (key.value !== "PIP_TRUSTED_HOST" || !value || known === "" || isLocal(known)) continue;
    const { syntax } = stage.dockerfile;
    const isOnly = instruction.pairs.length === 1;
    const remove: Fix =
      isOnly && instruction.comments.length > 0
        ? unsafe("", [])
        : unsafe(
            "Remove `PIP_TRUSTED_HOST`",
            isOnly ? removeInstruction(syntax, instruction) : removeWord(syntax, range),
          );
    yield {
      at: range,
      message: MESSAGE,
      ...(remove.edits.length > 0
        ? { fixes: [instruction.keyword === "ENV" ? changing(remove, "ENV") : remove] }
        : { refusal: "a comment would be lost" }),
    };
  }
}

/** Nobody stands in front of it. */
function isLocal(host: string | undefined): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(?::\d+)?$/.test(host ?? "");
}
