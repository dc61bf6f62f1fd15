/** `npm run rules:coverage`: of each other tool's rules, which are covered, which of these with a fix, and which are not and why. */
import { readFileSync } from "node:fs";
import { RULES } from "../server/rules/index.ts";

const { source, reasons, tools } = JSON.parse(readFileSync("scripts/other-tools.json", "utf8")) as {
  source: string;
  reasons: Readonly<Record<string, string>>;
  tools: Readonly<Record<string, readonly string[]>>;
};

console.log(`${source}\n`);
for (const [tool, ids] of Object.entries(tools)) {
  const covering = (id: string) => RULES.filter(({ aliases }) => aliases.includes(`${tool}/${id}`));
  const covered = ids.filter((id) => covering(id).length > 0);
  const fixed = covered.filter((id) => covering(id).some(({ fix }) => fix !== undefined));
  console.log(`${tool}: ${covered.length} of ${ids.length}, ${fixed.length} with a fix`);
  for (const id of ids.filter((one) => !covered.includes(one))) {
    console.log(`  ${id}: ${reasons[`${tool}/${id}`] ?? "not yet"}`);
  }
}
