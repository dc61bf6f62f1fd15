/** Options -> settings of the engine. */
import type { Settings } from "../lint/settings.ts";
import { shellcheckName } from "../lint/shellcheck.ts";
import type { Arguments } from "./arguments.ts";
import { isProblem, Problem } from "./host.ts";
import { rulesNamed } from "./names.ts";

/**
 * The settings that are given, and what is wrong with them where the rest can go on without it.
 * @throws a Problem when no rule would be left to run.
 */
export function settingsOf(args: Arguments): {
  readonly settings: Partial<Settings>;
  readonly problems: readonly Problem[];
} {
  const preset = args.value("preset") as Settings["preset"] | undefined;
  const role = args.value("role")?.replace("-", " ") as Settings["role"] | undefined;
  const failOn = args.value("fail-on") as Settings["failOn"];
  const settings: Partial<Settings> = {
    ...(preset ? { preset } : {}),
    ...(role ? { role } : {}),
    ...(failOn ? { failOn } : {}),
    ...(args.has("no-shellcheck") ? { shellcheck: "off" } : {}),
  };
  const list = args.value("rules");
  if (list === undefined) return { settings, problems: [] };
  const { all, ids, problems } = readNames(list);
  if (all) return { settings: { ...settings, preset: "all" }, problems };
  if (ids.length === 0) throw problems[0] ?? new Problem("--rules names no rule; `plimsoll rules` lists them");
  return { settings: { ...settings, only: ids }, problems };
}

/** The ids of the rules whose fixes are left out. @throws a Problem when one is named that there is not. */
export function exceptionsOf(args: Arguments): ReadonlySet<string> {
  const { all, ids, problems } = readNames(args.values("except").join(","));
  if (problems[0]) throw problems[0];
  if (all) throw new Problem("--except all would leave nothing to fix; name rules");
  return new Set(ids);
}

/** Reads a list of names of rules, or "all". */
function readNames(list: string): {
  readonly all: boolean;
  readonly ids: readonly string[];
  readonly problems: readonly Problem[];
} {
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  const ids: string[] = [];
  const problems: Problem[] = [];
  for (const name of names.filter((one) => one !== "all")) {
    const code = shellcheckName(name);
    if (code) ids.push(code);
    try {
      ids.push(...rulesNamed(name).map(({ id }) => id));
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (!code) problems.push(error);
    }
  }
  return { all: names.includes("all"), ids, problems };
}
