import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { prependCommand, removeInstruction, removeItem } from "./edit.ts";
import { APT, byRun, laterListUses, operationsOf, UNRELATED } from "./package-rules.ts";
import { defineRule, type Edit, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "lone-apt-update",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    "trivy/DS-0017",
    "checkov/CKV_DOCKER_5",
    "kics/update_instruction_alone",
    "sonar/S6595",
    "dockle/CIS-DI-0007",
  ],
  fix: "safe",
  assumes: "Nothing between the two needs the lists.",

  *check(dockerfile) {
    const operations = new Map(dockerfile.packageOperations.map((operation) => [operation.command, operation]));
    for (const [run, updates] of byRun(operationsOf(dockerfile.packageOperations, APT, ["update"]))) {
      const update = updates.at(-1)!;
      const { command } = update;
      if (command.shell?.place === "function") continue;
      const following = run.commands.filter(({ range }) => range.start > command.range.start);
      if (following.some((one) => mayUseLists(one, operations.get(one)))) continue;
      const use = laterListUses(run)[0];
      yield {
        at: command.range,
        message: `\`${update.manager} update\` stands alone in its layer, which the build cache keeps while the lists in it grow old`,
        related: use ? [{ at: use.command.range, message: "this works with the lists of that layer" }] : [],
        ...repair(update, use),
      };
    }
  },
});

/** Anything but what is known to have nothing to do with packages. */
function mayUseLists({ program }: Command, operation: PackageOperation | undefined): boolean {
  if (operation && APT.includes(operation.manager))
    return operation.action !== "update" && operation.action !== "clean";
  return !UNRELATED.has(program ?? "");
}

function repair(
  update: PackageOperation,
  use: { readonly run: Run; readonly command: Command } | undefined,
): Pick<Finding, "fixes" | "refusal"> {
  const { run, command } = update;
  if (!use) return { refusal: "nothing below is known to install from these lists" };
  const uses = new Set(laterListUses(run).map((one) => one.run));
  if (uses.size > 1)
    return { refusal: "more than one `RUN` below works with these lists; each needs an update of its own" };
  const edits = moving(run, command, use);
  if (!edits) return { refusal: "the two instructions are not written in a way that lets the command move" };
  const { instructions } = run.stage;
  const isNext = instructions[instructions.indexOf(run.instruction) + 1] === use.run.instruction;
  const isFirst = use.run.commands.every((one) => one === use.command || isQuiet(one, use.command));
  const isPlain = use.command.shell?.item.command === use.command.shell;
  const offer = isNext && isFirst && isPlain ? safe : unsafe;
  return { fixes: [offer(`Move it in front of \`${use.command.program}\` below`, edits)] };
}

/** It runs later, or changes nothing that an update looks at. */
function isQuiet(one: Command, use: Command): boolean {
  return one.range.start > use.range.start || /^(?:set|export|echo)$/.test(one.program ?? "") || one.words.length === 0;
}

function moving(
  run: Run,
  command: Command,
  use: { readonly run: Run; readonly command: Command },
): readonly Edit[] | undefined {
  const { dockerfile } = run.stage;
  const { text, syntax } = dockerfile;
  const written = command.shell
    ? text.slice(command.range.start, command.range.end)
    : command.words.map(({ value }) => value).join(" ");
  if (written.includes("\n") || !/^[\w\s./=:-]+$/.test(written)) return undefined;
  const flagsOf = ({ instruction }: Run): string =>
    instruction.flags.map(({ range }) => text.slice(range.start, range.end)).join(" ");
  if (flagsOf(run) !== flagsOf(use.run) || run.stage !== use.run.stage || run.onbuild !== use.run.onbuild)
    return undefined;
  const added = prependCommand(use.run, written, use.command);
  const removed = removal();
  return added && removed && [removed, added];

  function removal(): Edit | undefined {
    const { instruction } = run;
    if (instruction.json) return removeInstruction(syntax, instruction);
    const { script } = run;
    const item = script?.items.find((one) => one.command !== undefined && one.command === command.shell);
    if (!script || !item || script.errors.length > 0) return undefined;
    if (script.items.length > 1) return removeItem(syntax, script, item);
    return instruction.comments.length > 0 ? undefined : removeInstruction(syntax, instruction);
  }
}
