import type { PackageOperation } from "../model/packages.ts";
import { insertArguments } from "./edit.ts";
import { isConfigured, isDeleted, isMounted, nameOf, operationsOf } from "./package-rules.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "pip-cache",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: ["hadolint/DL3042", "kics/pip_install_keeping_cached_packages", "semgrep/missing-pip-no-cache-dir"],
  fix: "safe",
  concerns: "image",
  mentions: /pip/,

  *check(dockerfile) {
    for (const install of operationsOf(dockerfile.packageOperations, ["pip"], ["install"])) {
      const { run, command, verb } = install;
      if (!run.stage.isInImage || install.has("--no-cache-dir", "--no-cache", "--cache-dir") !== false) continue;
      if (isSwitchedOff(install) || isMounted(run, (target) => holdsCache(install, target))) continue;
      if (isDeleted(run, command, /\.cache(?![\w-])|\/root\/?(?:\*|$)/) || isPurged(install)) continue;
      yield {
        at: verb.range,
        message: `\`${nameOf(install)}\` keeps what it downloads in the layer`,
        fixes: [safe("Add `--no-cache-dir`", insertArguments(command, verb, "--no-cache-dir"))],
      };
    }
  },
});

/** By the variable or by a configuration file. The variable counts with any value, as `0` too: pip's `_handle_no_cache_dir`. */
function isSwitchedOff(install: PackageOperation): boolean {
  const { run, command } = install;
  const variable = run.stage.environmentBefore(run.instruction).get("PIP_NO_CACHE_DIR");
  if (variable === null || (variable !== undefined && variable !== "")) return true;
  const isAssigned = run.commands.some(({ shell, range }) => {
    const words = [...(shell?.assignments ?? []), ...(shell?.args ?? [])].map((part) =>
      run.stage.dockerfile.text.slice(part.range.start, part.range.end),
    );
    const lasts =
      shell?.words.length === 0 || shell?.name === "export" || shell === command.shell || shell?.name === "env";
    return (
      lasts && range.start <= command.range.start && words.some((word) => /^PIP_NO_CACHE_DIR=["']?[^"']/.test(word))
    );
  });
  if (isAssigned || isConfigured(install, /no-cache-dir\b/)) return true;
  return run.stage
    .effective(run.instruction)
    .some(({ keyword, rest }) => /^(?:COPY|ADD)$/.test(keyword) && /\bpip\.(?:conf|ini)\b/.test(rest.text));
}

function holdsCache({ run, command }: PackageOperation, target: string): boolean {
  const folder = run.stage.environmentBefore(run.instruction).get("PIP_CACHE_DIR");
  return (
    /\.cache(?:\/pip(?:\/|$)|$)|pip|^\/root$/.test(target) ||
    Boolean(folder?.startsWith(target)) ||
    command.args.some(({ text }) => text === target)
  );
}

function isPurged({ run, command }: PackageOperation): boolean {
  return operationsOf(run.stage.dockerfile.packageOperations, ["pip"], ["clean"]).some(
    (other) =>
      other.run === run && other.command.range.start > command.range.start && other.packages[0]?.name === "purge",
  );
}
