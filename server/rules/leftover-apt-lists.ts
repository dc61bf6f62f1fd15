import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import {
  APT,
  byRun,
  cleaning,
  covering,
  isDeleted,
  isMounted,
  laterListUses,
  laterRuns,
  operationsOf,
} from "./package-rules.ts";
import { defineRule, type Finding, type Related } from "./rule.ts";

export default defineRule({
  id: "leftover-apt-lists",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [
    "hadolint/DL3009",
    "kics/apt_get_install_lists_were_not_deleted",
    "semgrep/remove-package-lists",
    "semgrep/remove-package-cache",
    "sonar/S6587",
    "dockle/DKL-DI-0005",
  ],
  fix: "safe",
  concerns: "image",

  *check(dockerfile) {
    const removals = dockerfile.commands.map(({ command }) => command).filter(removesLists);
    for (const [run, updates] of byRun(operationsOf(dockerfile.packageOperations, APT, ["update"]))) {
      const update = updates.at(-1)!;
      if (!run.stage.isInImage || isMounted(run, covering("/var/lib/apt/lists"))) continue;
      if (isDeleted(run, update.command, LISTS) || isDistClean(update)) continue;
      yield {
        at: update.verb.range,
        message: `The package lists that \`${update.manager} update\` fetches stay in the layer`,
        related: tooLate(update, removals),
        ...repair(update),
      };
    }
  },
});

/** `/var/lib/apt/lists/*`, and what is around it; also inside braces. */
const LISTS = /\/var\/lib\/(?:apt(?![\w-])|\*|\{[^}]*\bapt(?![\w-])|["']?$)/;

function removesLists({ program, args }: Command): boolean {
  return program === "rm" && args.some(({ text }) => LISTS.test(text));
}

function isDistClean({ run, command }: PackageOperation): boolean {
  return run.commands.some(
    ({ args, range }) =>
      range.start > command.range.start && args.some(({ value }) => /^dist-?clean$/.test(value ?? "")),
  );
}

function tooLate(update: PackageOperation, removals: readonly Command[]): readonly Related[] {
  if (!removals.some((removal) => removal.range.start > update.command.range.start)) return [];
  const late = laterRuns(update.run)
    .flatMap((run) => run.commands)
    .find((command) => removals.includes(command));
  return late ? [{ at: late.range, message: "Deleting them in another layer makes the image no smaller" }] : [];
}

function repair(update: PackageOperation): Pick<Finding, "fixes" | "refusal"> {
  const { run, command } = update;
  if (run.commands.at(-1) === command)
    return { refusal: "nothing in this `RUN` uses the lists; what does should stand here too" };
  if (laterListUses(run).length > 0) return { refusal: "a later `RUN` works with these lists" };
  return cleaning(update, "rm -rf /var/lib/apt/lists/*");
}
