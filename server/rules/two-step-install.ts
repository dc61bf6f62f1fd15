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
import { assuming, type Finding, unsafe } from "./rule.ts";

/** The dependencies come first, in a RUN of their own; what was there stays below the sources, and finds them done. */
export function installInTwoSteps(
  stage: Stage,
  copy: Instruction,
  run: Run,
  command: Command,
  { files, folders = [], assumptions, command: first, isWhole, renewal }: FirstInstall,
): Pick<Finding, "fixes" | "refusal"> {
  const { syntax, text, context } = stage.dockerfile;
  const patterns = readIgnorePatterns(context.files?.[".dockerignore"] ?? "");
  const ignored = files.find(
    (path) => patterns.findLast((pattern) => matchesIgnorePattern(pattern, path))?.negated === false,
  );
  if (ignored !== undefined) return { refusal: `\`.dockerignore\` leaves out \`${ignored}\`` };
  const wrappers = files.filter((file) => /^(?:mvnw|gradlew)$/.test(file));
  const modes = stage.runs.filter((one) => isBetween(one.instruction, copy, run) && setsModes(one, wrappers));
  const between = stage.instructions.filter(
    (one) => isBetween(one, copy, run) && !modes.some(({ instruction }) => instruction === one),
  );
  const setting = between.find(({ keyword }) => /^(?:ARG|ENV|SHELL|USER)$/.test(keyword));
  const obstacle = setting
    ? `the \`${setting.keyword}\` between them may matter to the install`
    : obstacleBetween(stage, copy, run, false, modes);
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
  // The sources bring the wrapper again, so that its mode is set again.
  const isMode = setsModes(run, wrappers, before.length);
  if (!isMode && !before.every((one) => one.command && isBeside(run, one.command)))
    return { refusal: "what comes before the install in its `RUN` may need the sources" };
  const start = before[0]?.range.start ?? item.range.start;
  const moves = between.some(({ keyword: name }) => name === "WORKDIR");
  const head = text.slice(copy.range.start, copy.arguments[0]!.range.start);
  const prefix = modes.map(
    ({ instruction }) => `${text.slice(instruction.rest.range.start, instruction.range.end)} && `,
  );
  const lines = [
    // The install works there, and so does its first step.
    ...(moves ? [`${keyword(stage, "WORKDIR")} ${stage.workdirBefore(run.instruction)}`] : []),
    ...folders.map((folder) => `${head}${sourcesOf(copy, [folder])}${folder}`),
    ...(files.every((file) => isCopiedAbove(stage, copy, file))
      ? []
      : byFolder(copy, files).map((line) => `${head}${line}`)),
    `${headOf(run)}${prefix.join("")}${text.slice(start, item.range.start)}${first}`,
  ];
  const isAlone = run.script?.items.length === 1;
  const rest = isWhole && !isAlone && run.script ? removeItem(syntax, run.script, item) : undefined;
  const done = isWhole && before.length === 0 && (isAlone ? removeInstruction(syntax, run.instruction) : rest);
  const renewed = renewal === undefined ? "" : `${renewal} && `;
  const fix = unsafe(
    `Copy ${files.length > 4 ? `${files.length} manifests` : listOf(files)} first, and install the dependencies before the rest comes`,
    insertInstructionsBefore(syntax, copy, ...lines),
    ...(done ? [done] : before.length > 0 && !isMode ? [replace({ start, end: item.range.start }, renewed)] : []),
    ...(renewed !== "" && before.length === 0 ? [insertBefore(item.range, renewed)] : []),
  );
  return { fixes: [assuming(fix, ...assumptions)] };
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

/** Its first commands, or all of them, only make a wrapper executable: `chmod +x mvnw`. */
function setsModes(run: Run, wrappers: readonly string[], count = run.commands.length): boolean {
  const { commands } = run;
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
