import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { installsDependencies, listOf, manifestsOf } from "./dependency-manifests.ts";
import {
  commentBlockAbove,
  insertInstructionsAfter,
  insertInstructionsBefore,
  keyword,
  remove,
  replace,
} from "./edit.ts";
import { type FirstInstall, firstDownload, firstInstall } from "./first-install.ts";
import { followers, isBeside, obstacleBetween } from "./install-surroundings.ts";
import { nameOf } from "./package-rules.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "sources-before-dependencies",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  assumes: "Nothing that the install runs reads another file of the project.",
  judges: "stage",

  *check({ stages }) {
    for (const stage of stages) {
      const judged = new Set<Instruction>();
      for (const run of stage.runs) {
        if (run.onbuild) continue;
        const copy = wholeCopyBefore(stage, run);
        if (!copy || judged.has(copy)) continue;
        const install = run.packageOperations.find(installsDependencies);
        if (!install) {
          const found = download(stage, copy, run);
          if (found) judged.add(copy);
          if (found) yield found;
          continue;
        }
        if (hasDependencies(stage, copy, install)) continue;
        judged.add(copy);
        yield {
          at: copy.arguments[0]!.range,
          message: `Whichever file changes, \`${commandName(install)}\` below runs again`,
          related: [{ at: install.verb.range, message: "it runs again here" }],
          ...solve(stage, copy, install),
        };
      }
    }
  },
});

/** A build that downloads its dependencies itself. */
function download(stage: Stage, copy: Instruction, run: Run): Finding | undefined {
  if (run.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) return undefined;
  const build = run.commands
    .map((command) => ({ command, first: firstDownload(run, command) }))
    .find(({ first }) => first);
  if (!build?.first) return undefined;
  const { command, first } = build;
  const program = command.program!;
  const earlier = stage.lineage
    .flatMap(({ runs }) => runs)
    .filter((one) => one.instruction.range.start < run.instruction.range.start);
  if (earlier.some(({ commands }) => commands.some((one) => one.program === program))) return undefined;
  if (bringsDependencies(stage, copy)) return undefined;
  return {
    at: copy.arguments[0]!.range,
    message: `Whichever file changes, \`${program}\` below downloads its dependencies again`,
    related: [{ at: command.range, message: "it runs again here" }],
    ...prepare(stage, copy, run, command, first),
  };
}

function commandName(operation: PackageOperation): string {
  return operation.manager === "go" ? "go mod download" : nameOf(operation);
}

/** The last copy of the whole context above a RUN, in the same stage. */
function wholeCopyBefore(stage: Stage, { instruction }: Run): Instruction | undefined {
  return stage.instructions.findLast(
    (copy) =>
      copy.range.start < instruction.range.start &&
      /^(?:COPY|ADD)$/.test(copy.keyword) &&
      !copy.onbuild &&
      !copy.flag("from") &&
      copy.arguments.length === 2 &&
      /^(?:\.?\/*|\.?\/?\*)$/.test(stage.resolve(copy.arguments[0]!, copy) || "x"),
  );
}

/** They are there before the sources come, from an install of their own or another stage. */
function hasDependencies(stage: Stage, copy: Instruction, { manager }: PackageOperation): boolean {
  const earlier = stage.lineage
    .flatMap(({ runs }) => runs)
    .some(
      (run) =>
        run.instruction.range.start < copy.range.start &&
        run.packageOperations.some(
          (one) => one.manager === manager && (installsDependencies(one) || one.verb.value === "fetch"),
        ),
    );
  return earlier || bringsDependencies(stage, copy);
}

function bringsDependencies(stage: Stage, copy: Instruction): boolean {
  return stage
    .effective(copy)
    .some(
      (other) =>
        other.keyword === "COPY" &&
        other.flag("from") &&
        other.arguments.some(({ value }) => /node_modules|venv|site-packages|\bvendor\b|\/go\/pkg|\.m2/.test(value)),
    );
}

function solve(stage: Stage, copy: Instruction, install: PackageOperation): Pick<Finding, "fixes" | "refusal"> {
  const { run } = install;
  const { dockerfile } = stage;
  const { syntax, text } = dockerfile;
  const first = firstInstall(install);
  if (typeof first === "object") return prepare(stage, copy, run, install.command, first);
  if (first !== undefined) return { refusal: first };
  const rest = followers(run);
  const obstacle = obstacleBetween(stage, copy, run, true) ?? (typeof rest === "object" ? undefined : rest);
  if (obstacle) return { refusal: obstacle };
  const [source] = copy.arguments;
  if (!isPlain(text, copy)) return { refusal: "the copy is not written plainly enough to be moved" };
  const manifests = manifestsOf(install);
  if (typeof manifests === "string") return { refusal: manifests };
  const head = text.slice(copy.range.start, source!.range.start);
  const start = commentBlockAbove(syntax, copy)[0]?.start ?? copy.range.start;
  const sources = text.slice(start, copy.range.end);
  const fix = unsafe(
    `Copy ${listOf(manifests.files)} first, and the rest below the install`,
    {
      start,
      end: copy.range.end,
      text: byFolder(copy, manifests.files)
        .map((line) => `${head}${line}`)
        .join(syntax.lineEnd),
    },
    typeof rest === "object"
      ? replace(rest, `${syntax.lineEnd}${sources}${syntax.lineEnd}${headOf(run)}`)
      : insertInstructionsAfter(syntax, run.instruction, sources),
  );
  return { fixes: [assuming(fix, ...manifests.assumptions)] };
}

function isPlain(text: string, copy: Instruction): boolean {
  const original = text.slice(copy.range.start, copy.range.end);
  return !copy.json && !copy.flag("exclude") && !/[\r\n"']/.test(original) && !/\$/.test(copy.arguments[1]!.text);
}

/** The arguments of the COPYs that take these files to where another takes all, each into the folder that it is in. */
function byFolder(copy: Instruction, files: readonly string[]): readonly string[] {
  const folders = new Set(files.map((file) => file.slice(0, file.lastIndexOf("/") + 1)));
  return [...folders].map(
    (folder) =>
      sourcesOf(
        copy,
        files.filter((file) => file.slice(0, file.lastIndexOf("/") + 1) === folder),
      ) + folder,
  );
}

/** The arguments of a COPY that takes these files to where another takes all. */
function sourcesOf(copy: Instruction, files: readonly string[]): string {
  const [source, target] = copy.arguments;
  const names = files.map((file) => (source!.value.startsWith("/") ? `/${file}` : file));
  return `${names.join(" ")} ${target!.value === "." ? "./" : target!.value.replace(/\/*$/, "/")}`;
}

/** `RUN` with its flags, up to the script. */
function headOf({ instruction, stage }: Run): string {
  return stage.dockerfile.text.slice(instruction.keywordRange.start, instruction.rest.range.start);
}

/** The dependencies come first, in a RUN of their own; what was there stays below the sources, and finds them done. */
function prepare(
  stage: Stage,
  copy: Instruction,
  run: Run,
  command: Command,
  { files, folder, assumptions, command: first }: FirstInstall,
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax, text } = stage.dockerfile;
  const between = stage.instructions.filter(
    ({ range }) => copy.range.end < range.start && range.end < run.instruction.range.start,
  );
  const setting = between.find(({ keyword }) => /^(?:ARG|ENV|SHELL|USER)$/.test(keyword));
  const obstacle = setting
    ? `the \`${setting.keyword}\` between them may matter to the install`
    : obstacleBetween(stage, copy, run);
  if (obstacle) return { refusal: obstacle };
  if (!isPlain(text, copy)) return { refusal: "the copy is not written plainly enough to be written again" };
  const item = command.shell?.item;
  const before = run.script?.items.slice(0, item?.index) ?? [];
  if (
    !item ||
    item.command !== command.shell ||
    run.instruction.heredocs.length > 0 ||
    run.instruction.comments.length > 0
  )
    return { refusal: "the script is not written in a way that lets it be done in two steps" };
  if ([...before.slice(1), ...(before.length > 0 ? [item] : [])].some(({ operator }) => operator !== "&&"))
    return { refusal: "what comes before the install in its `RUN` may fail without consequences" };
  if (!before.every((one) => one.command && isBeside(run, one.command)))
    return { refusal: "what comes before the install in its `RUN` may need the sources" };
  const start = before[0]?.range.start ?? item.range.start;
  const moves = between.some(({ keyword: name }) => name === "WORKDIR");
  const head = text.slice(copy.range.start, copy.arguments[0]!.range.start);
  const fix = unsafe(
    `Copy ${listOf(files)} first, and install the dependencies before the rest comes`,
    insertInstructionsBefore(
      syntax,
      copy,
      // The install works there, and so does its first step.
      ...(moves ? [`${keyword(stage, "WORKDIR")} ${stage.workdirBefore(run.instruction)}`] : []),
      ...(folder ? [`${head}${sourcesOf(copy, [folder])}${folder}`] : []),
      `${head}${sourcesOf(copy, files)}`,
      `${headOf(run)}${text.slice(start, item.range.start)}${first}`,
    ),
    ...(before.length > 0 ? [remove({ start, end: item.range.start })] : []),
  );
  return { fixes: [assuming(fix, ...assumptions)] };
}
