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
  let needed = 0;
  let recommending = 0;
  for (;;) {
    for (; needed < order.length; needed++) order[needed]!.depends.forEach(satisfy);
    if (!withRecommends || recommending === order.length) return order;
    order[recommending++]!.recommends.forEach(satisfy);
  }
}
