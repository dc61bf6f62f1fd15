/** `plimsoll rules`. */
import { findPackageRoot, readPage, titleOf } from "../context/pages.ts";
import { DEFAULT_SETTINGS, isEnabled } from "../lint/settings.ts";
import { RULES } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import type { Arguments } from "./arguments.ts";
import { paintFor } from "./color.ts";
import { type ExitCode, SUCCESS } from "./exit.ts";
import { JSON_VERSION, print } from "./format/json.ts";
import { SEVERITY_STYLES } from "./format/text.ts";
import type { Host } from "./host.ts";
import { count } from "./words.ts";

interface ListedRule {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly category: Rule["category"];
  readonly severity: Rule["severity"];
  readonly weight: Rule["weight"];
  /** Without any option. */
  readonly enabled: boolean;
  /** The best that it ever offers. */
  readonly fix: "safe" | "unsafe" | null;
  readonly title: string;
}

export async function listRules(args: Arguments, host: Host): Promise<ExitCode> {
  const root = findPackageRoot(host.entry);
  const rules = await Promise.all(RULES.map((rule) => describeRule(rule, root)));
  host.print(args.value("format") === "json" ? print({ version: JSON_VERSION, rules }) : table(rules, host));
  return SUCCESS;
}

async function describeRule(rule: Rule, root: string): Promise<ListedRule> {
  const { id, aliases, category, severity, weight, fix = null } = rule;
  const title = titleOf((await readPage(root, id)) ?? "") ?? id;
  return { id, aliases, category, severity, weight, enabled: isEnabled(rule, DEFAULT_SETTINGS), fix, title };
}

function table(rules: readonly ListedRule[], host: Host): string {
  const paint = paintFor(host.isColored);
  const rows = rules.map(({ id, category, severity, fix, enabled, title }) => ({
    cells: [id, category, severity, fix === null ? "-" : fix, enabled ? "on" : "off", title],
    severity,
  }));
  const head = ["rule", "category", "severity", "fix", "", "title"];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map(({ cells }) => cells[column]!.length)));
  const line = (cells: readonly string[], style: (cell: string, column: number) => string): string =>
    cells
      .map((cell, column) => style(column === cells.length - 1 ? cell : cell.padEnd(widths[column]!), column))
      .join("  ");
  const lines = [
    line(head, (cell) => paint("dim", cell)),
    ...rows.map(({ cells, severity }) =>
      line(cells, (cell, column) =>
        column === 0 ? paint("bold", cell) : column === 2 ? paint(SEVERITY_STYLES[severity], cell) : cell,
      ),
    ),
  ];
  const off = rules.filter(({ enabled }) => !enabled).length;
  const more = "`plimsoll explain RULE` explains one";
  return `${lines.join("\n")}\n\n${count(rules.length, "rule")}, ${off} of them off by default (\`--rules all\` turns them on); ${more}.\n`;
}
