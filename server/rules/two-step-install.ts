/** An install in two steps, written into the Dockerfile: the manifests and the first step above the sources, the rest below. */
import type { Command } from "../model/command.ts";
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import { listOf } from "./dependency-manifests.ts";
import { byFolder, headOf, isPlain, sourcesOf } from "./earlier-copy.ts";
import { insertBefore, insertInstructionsBefore, keyword, removeInstruction, removeItem, replace } from "./edit.ts";
import type { FirstInstall } from "./first-install.ts";
import { isBeside, isBetween, obstacleBetween } from "./install-surroundings.ts";
import { assuming, type Edit, type Finding, unsafe } from "./rule.ts";

/** The dependencies come first, in a RUN of their own; what was there stays below the sources, and finds them done. */
export function installInTwoSteps(
  stage: Stage,
  copy: Instruction,
  run: Run,
  command: Command,
  first: FirstInstall,
): Pick<Finding, "fixes" | "refusal"> {
  const { files, folders = [], assumptions } = first;
  const { syntax, text, context } = stage.dockerfile;
  const patterns = readIgnorePatterns(context.files?.[".dockerignore"] ?? "");
  const ignored = files.find(
    (path) => patterns.findLast((pattern) => matchesIgnorePattern(pattern, path))?.negated === false,
  );
  if (ignored !== undefined) return { refusal: `\`.dockerignore\` leaves out \`${ignored}\`` };
  const idle = stage.runs.filter((one) => isBetween(one.instruction, copy, run) && isIdle(one, files));
  const between = stage.instructions.filter((one) => isBetween(one, copy, run));
  const obstacle = settingBetween(between) ?? obstacleBetween(stage, copy, run, false, idle);
  if (obstacle) return { refusal: obstacle };
  if (!isPlain(text, copy)) return { refusal: "the copy is not written plainly enough to be written again" };
  const step = firstStep(stage, copy, run, command, first);
  if (typeof step === "string") return { refusal: step };
  const moves = between.some(({ keyword: name }) => name === "WORKDIR");
  const head = text.slice(copy.range.start, copy.arguments[0]!.range.start);
  const lines = [
    // The install works there, and so does its first step.
    ...(moves ? [`${keyword(stage, "WORKDIR")} ${stage.workdirBefore(run.instruction)}`] : []),
    ...folders.map((folder) => `${head}${sourcesOf(copy, [folder])}${folder}`),
    ...(files.every((file) => isCopiedAbove(stage, copy, file))
      ? []
      : byFolder(copy, files).map((line) => `${head}${line}`)),
    step.line,
  ];
  const fix = unsafe(
    `Copy ${files.length > 4 ? `${files.length} manifests` : listOf(files)} first, and install the dependencies before the rest comes`,
    insertInstructionsBefore(syntax, copy, ...lines),
    ...step.edits,
  );
  return { fixes: [assuming(fix, ...assumptions)] };
}

/** The manifests are copied first as it is: only the first step is missing in front of the sources. */
export function installBetweenCopies(
  stage: Stage,
  copy: Instruction,
  run: Run,
  command: Command,
  first: FirstInstall,
): Pick<Finding, "fixes" | "refusal"> {
  const between = stage.instructions.filter((one) => isBetween(one, copy, run));
  const setting = settingBetween(between);
  if (setting) return { refusal: setting };
  const step = firstStep(stage, copy, run, command, first);
  if (typeof step === "string") return { refusal: step };
  const fix = unsafe(
    "Install the dependencies before the sources come",
    insertInstructionsBefore(stage.dockerfile.syntax, copy, step.line),
    ...step.edits,
  );
  return { fixes: [assuming(fix, ...first.assumptions)] };
}

/** The instructions right above the copy of all bring the file to the same place. */
function isCopiedAbove(stage: Stage, copy: Instruction, file: string): boolean {
  const own = stage.instructions;
  const above = own.slice(0, own.indexOf(copy));
  const copies = above.slice(above.findLastIndex(({ keyword: name }) => name !== "COPY") + 1);
  const place = (word: Word | undefined): string => normalise(`${word?.value ?? ""}/`);
  return copies.some(
    (one) =>
      one.flags.length === 0 &&
      !one.json &&
      place(one.arguments.at(-1)) === place(copy.arguments.at(-1)) &&
      one.arguments.slice(0, -1).some(({ value }) => normalise(value) === file),
  );
}

/** Its commands only make a wrapper executable, or tell something to the reader of the build's output. */
export function isIdle(run: Run, files: readonly string[]): boolean {
  return setsModes(run, files) || prints(run);
}

function settingBetween(between: readonly Instruction[]): string | undefined {
  const setting = between.find(({ keyword: name }) => /^(?:ARG|ENV|SHELL|USER)$/.test(name));
  return setting && `the \`${setting.keyword}\` between them may matter to the install`;
}

/** The RUN of the first step, and what changes in the one of the install; or why that cannot be. */
function firstStep(
  stage: Stage,
  copy: Instruction,
  run: Run,
  command: Command,
  { files, command: first, isWhole, renewal }: FirstInstall,
): { readonly line: string; readonly edits: readonly Edit[] } | string {
  const { syntax, text } = stage.dockerfile;
  const item = command.shell?.item;
  const before = run.script?.items.slice(0, item?.index) ?? [];
  if (
    !item ||
    item.command !== command.shell ||
    run.instruction.heredocs.length > 0 ||
    run.instruction.comments.length > 0
  )
    return "the script is not written in a way that lets it be done in two steps";
  if ([...before.slice(1), ...(before.length > 0 ? [item] : [])].some(({ operator }) => operator !== "&&"))
    return "what comes before the install in its `RUN` may fail without consequences";
  // The sources bring the wrapper again, so that its mode is set again.
  const isMode = setsModes(run, files, before.length);
  if (!isMode && !before.every((one) => one.command && isBeside(run, one.command)))
    return "what comes before the install in its `RUN` may need the sources";
  const start = before[0]?.range.start ?? item.range.start;
  const modes = stage.runs
    .filter((one) => isBetween(one.instruction, copy, run) && setsModes(one, files))
    .map(({ instruction }) => `${text.slice(instruction.rest.range.start, instruction.range.end)} && `);
  const line = `${headOf(run)}${modes.join("")}${text.slice(start, item.range.start)}${first}`;
  const isAlone = run.script?.items.length === 1;
  if (isWhole && before.length === 0) {
    const done = isAlone
      ? removeInstruction(syntax, run.instruction)
      : run.script && removeItem(syntax, run.script, item);
    if (done) return { line, edits: [done] };
  }
  const renewed = renewal === undefined ? "" : `${renewal} && `;
  if (before.length > 0 && !isMode) return { line, edits: [replace({ start, end: item.range.start }, renewed)] };
  return { line, edits: renewed === "" ? [] : [insertBefore(item.range, renewed)] };
}

/** Its first commands, or all of them, only make a wrapper executable: `chmod +x mvnw`. */
function setsModes(run: Run, files: readonly string[], count = run.commands.length): boolean {
  const { commands } = run;
  const wrappers = files.filter((file) => /^(?:mvnw|gradlew)$/.test(file));
  return (
    count > 0 &&
    run.mounts.length === 0 &&
    run.instruction.comments.length === 0 &&
    commands
      .slice(0, count)
      .every(
        ({ program, args, shell }) =>
          program === "chmod" &&
          shell?.place === "chain" &&
          args.length === 2 &&
          wrappers.includes((args[1]!.value ?? "").replace(/^\.\//, "")),
      )
  );
}

function prints(run: Run): boolean {
  return (
    run.commands.length > 0 &&
    run.instruction.heredocs.length === 0 &&
    run.commands.every(
      ({ program, args, shell }) =>
        !shell?.redirects.some(({ operator }) => operator.includes(">")) &&
        (/^(?:ls|pwd|echo|env|cat)$/.test(program ?? "") ||
          (/^(?:java|mvn|gradle|dotnet|node)$/.test(program ?? "") &&
            /^-?-v(?:ersion)?$|^--info$/.test(args[0]?.value ?? ""))),
    )
  );
}
