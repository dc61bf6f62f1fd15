/** What earlier instructions have put into an image, and what changing it puts there once more. */
import { type Command, hasFlag } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { CopySize } from "./copy.ts";

export interface Content {
  readonly copied: readonly Copied[];
  /** No command has written what is not known: all that there is beside packages is in `copied`. */
  readonly isKnown: boolean;
}

/** A file, or the files of a folder, that COPY or ADD has put into the image. */
interface Copied {
  /** The target of the instruction. */
  readonly target: string;
  /** Where it is if the target is a folder and this a file. */
  readonly file: string | undefined;
  /** `undefined`: not known. */
  readonly bytes: number | undefined;
}

export const NOTHING: Content = { copied: [], isKnown: true };

/** What holds after a COPY or ADD. */
export function withCopied(content: Content, instruction: Instruction, stage: Stage, { sources }: CopySize): Content {
  const word = (instruction.json ?? instruction.arguments).at(-1);
  const text = word && stage.resolve(word, instruction);
  const target = text === undefined ? undefined : located(text, stage.workdirBefore(instruction));
  if (target === undefined) return { ...content, isKnown: false };
  const copied = sources.map(({ name, bytes }): Copied => {
    const file = name === undefined ? undefined : normalise(`${target}/${name}`);
    return { target, file: file === target ? undefined : file, bytes };
  });
  return { ...content, copied: [...content.copied, ...copied] };
}

/**
 * What a command writes again of what earlier instructions have put into the image: in bytes, or in words where it is not known;
 * `undefined`: it is none that does so.
 * @param isNew the RUN has made files itself, which it may be about.
 */
export function rewritten(command: Command, run: Run, content: Content, isNew: boolean): number | string | undefined {
  const { program, args } = command;
  const isChange = program === "chmod" || program === "chown" || program === "chgrp";
  if (!isChange && program !== "mv" && program !== "cp") return undefined;
  const isWhole = !isChange || hasFlag(args, "-R", "--recursive") !== false;
  const operands = args.filter(({ value, text }) => !(value ?? text).startsWith("-"));
  let bytes = 0;
  for (const word of isChange ? operands.slice(1) : operands.slice(0, -1)) {
    const value = run.resolve(word)[0]?.value;
    const path = value && located(value, hasMoved(run, command) ? undefined : run.stage.workdirBefore(run.instruction));
    const sum = path ? sumAt(path, isWhole, content) : content.copied.some(isWorthAWord) ? undefined : 0;
    const isOwn = path !== undefined && isMade(path, run, command);
    if (sum === undefined || (sum === 0 && !isOwn && !isHarmless(command, isWhole, content, isNew)))
      return `what \`${program}${isChange && isWhole ? " -R" : ""}\` writes${program === "cp" ? "" : " again"}`;
    bytes += sum;
  }
  return bytes;
}

/** Of what is below it in the image, when a change to a path is a change to that; `undefined`: not known. */
function sumAt(path: string, isWhole: boolean, { copied, isKnown }: Content): number | undefined {
  let bytes = 0;
  for (const one of copied) {
    const isFile = path === one.file || (path === one.target && isFileName(path));
    const isPart = !isFile && isBelow(path, one.target);
    const isFolder = !isFile && (path === one.target || isBelow(one.target, path));
    if (!isFile && !isPart && !(isFolder && isWhole) && path !== one.target) continue;
    const isCertain = isFile || (isFolder && isWhole && isKnown && !SYSTEM.test(path));
    if (isWorthAWord(one) && !isCertain) return undefined;
    bytes += one.bytes ?? 0;
  }
  return bytes;
}

/** Less than this is not worth a word, in bytes: a script that is made executable. */
const LITTLE = 100_000;

function isWorthAWord({ bytes }: Copied): boolean {
  return bytes === undefined || bytes > LITTLE;
}

/** Folders that base images and packages have put much into. */
const SYSTEM = /^\/(?:(?:usr|var|etc|lib|lib64|bin|sbin|root|home|opt)(?:\/[^/]+)?)?$/;

/** Where COPY has put nothing, the command has nothing to do with what was there before. */
function isHarmless({ program }: Command, isWhole: boolean, content: Content, isNew: boolean): boolean {
  if (program === "cp" || (program !== "mv" && isWhole)) return false;
  return content.isKnown || isNew;
}

function isFileName(path: string): boolean {
  return /[^/.][^/]*\.\w+$/.test(path);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder === "/" ? folder : `${folder}/`);
}

/** The RUN has made the folder itself. */
function isMade(path: string, run: Run, command: Command): boolean {
  return run.commands
    .slice(0, run.commands.indexOf(command))
    .some(({ program, args }) => program === "mkdir" && args.some(({ value }) => value && normalise(value) === path));
}

function hasMoved(run: Run, command: Command): boolean {
  return run.commands
    .slice(0, run.commands.indexOf(command))
    .some(({ program }) => program === "cd" || program === "pushd");
}

function located(path: string, directory: string | undefined): string | undefined {
  if (path.startsWith("/")) return normalise(path);
  return directory === undefined ? undefined : normalise(`${directory}/${path}`);
}
