import type { PackageOperation } from "../model/packages.ts";
import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-go-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3062"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["go"],
    isMeant: ({ verb }) => /^(?:install|get|run)$/.test(verb.value!),
    isPinned(value, operation) {
      if (/@(?!latest$|none$|upgrade$|patch$)./.test(value) || /^[./]|\.go$/.test(value)) return true;
      // What follows the package belongs to the program that is run.
      if (operation.verb.value === "run" && value !== operation.packages[0]?.word.value) return true;
      return !value.includes("@") && hasModule(operation);
    },
  }),
});

/** `go.mod` is there, or may be: it has the versions. */
function hasModule({ run }: PackageOperation): boolean {
  return run.stage
    .effective(run.instruction)
    .some(
      ({ keyword, rest }) =>
        /^(?:COPY|ADD)$/.test(keyword) || (keyword === "RUN" && /\bgo mod\b|\bgit clone\b/.test(rest.text)),
    );
}
