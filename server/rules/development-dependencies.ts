import type { Command } from "../model/command.ts";
import type { Manager, PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import {
  DEVELOPMENT_TOOLS,
  type DevelopmentTool,
  installsDevelopment,
  listsDevelopment,
} from "./development-groups.ts";
import { insertArguments, insertInstructionsBefore, keyword } from "./edit.ts";
import { splitInterpreted } from "./interpreted-split.ts";
import { laterRuns, nameOf, operationsOf, UNRELATED } from "./package-rules.ts";
import { assuming, changing, defineRule, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "development-dependencies",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check(dockerfile) {
    const managers = Object.keys(DEVELOPMENT_TOOLS) as Manager[];
    for (const install of operationsOf(dockerfile.packageOperations, managers, ["install"])) {
      if (!install.run.stage.isInImage || !installsDevelopment(install)) continue;
      const fix = isFollowedByBuild(install) ? behindBuild(install) : leavingOut(install);
      if (!fix) continue;
      yield {
        at: install.verb.range,
        message: `\`${nameOf(install)}\` also installs what only development needs`,
        fixes: [fix],
      };
    }
  },
});

function leavingOut(install: PackageOperation): Fix {
  const fix = repair(install, DEVELOPMENT_TOOLS[install.manager]!);
  return assuming(fix, "Nothing that runs in the container, and no install script, needs them.");
}

/** A build needs them, in a stage of its own; `undefined`: there are none, or what is built is not known. */
function behindBuild(install: PackageOperation): Fix | undefined {
  const { stage } = install.run;
  if (!stage.isFinal || !listsDevelopment(install)) return undefined;
  const split = splitInterpreted(stage);
  return "fix" in split && split.prunes
    ? { ...split.fix, title: "Build in a stage of its own, and take them out behind the build" }
    : undefined;
}

/** Something that may be a build, or takes them out again: all that is not known to be harmless. */
function isFollowedByBuild({ run, command }: PackageOperation): boolean {
  const behind = (one: Run): readonly Command[] =>
    one.commands.filter(({ range }) => range.start > command.range.start);
  const image = [run, ...laterRuns(run).filter(({ stage }) => stage.isInImage)];
  return (
    image.some((one) => one.scripts.length === 0 && !one.instruction.json) ||
    image.flatMap(behind).some((one) => !isHarmless(one))
  );
}

function isHarmless({ program = "", args }: Command): boolean {
  if (UNRELATED.has(program) || SYSTEM.has(program)) return true;
  // A project is built in an environment of its own, with what its `[build-system]` names: https://peps.python.org/pep-0517/.
  if (/^(?:uv (?:sync|lock)|poetry (?:install|sync))$/.test(`${program} ${args[0]?.value}`)) return true;
  return (
    /^(?:npm|yarn|pnpm|composer|pip|pip3|uv|poetry)$/.test(program) &&
    /^(?:cache|store|clear-cache|clearcache)$/.test(args[0]?.value ?? "")
  );
}

const SYSTEM: ReadonlySet<string> = new Set(
  "addgroup adduser apk apt apt-get cut curl dnf du groupadd grep install microdnf stat tar useradd usermod wget yum".split(
    " ",
  ),
);

function repair({ run, command, verb, manager }: PackageOperation, { fix }: DevelopmentTool): Fix {
  if (manager !== "bundle") return unsafe(`Add \`${fix.join(" ")}\``, insertArguments(command, verb, ...fix));
  const line = `${keyword(run.stage, "ENV")} BUNDLE_WITHOUT="development:test"`;
  const edit = insertInstructionsBefore(run.stage.dockerfile.syntax, run.instruction, line);
  return changing(unsafe('Set `BUNDLE_WITHOUT="development:test"`', edit), "ENV");
}
