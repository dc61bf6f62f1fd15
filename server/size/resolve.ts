/** Which packages apt installs for some names: as its resolver does where nothing conflicts. */
import type { Group, SizedPackage } from "./table.ts";

/**
 * What comes to the installed packages, in order: those asked for and what they need, then what is recommended and what that
 * needs. Of a group, one that is there wins; else the first that there is.
 */
export function resolve(
  wanted: readonly SizedPackage[],
  installed: ReadonlySet<SizedPackage>,
  withRecommends: boolean,
): readonly SizedPackage[] {
  return resolveApart(wanted, installed, withRecommends).added;
}

/** The same, and how many of them, the first, come without recommended packages as well. */
export function resolveApart(
  wanted: readonly SizedPackage[],
  installed: ReadonlySet<SizedPackage>,
  withRecommends: boolean,
): { readonly added: readonly SizedPackage[]; readonly needed: number } {
  const added = new Set<SizedPackage>();
  const order: SizedPackage[] = [];
  const has = (one: SizedPackage): boolean => installed.has(one) || added.has(one);
  const add = (one: SizedPackage | undefined): void => {
    if (!one || has(one)) return;
    added.add(one);
    order.push(one);
  };
  const satisfy = (group: Group): void => {
    if (!group.some((providers) => providers.some(has))) add(group[0]?.[0]);
  };
  for (const one of wanted) add(one);
  let depending = 0;
  let recommending = 0;
  let needed: number | undefined;
  for (;;) {
    for (; depending < order.length; depending++) order[depending]!.depends.forEach(satisfy);
    needed ??= order.length;
    if (!withRecommends || recommending === order.length) return { added: order, needed };
    order[recommending++]!.recommends.forEach(satisfy);
  }
}
