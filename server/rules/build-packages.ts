import { packageFacts } from "../model/debian.ts";
import type { PackageName, PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import { buildAtStart } from "./build-at-start.ts";
import { moveProgram } from "./c-artefact.ts";
import { insertAfter, insertInstructionsAfter, keyword, removeInstruction, removeWord, replace } from "./edit.ts";
import { NOTHING_BUILT, splitInterpreted } from "./interpreted-split.ts";
import { named, readOptions } from "./options.ts";
import { assuming, defineRule, type Edit, type Finding, type Fix, unsafe } from "./rule.ts";
import { debianReleaseOf, runtimeOf } from "./runtime-packages.ts";

export default defineRule({
  id: "build-packages",
  category: "efficiency",
  severity: "warning",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  assumes: "Nothing that the container runs compiles or links.",
  concerns: "container",
  judges: "stage",

  *check({ finalStage, packageOperations }) {
    // Without a program to start, it may be an image to build in.
    if (!finalStage || !(finalStage.last("CMD") ?? finalStage.last("ENTRYPOINT") ?? isServer(finalStage))) return;
    for (const operation of packageOperations) {
      const { run, action } = operation;
      if (action !== "install" || run.onbuild || !run.stage.isInImage) continue;
      const found = operation.packages.filter((one) => isBuildPackage(operation, one));
      if (found.length === 0 || isRemovedLater(operation, found, packageOperations)) continue;
      yield { at: found[0]!.word.range, message: messageOf(found), ...solve(operation, found, finalStage) };
    }
  },
});

/** PHP's images for Apache and FPM start that by themselves; `undefined`: it is none. */
function isServer(stage: Stage): true | undefined {
  const { repository, tag = "" } = stage.lineage[0]!.image ?? {};
  return repository === "php" && /apache|fpm/.test(tag) ? true : undefined;
}

function messageOf(found: readonly PackageName[]): string {
  const names = found.slice(0, 3).map(({ name }) => `\`${name}\``);
  const more = found.length > 3 ? ` and ${found.length - 3} more` : "";
  const all = more ? names.join(", ") + more : names.join(names.length === 2 ? " and " : ", ");
  return `${all} ${found.length === 1 ? "is" : "are"} for building, and ${found.length === 1 ? "stays" : "stay"} in the image that runs`;
}

function isBuildPackage({ manager, run }: PackageOperation, { name, word }: PackageName): boolean {
  if (name === undefined || word.value === undefined) return false;
  const { distribution } = run.stage.base;
  switch (manager) {
    case "apt-get":
    case "apt":
    case "aptitude":
      return packageFacts(name, debianReleaseOf(run.stage)).role === "build";
    // Alpine's and Fedora's packaging puts headers into `-dev` and `-devel`, without exception.
    case "apk":
      return /-dev$|^(?:build-base|alpine-sdk|gcc|g\+\+|make|cmake|autoconf|automake|linux-headers|cargo|rust)$/.test(
        name,
      );
    case "dnf":
    case "microdnf":
    case "yum":
      return distribution !== undefined && /-devel$|^(?:gcc|gcc-c\+\+|make|cmake|autoconf|automake)$/.test(name);
    default:
      return false;
  }
}

/** apk's name for what is installed together. */
const VIRTUAL: ReadonlySet<string> = new Set(["-t", "--virtual"]);

/** The same RUN takes them away again, so that no layer has them. */
function isRemovedLater(
  install: PackageOperation,
  found: readonly PackageName[],
  operations: readonly PackageOperation[],
): boolean {
  const removals = operations.filter(
    ({ run, action, command }) =>
      run === install.run && action === "remove" && command.range.start > install.command.range.start,
  );
  // `apk add --virtual .deps` is taken away by that name, and what was only a dependency by `autoremove`.
  const takesMore = removals.some(
    (removal) =>
      removal.verb.value === "autoremove" ||
      removal.has("--auto-remove", "--autoremove") !== false ||
      removal.packages.some(({ name, word }) => name?.startsWith(".") || word.value === undefined),
  );
  if (takesMore) return true;
  const group = named(readOptions(install.command.args, VIRTUAL), ...VIRTUAL).map(({ value }) => value);
  if (group.length > 0 && removals.some(({ packages }) => packages.some(({ name }) => group.includes(name))))
    return true;
  const removed = new Set(removals.flatMap(({ packages }) => packages.map(({ name }) => name)));
  return found.every(({ name }) => removed.has(name));
}

function solve(
  operation: PackageOperation,
  found: readonly PackageName[],
  finalStage: Stage,
): Pick<Finding, "fixes" | "refusal"> {
  const { manager, run } = operation;
  if (run.stage !== finalStage) return { refusal: "they are installed in a stage that others are built on, too" };
  if (manager !== "apt-get" && manager !== "apt" && manager !== "apk")
    return { refusal: `which packages a program built with them needs at run time is not known for \`${manager}\`` };
  const build = buildAtStart(finalStage);
  if (build) return { refusal: `\`${build}\` builds the program when the container starts` };
  const moved = moveProgram(finalStage);
  if (moved && "fix" in moved) return { fixes: [moved.fix] };
  const split = splitInterpreted(finalStage);
  const kept = found.filter(({ name }) => runtimeOf(operation, name!) === undefined).map(({ name }) => `\`${name}\``);
  const stays =
    kept.length > 0
      ? [`Which packages a program built with ${kept.join(", ")} needs at run time is not known, so that it stays.`]
      : [];
  if ("fix" in split)
    return kept.length === found.length
      ? { refusal: stays[0]!.replace(/\.$/, "") }
      : { fixes: [assuming(split.fix, ...stays)] };
  const builder = builderOf(finalStage, found);
  if ((!builder && !copiesProgram(finalStage)) || split.refusal !== NOTHING_BUILT)
    return { refusal: moved && "refusal" in moved ? moved.refusal : split.refusal };
  const fix = moveTo(
    builder,
    operation,
    found.filter(({ name }) => runtimeOf(operation, name!) !== undefined),
  );
  return fix
    ? { fixes: [assuming(fix, ...stays)] }
    : { refusal: "the RUN that installs them does something else, too" };
}

/** Another stage builds what it runs, and has what it takes for that. */
function copiesProgram(stage: Stage): boolean {
  return stage.instructions.some((instruction) => {
    const from = instruction.keyword === "COPY" ? instruction.flag("from")?.value?.value : undefined;
    return from !== undefined && stage.dockerfile.findStage(from, stage) !== undefined;
  });
}

/**
 * The stage that builds what the final one copies, of the same distribution and release: of several, the one that has these
 * packages already, or starts from the same language's image; `undefined`: there is none, or which it is is not known.
 */
function builderOf(finalStage: Stage, found: readonly PackageName[]): Stage | undefined {
  const { dockerfile, instructions } = finalStage;
  const builders = new Set<Stage>();
  for (const instruction of instructions) {
    const from = instruction.keyword === "COPY" ? instruction.flag("from")?.value?.value : undefined;
    const stage = from === undefined ? undefined : dockerfile.findStage(from, finalStage);
    const base = stage?.lineage[0]?.base;
    if (base && base.distribution === finalStage.base.distribution && base.release === finalStage.base.release)
      builders.add(stage!);
  }
  const all = [...builders];
  const having = all.filter((stage) =>
    dockerfile.packageOperations.some(
      ({ run, action, packages }) =>
        action === "install" &&
        stage.lineage.includes(run.stage) &&
        packages.some(({ name }) => found.some((one) => one.name === name)),
    ),
  );
  const repositoryOf = (stage: Stage): string | undefined => stage.lineage[0]!.image?.repository;
  const alike = all.filter((stage) => repositoryOf(stage) === repositoryOf(finalStage));
  const candidates = [having, alike, all].find((some) => some.length > 0) ?? [];
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Takes the packages out of the final stage, leaves what they need at run time, and installs them in the builder, if one is given. */
function moveTo(
  builder: Stage | undefined,
  operation: PackageOperation,
  moved: readonly PackageName[],
): Fix | undefined {
  const { run, packages, manager } = operation;
  const { dockerfile } = run.stage;
  const { syntax } = dockerfile;
  if (moved.length === 0) return undefined;
  const present = new Set(packages.filter((one) => !moved.includes(one)).map(({ name }) => name));
  const runtime = [...new Set(moved.flatMap(({ name }) => runtimeOf(operation, name!) ?? []))].filter(
    (name) => !present.has(name),
  );
  const edits: Edit[] = [];
  if (packages.length > moved.length || runtime.length > 0) {
    // The first word that goes makes room for what stays in its place.
    for (const [index, { word }] of moved.entries()) {
      edits.push(index === 0 && runtime.length > 0 ? replace(word, runtime.join(" ")) : removeWord(syntax, word));
    }
  } else {
    const isAlone = run.commands.every(({ program }) => program === "rm" || program === "set" || program === manager);
    if (!isAlone || run.instruction.comments.length > 0) return undefined;
    edits.push(removeInstruction(syntax, run.instruction));
  }

  if (!builder) return unsafe("Leave out the build packages, and keep what programs built with them need", edits);
  const names = moved.map(({ word }) => word.text);
  const known = dockerfile.packageOperations.findLast(
    (one) =>
      one.run.stage === builder &&
      one.action === "install" &&
      one.manager === manager &&
      one.command.shell &&
      one.packages.length > 0,
  );
  const missing = names.filter((name) => !known?.packages.some(({ word }) => word.text === name));
  if (known) {
    if (missing.length > 0) edits.push(insertAfter(known.packages.at(-1)!.word, ` ${missing.join(" ")}`));
  } else {
    const { escape } = syntax;
    const line =
      manager === "apk"
        ? `apk add --no-cache ${names.join(" ")}`
        : [
            `apt-get update`,
            `apt-get install -y --no-install-recommends ${names.join(" ")}`,
            "rm -rf /var/lib/apt/lists/*",
          ].join(` ${escape}\n    && `);
    edits.push(insertInstructionsAfter(syntax, builder.from, `${keyword(builder, "RUN")} ${line}`));
  }
  return unsafe(`Move the build packages to the stage \`${builder.name?.value ?? builder.index}\``, edits);
}
