/** Directories that the program of a container writes to, and those that a stage gives away. */
import type { Command } from "../model/command.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { frameworkDirectories } from "./framework-directories.ts";
import { pythonWrites } from "./python-writes.ts";
import { isSystemDirectory, scriptWrites } from "./root-deeds.ts";

/** What a directory is called that programs write to. */
export const WRITTEN =
  /(?:^|[/_.-])(?:logs?|data|db|database|cache|caches|tmp|temp|run|uploads?|media|storage|sessions?|state|spool|work|output|backups?)(?:$|[/_.-])/i;

/** Directories that the program is going to write: volumes, and those made for logs, data and their like. */
export function writtenDirectories(stage: Stage): readonly string[] {
  const directories = new Set<string>();
  const add = (path: string | undefined, workdir: string | undefined): void => {
    const full =
      path === undefined
        ? undefined
        : path.startsWith("/")
          ? normalise(path)
          : workdir && normalise(`${workdir}/${path}`);
    if (
      full &&
      full !== "/" &&
      /^\/[\w./@+-]+$/.test(full) &&
      !/^\/(?:dev|proc|sys|tmp|var\/tmp)(?:\/|$)|\.sock$/.test(full)
    )
      directories.add(full);
  };
  for (const instruction of stage.effective()) {
    if (instruction.keyword === "VOLUME")
      for (const word of instruction.arguments) add(stage.resolve(word, instruction), undefined);
    if (instruction.keyword === "ENV") {
      for (const { key, value } of instruction.pairs) {
        const path = value && stage.resolve(value, instruction);
        if (
          path?.startsWith("/") &&
          !isSystemDirectory(path) &&
          !isShared(path) &&
          /(?:^|_)(?:LOGS?|DATA|CACHE|UPLOADS?|MEDIA|STATE)_(?:DIR|PATH|ROOT|HOME|FOLDER)$/.test(key.value)
        )
          add(path, undefined);
      }
    }
  }
  for (const { command, instruction } of imageCommands(stage)) {
    const workdir = stage.workdirBefore(stage.instructions.includes(instruction) ? instruction : undefined);
    if (command.shell && command.shell.place !== "chain") continue;
    const mode = command.program === "chmod" ? plainArguments(command)[0]?.value : undefined;
    // Everybody may write to it: the program is to.
    if (/^0?777$|^[ugo]*[oa][ugo]*\+\w*w/.test(mode ?? ""))
      for (const { value } of plainArguments(command).slice(1))
        if (!/\.[a-z]{1,4}$|\*|^\/(?:etc|usr|opt|bin|lib|sbin|root|tmp|var)\/?$/.test(value ?? "*"))
          add(value, workdir);
    if (command.program !== "mkdir" && command.program !== "touch") continue;
    for (const { value } of plainArguments(command)) {
      if (value === undefined || !WRITTEN.test(value) || /^\/(?:etc|usr|opt|bin|lib|sbin|root)(?:\/|$)/.test(value))
        continue;
      if (/^\/var\/(?:lib\/(?:apt|dpkg)|cache\/(?:apt|apk|dnf|yum))|^\/tmp(?:\/|$)/.test(value)) continue;
      add(value, workdir);
    }
  }
  for (const { path, isDirectory } of scriptWrites(stage))
    if (isDirectory && !isSystemDirectory(path) && !isShared(path)) add(path, undefined);
  for (const directory of [...frameworkDirectories(stage), ...pythonWrites(stage).folders]) add(directory, undefined);
  // A directory inside another one comes along with it.
  const all = [...directories].sort();
  return all.filter((path) => !all.some((other) => other !== path && path.startsWith(`${other}/`)));
}

/** Directories whose owner or mode the stage sets. */
export function givenDirectories(stage: Stage): readonly string[] {
  const given: string[] = [];
  const add = (path: string | undefined, workdir: string | undefined): void => {
    const full = path === undefined || path.startsWith("/") ? path : workdir && `${workdir}/${path}`;
    if (full) given.push(normalise(full.replace(/\/\*$/, "")));
  };
  for (const one of stage.effective()) {
    const isOwned = one.flag("chown") !== undefined || one.flag("chmod") !== undefined;
    const last = one.arguments.at(-1);
    if (isOwned && last) add(stage.resolve(last, one), stage.workdirBefore(one));
  }
  for (const { command, instruction } of imageCommands(stage)) {
    if (!/^(?:chown|chgrp|chmod)$/.test(command.program ?? "")) continue;
    const workdir = stage.workdirBefore(stage.instructions.includes(instruction) ? instruction : undefined);
    for (const { value } of command.args.slice(1)) if (!value?.startsWith("-")) add(value, workdir);
  }
  return given;
}

/** The paths behind VOLUME. */
export function volumesOf(stage: Stage): readonly string[] {
  return stage
    .effective()
    .filter(({ keyword: name }) => name === "VOLUME")
    .flatMap((volume) => volume.arguments.map((word) => stage.resolve(word, volume) ?? word.value));
}

/** A directory of the system that many programs share. */
export function isShared(path: string): boolean {
  return /^\/(?:etc|usr|bin|sbin|lib\w*|var(?:\/(?:lib|log|cache|run|spool))?|run|opt|srv|home|mnt|media|usr\/(?:local|share|lib|bin)(?:\/(?:share|lib|bin))?)?\/?$/.test(
    path,
  );
}

/** What the RUNs of the image do. */
export function imageCommands(
  stage: Stage,
): readonly { readonly command: Command; readonly instruction: Instruction }[] {
  return stage.lineage.flatMap((one) =>
    one.runs
      .filter((run) => !run.onbuild)
      .flatMap((run) => run.commands.map((command) => ({ command, instruction: run.instruction }))),
  );
}

function plainArguments(command: Command): readonly { readonly value: string | undefined }[] {
  return command.args.filter(({ value }, index) => !value?.startsWith("-") && command.args[index - 1]?.value !== "-m");
}
