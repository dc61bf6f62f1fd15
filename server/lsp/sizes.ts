/** What the editor shows of sizes: hints behind installations, and what a package is and takes. */
import { type Hover, type InlayHint, MarkupKind, type Range as ProtocolRange } from "vscode-languageserver";
import { costOf } from "../size/cost.ts";
import type { Estimate, InstructionSize } from "../size/estimate.ts";
import type { InstallSize } from "../size/install.ts";
import { resolve } from "../size/resolve.ts";
import type { SizedPackage } from "../size/table.ts";
import { about, rounded, withUnknown } from "../size/text.ts";
import type { Analysis } from "./analysis.ts";
import { toRange } from "./convert.ts";

/** Less is not worth a hint, in bytes. */
const LEAST = 100_000;

/** One behind the last installation of each RUN in the range. */
export function inlayHints({ document }: Analysis, { instructions }: Estimate, range: ProtocolRange): InlayHint[] {
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  return instructions.flatMap((size) => {
    const last = size.installs.at(-1);
    const offset = last?.operation.command.range.end;
    if (!last || offset === undefined || offset < start || offset > end || size.bytes < LEAST) return [];
    return {
      position: document.positionAt(offset),
      label: hintText(size),
      paddingLeft: true,
      tooltip: { kind: MarkupKind.Markdown, value: tooltip(size) },
    };
  });
}

/** `≈ +164 MB, 78 MB of it recommended, 20 MB package lists left + what pip installs` */
function hintText({ bytes, withoutRecommends, listsLeft, unknown }: InstructionSize): string {
  const recommended = bytes - withoutRecommends;
  const parts = [`≈ +${rounded(bytes)}`];
  if (recommended >= LEAST) parts.push(`${rounded(recommended)} of it recommended`);
  if (listsLeft > 0) parts.push(`${rounded(listsLeft)} package lists left`);
  return withUnknown(parts.join(", "), [...unknown.slice(0, 1), ...(unknown.length > 1 ? ["…"] : [])]);
}

function tooltip({ installs, unknown }: InstructionSize): string {
  const added = installs.flatMap((install) => install.added.map((one) => ({ one, install })));
  const recommended = installs.flatMap((install) => install.recommended).length;
  const also = recommended > 0 ? `, ${recommended} of them only recommended` : "";
  const all = added.map(({ one }) => one);
  const lines =
    added.length > 0
      ? [`${packages(added.length)}${also}. ${largest(all, installs[0]!)}`]
      : ["It installs nothing that is not there already."];
  if (unknown.length > 0) lines.push(`Not counted: ${unknown.join(", ")}.`);
  lines.push("Estimated from the contents of Debian's packages, for amd64.");
  return lines.join("\n\n");
}

/** What the package under the cursor is, and what it takes where it stands. */
export function packageHover({ document }: Analysis, { instructions }: Estimate, offset: number): Hover | undefined {
  for (const install of instructions.flatMap(({ installs }) => installs)) {
    const { range } = install.operation.command;
    if (offset < range.start || range.end < offset) continue;
    const found = install.wanted.find(({ name: { word } }) => word.range.start <= offset && offset <= word.range.end);
    if (!found) continue;
    const value = packageText(found.package, found.name.name ?? found.package.name, install);
    return { contents: { kind: MarkupKind.Markdown, value }, range: toRange(document, found.name.word.range) };
  }
  return undefined;
}

function packageText(one: SizedPackage, name: string, install: InstallSize): string {
  const title = one.name === name ? `**${name}**` : `**${name}**, that is \`${one.name}\``;
  const what = one.summary === "" ? title : `${title}: ${one.summary}`;
  if (install.before.has(one)) return `${what}\n\nIt is there already, and adds nothing here.`;
  const sum = (list: readonly SizedPackage[]): number =>
    list.reduce((total, each) => total + costOf(each, install.place), 0);
  const needed = resolve([one], install.before, false);
  const all = install.withRecommends ? resolve([one], install.before, true) : needed;
  const others = all.length - needed.length;
  const own = `${about(sum([one]))} itself`;
  const pulled =
    needed.length > 1 ? `, ${about(sum(needed))} with the ${packages(needed.length - 1)} that it needs here` : "";
  const recommended =
    others > 0 ? `, and ${about(sum(all) - sum(needed))} more in ${packages(others)}, only recommended` : "";
  const list = all.length > 2 ? `\n\n${largest(all, install)}` : "";
  return `${what}\n\n${own}${pulled}${recommended}.${list}`;
}

function largest(list: readonly SizedPackage[], { place }: InstallSize): string {
  const costs = list.map((one) => [one.name, costOf(one, place)] as const).toSorted((a, b) => b[1] - a[1]);
  const named = costs.slice(0, 4).map(([name, bytes]) => `${name} ${rounded(bytes)}`);
  return named.length === 0 ? "" : `The largest: ${named.join(", ")}.`;
}

function packages(count: number): string {
  return count === 1 ? "1 package" : `${count} packages`;
}
