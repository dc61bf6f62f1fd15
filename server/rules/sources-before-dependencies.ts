import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { installsDependencies, listOf, manifestsOf } from "./dependency-manifests.ts";
import { byFolder, headOf, isPlain } from "./earlier-copy.ts";
import { commentBlockAbove, insertInstructionsAfter, replace } from "./edit.ts";
import { type FirstInstall, firstDownload, firstInstall } from "./first-install.ts";
import { followers, obstacleBetween } from "./install-surroundings.ts";
import { nameOf } from "./package-rules.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";
import { firstOfSources } from "./separate-copies.ts";
import { installBetweenCopies, installInTwoSteps } from "./two-step-install.ts";

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
      const copies = stage.instructions.filter((one) => copiesAll(stage, one));
      for (const run of stage.runs) {
        if (run.onbuild) continue;
        const copy = lastBefore(copies, run);
        if (!copy) {
          const found = downloadBetween(stage, run);
          if (found) yield found;
          continue;
        }
        if (judged.has(copy)) continue;
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
  const build = downloadIn(stage, run);
  if (!build || bringsDependencies(stage, copy)) return undefined;
  const { command, first } = build;
  return {
    ...report(copy, command, "Whichever file changes"),
    ...(typeof first === "string" ? { refusal: first } : installInTwoSteps(stage, copy, run, command, first)),
  };
}

/** The same, where the manifests are copied before the sources, and the download comes with the build. */
function downloadBetween(stage: Stage, run: Run): Finding | undefined {
  const build = downloadIn(stage, run);
  if (!build || typeof build.first === "string") return undefined;
  const { command, first } = build;
  const copy = firstOfSources(stage, run, first);
  if (!copy || bringsDependencies(stage, copy)) return undefined;
  return {
    ...report(copy, command, "Whichever source changes"),
    ...installBetweenCopies(stage, copy, run, command, first),
  };
}

function report(copy: Instruction, { program, range }: Command, when: string): Finding {
  return {
    at: copy.arguments[0]!.range,
    message: `${when}, \`${program}\` below downloads its dependencies again`,
    related: [{ at: range, message: "it runs again here" }],
  };
}

/** What a RUN downloads for the first time in its stage. */
function downloadIn(
  stage: Stage,
  run: Run,
): { readonly command: Command; readonly first: FirstInstall | string } | undefined {
  if (run.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) return undefined;
  for (const command of run.commands) {
    const first = firstDownload(run, command);
    if (!first) continue;
    const isLater = stage.lineage
      .flatMap(({ runs }) => runs)
      .filter((one) => one.instruction.range.start < run.instruction.range.start)
      .some(({ commands }) => commands.some((one) => one.program === command.program && bringsAny(one)));
    return isLater ? undefined : { command, first };
  }
  return undefined;
}

/** What tells a version, settings of Go, and its tools by their versions, bring no dependency of the project. */
function bringsAny({ program, args }: Command): boolean {
  const values = args.map(({ value }) => value ?? "");
  if (/^-?-v(?:ersion)?$|^--info$/.test(values[0] ?? "")) return false;
  return program !== "go" || (!/^(?:env|version)$/.test(values[0] ?? "") && !values.some((value) => /.@/.test(value)));
}

function commandName(operation: PackageOperation): string {
  return operation.manager === "go" ? "go mod download" : nameOf(operation);
}

/** It copies the whole context. */
function copiesAll(stage: Stage, copy: Instruction): boolean {
  return (
    /^(?:COPY|ADD)$/.test(copy.keyword) &&
    !copy.onbuild &&
    !copy.flag("from") &&
    copy.arguments.length === 2 &&
    /^(?:\.?\/*|\.?\/?\*)$/.test(stage.resolve(copy.arguments[0]!, copy) || "x")
  );
}

function lastBefore(copies: readonly Instruction[], { instruction }: Run): Instruction | undefined {
  return copies.findLast((copy) => copy.range.start < instruction.range.start);
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
  if (typeof first === "object") return installInTwoSteps(stage, copy, run, install.command, first);
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
