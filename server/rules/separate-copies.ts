/** Where the manifests of a build are copied before its sources, each by name, and nothing is done with them in between. */
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { inDirectory } from "./build-command.ts";
import type { FirstInstall } from "./first-install.ts";
import { isIdle } from "./two-step-install.ts";

/** The first copy of sources behind all of the manifests; `undefined`: they come together, or elsewhere, or more is done. */
export function firstOfSources(stage: Stage, run: Run, { files, folders = [] }: FirstInstall): Instruction | undefined {
  const workdir = stage.workdirBefore(run.instruction);
  const copies = stage.instructions.filter(
    (one) =>
      /^(?:COPY|ADD)$/.test(one.keyword) &&
      !one.onbuild &&
      !one.flag("from") &&
      one.range.end < run.instruction.range.start,
  );
  const at = copies.findIndex((copy) => !namesOf(copy).every((name) => isManifest(name, folders)));
  const sources = copies[at];
  if (!sources || at === 0 || stage.workdirBefore(sources) !== workdir) return undefined;
  const earlier = copies.slice(0, at);
  const later = copies.slice(at);
  for (const [index, file] of [...files, ...folders].entries()) {
    const isThere = earlier.some((copy) => brings(copy, file) && isPlaced(stage, copy, file, workdir));
    // What no copy brings, the build has to do without, but for what it is built by.
    if (!isThere && (index === 0 || later.some((copy) => brings(copy, file)))) return undefined;
  }
  const rest = stage.instructions.filter(
    ({ range }) => sources.range.end < range.start && range.end < run.instruction.range.start,
  );
  const isHarmless = rest.every(
    (one) =>
      copies.includes(one) ||
      /^(?:LABEL|EXPOSE|VOLUME|CMD|ENTRYPOINT|HEALTHCHECK|STOPSIGNAL)$/.test(one.keyword) ||
      stage.runs.some((other) => other.instruction === one && isIdle(other, files)),
  );
  return isHarmless ? sources : undefined;
}

function namesOf({ arguments: words }: Instruction): readonly string[] {
  return words.slice(0, -1).map(({ value }) => normalise(`/${value}`).slice(1));
}

/** It changes when the dependencies do, and seldom else. */
function isManifest(name: string, folders: readonly string[]): boolean {
  return (
    folders.includes(name) ||
    /(?:^|\/)(?:mvnw\*?|mvnw\.cmd|gradlew\*?|gradlew\.bat|gradle|\.mvn|[^/]*\.(?:xml|gradle|kts|properties|toml|props|targets|slnx?|config|json|lock|lockfile|(?:cs|fs|vb)proj)|go\.(?:mod|sum|\*))\*?$/.test(
      name,
    )
  );
}

function brings(copy: Instruction, file: string): boolean {
  return namesOf(copy).some(
    (name) =>
      name === file || name === "" || file.startsWith(`${name}/`) || (/[*?]/.test(name) && globOf(name).test(file)),
  );
}

function globOf(name: string): RegExp {
  const source = name
    .replace(/[.+^$(){}|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`);
}

/** It lands where the build looks for it: beside the others, as in the build context. */
function isPlaced(stage: Stage, copy: Instruction, file: string, workdir: string | undefined): boolean {
  const target = copy.arguments.at(-1)!;
  const path = inDirectory(stage.resolve(target, copy) ?? "$", stage.workdirBefore(copy));
  const folder = `${workdir}/${file}`.replace(/\/[^/]*$/, "");
  return path !== undefined && (path === folder || path === `${workdir}/${file}`);
}
