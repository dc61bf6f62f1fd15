import type { PackageName, PackageOperation } from "../model/packages.ts";
import { lineOf, replace } from "./edit.ts";
import { operationsOf } from "./package-rules.ts";
import { defineRule, type Edit, safe } from "./rule.ts";

export default defineRule({
  id: "unsorted-packages",
  category: "maintainability",
  severity: "hint",
  weight: "low",
  aliases: ["sonar/S7018"],
  fix: "safe",
  enabled: false,

  *check(dockerfile) {
    const managers = ["apt-get", "apt", "apk", "dnf", "microdnf", "yum", "zypper"] as const;
    for (const install of operationsOf(dockerfile.packageOperations, managers, ["install"])) {
      const { packages } = install;
      // A variable stands for any name, and `git-` takes a package out again.
      if (packages.length < 2 || packages.some(({ word }) => word.value === undefined || /^[!-]|-$/.test(word.value)))
        continue;
      const sorted = packages.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
      const misplaced = packages.find(
        (one, index) => index > 0 && compare(keyOf(packages[index - 1]!), keyOf(one)) > 0,
      );
      if (!misplaced) continue;
      const refusal = disorder(install);
      const edits: Edit[] = packages.flatMap(({ word }, index) =>
        sorted[index]!.word.text === word.text ? [] : [replace(word, sorted[index]!.word.text)],
      );
      yield {
        at: misplaced.word.range,
        message: "The packages are not in alphabetical order",
        ...(refusal ? { refusal } : { fixes: [safe("Sort the packages", edits)] }),
      };
    }
  },
});

function keyOf({ word }: PackageName): string {
  return word.value!.toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Why the words cannot change places. */
function disorder({ packages, run }: PackageOperation): string | undefined {
  const { text, syntax } = run.stage.dockerfile;
  const start = packages[0]!.word.range.start;
  const { end } = packages.at(-1)!.word.range;
  if (syntax.comments.some(({ range }) => start < range.start && range.start < end))
    return "a comment may belong to one of them";
  const lines = packages.map(({ word }) => lineOf(text, word.range.start).start);
  const between = packages
    .slice(1)
    .map(({ word }, index) => text.slice(packages[index]!.word.range.end, word.range.start));
  if (between.some((part) => /[^\s,\\`]/.test(part))) return "an option stands between them";
  const isOneLine = new Set(lines).size === 1;
  const isOneEach = new Set(lines).size === lines.length;
  return isOneLine || isOneEach ? undefined : "some of them share a line, which may mean something";
}
