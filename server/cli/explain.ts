/** `plimsoll explain`. */
import { findPackageRoot, readPage } from "../context/pages.ts";
import { isNameOf } from "../lint/settings.ts";
import { shellcheckName, wikiPage } from "../lint/shellcheck.ts";
import { RULES } from "../rules/index.ts";
import type { Arguments } from "./arguments.ts";
import { paintFor } from "./color.ts";
import { type ExitCode, SUCCESS } from "./exit.ts";
import { type Host, Problem } from "./host.ts";
import { renderMarkdown } from "./markdown.ts";
import { rulesNamed } from "./names.ts";

export async function explain(args: Arguments, host: Host): Promise<ExitCode> {
  const root = findPackageRoot(host.entry);
  const pages: string[] = [];
  const name = args.operands[0]!;
  const code = shellcheckName(name);
  if (code && !RULES.some((rule) => isNameOf(rule, name))) {
    host.print(`${code} is ShellCheck's; it is explained on ${wikiPage(code)}\n`);
    return SUCCESS;
  }
  for (const { id } of rulesNamed(name)) {
    const page = await readPage(root, id);
    if (page === undefined) throw new Problem(`the page of ${id} is not in ${root}; install Plimsoll again`);
    pages.push(renderMarkdown(page, paintFor(host.isColored), Math.min(host.columns, 100)));
  }
  host.print(pages.join("\n\n"));
  return SUCCESS;
}
