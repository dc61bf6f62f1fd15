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
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0) throw new Problem("--rules names no rule; `plimsoll rules` lists them");
  const only: string[] = [];
  const problems: Problem[] = [];
  for (const name of names.filter((one) => one !== "all")) {
    const code = shellcheckName(name);
    if (code) only.push(code);
    try {
      only.push(...rulesNamed(name).map(({ id }) => id));
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (!code) problems.push(error);
    }
  }
  if (names.includes("all")) return { settings: { ...settings, preset: "all" }, problems };
  if (only.length === 0) throw problems[0]!;
  return { settings: { ...settings, only }, problems };
}
