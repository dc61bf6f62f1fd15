import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { insertArguments, removeInstruction, removeItem, replace } from "./edit.ts";
import { byRun, covering, isDeleted, isMounted, laterRuns, nameOf, operationsOf } from "./package-rules.ts";
import { defineRule, type Edit, type Finding, safe } from "./rule.ts";

export default defineRule({
  id: "apk-cache",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3019",
    "trivy/DS-0025",
    "kics/apk_add_using_local_cache_path",
    "semgrep/missing-apk-no-cache",
    "sonar/S6587",
    "dockle/DKL-DI-0004",
  ],
  fix: "safe",
  concerns: "image",
  mentions: /apk/,

  *check(dockerfile) {
    const operations = operationsOf(dockerfile.packageOperations, ["apk"], ["install", "upgrade", "update"]);
    for (const [run, all] of byRun(operations)) {
      if (!run.stage.isInImage || isMounted(run, covering("/var/cache/apk", "/etc/apk/cache"))) continue;
      const leaving = all.filter(
        (operation) => operation.has("--no-cache") === false && !isDeleted(run, operation.command, INDEX),
      );
      const adds = leaving.filter(({ action }) => action !== "update");
      const updates = all.filter(({ action }) => action === "update");
      for (const add of adds) {
        const removals = adds.length === 1 ? updates.flatMap((update) => removal(update, [add]) ?? []) : [];
        yield {
          at: add.verb.range,
          message: `\`${nameOf(add)}\` leaves the package index in the layer`,
          fixes: [safe("Add `--no-cache`", noCache(add), removals)],
        };
      }
      const update = adds.length === 0 && leaving.at(-1);
      if (!update) continue;
      const edit = removal(update, []);
      yield {
        at: update.command.range,
        message: "`apk update` leaves the package index in the layer",
        ...(edit ? { fixes: [safe("Remove it: `--no-cache` fetches the index anew", edit)] } : refused(run, update)),
      };
    }
  },
});

const INDEX = /\/var\/cache\/?(?:apk|\*|["']?$|\{[^}]*\bapk\b)/;

/** In place of `--update`, which it implies. */
function noCache({ command, verb }: PackageOperation): Edit {
  const update = command.args.find(({ value }) => /^(?:--update|--update-cache|-U)$/.test(value ?? ""));
  if (!update) return insertArguments(command, verb, "--no-cache");
  return replace(update, command.shell ? "--no-cache" : '"--no-cache"');
}

/** Takes out an `apk update`, when all that comes after it fetches the index anew, or will. */
function removal(update: PackageOperation, fixed: readonly PackageOperation[]): Edit | undefined {
  const { run, command } = update;
  const { syntax } = run.stage.dockerfile;
  const { script, instruction } = run;
  if (!script || script.errors.length > 0 || readers(update, fixed).length > 0) return undefined;
  const item = script.items.find((one) => one.command !== undefined && one.command === command.shell);
  if (!item) return undefined;
  if (script.items.length > 1) return removeItem(syntax, script, item);
  return instruction.comments.length > 0 ? undefined : removeInstruction(syntax, instruction);
}

/** What works with the index as it is: `apk search`, `apk add` without `--no-cache`. */
function readers({ run, command }: PackageOperation, fixed: readonly PackageOperation[]): readonly PackageOperation[] {
  const runs = [run, ...laterRuns(run)];
  return run.stage.dockerfile.packageOperations.filter(
    (operation) =>
      operation.manager === "apk" &&
      runs.includes(operation.run) &&
      operation.command.range.start > command.range.start &&
      !/^(?:update|remove|clean)$/.test(operation.action) &&
      !fixed.includes(operation) &&
      operation.has("--no-cache") !== true,
  );
}

function refused(run: Run, update: PackageOperation): Pick<Finding, "refusal"> {
  if (readers(update, []).length > 0) return { refusal: "something below works with the index" };
  return { refusal: run.script ? "it is part of something larger" : "it cannot be taken out of this form" };
}
