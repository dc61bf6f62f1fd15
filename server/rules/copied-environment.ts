import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { named, readOptions } from "./options.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "copied-environment",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  judges: "stage",
  mentions: /env/,

  *check({ stages }) {
    for (const stage of stages) {
      for (const copy of stage.instructions) {
        const from = copy.keyword === "COPY" && !copy.onbuild ? copy.flag("from")?.value?.value : undefined;
        const source = from === undefined ? undefined : stage.dockerfile.findStage(from, stage);
        const words = copy.arguments;
        if (!source || words.length !== 2) continue;
        const origin = placeOf(stage.resolve(words[0]!, copy), "/");
        const target = placeOf(stage.resolve(words[1]!, copy), stage.workdirBefore(copy));
        const made = origin === undefined ? undefined : environmentIn(source, origin);
        if (!made || origin === undefined || target === undefined) continue;
        const related = [{ at: made.at, message: "it is made here" }];
        const place = normalise(`${target}/${made.path.slice(origin === "/" ? 0 : origin.length)}`);
        if (place !== made.path && !isNamedIn(stage, made.path)) {
          // `python -m` starts none of its programs.
          const isModule = /^python[\d.]*$/.test(baseName(startWords(stage)[0] ?? ""));
          yield {
            ...(isModule ? { severity: "info", weight: "low" } : {}),
            at: words[1]!.range,
            message: `The virtual environment was made at \`${made.path}\`: at \`${place}\`, its programs look for their Python where it is not`,
            related,
            refusal: "what uses the environment at its new place would have to change, too",
          };
          continue;
        }
        const [before, now] = [made.python, pythonOf(stage)];
        if (before !== undefined && now !== undefined && before !== now)
          yield {
            at: words[0]!.range,
            message: `The virtual environment was made with Python ${before}: Python ${now} does not find the packages in it`,
            related,
            refusal: "which of the two versions is meant is not known",
          };
      }
    }
  },
});

export interface Environment {
  readonly path: string;
  readonly at: Range;
  /** `3.12`; `undefined`: not known. */
  readonly python: string | undefined;
}

/** The only virtual environment that a stage makes, where it is what is copied or in it. */
function environmentIn(stage: Stage, origin: string): Environment | undefined {
  const made = stage.lineage.flatMap(({ runs }) => runs.filter(({ onbuild }) => !onbuild).flatMap(environmentsOf));
  const [only, ...others] = made;
  if (!only || others.some(({ path }) => path !== only.path)) return undefined;
  return only.path === origin || origin === "/" || only.path.startsWith(`${origin}/`) ? only : undefined;
}

/** uv's project environment, and Poetry's where it is told to keep it in the project; `undefined`: another command. */
function projectEnvironmentOf(
  run: Run,
  { program = "", args }: Command,
  workdir: string | undefined,
): string | undefined {
  const set = run.stage.environmentBefore(run.instruction);
  const verb = args[0]?.value;
  if (program === "uv" && verb === "sync") {
    const isElsewhere = args.some(
      ({ value }) => value === undefined || /^--(?:project|directory|active)\b/.test(value),
    );
    const path = set.get("UV_PROJECT_ENVIRONMENT");
    return isElsewhere || path === null ? undefined : placeOf(path ?? ".venv", workdir);
  }
  if (
    program !== "poetry" ||
    verb !== "install" ||
    args.some(({ value }) => /^(?:-C|--directory|-P|--project)/.test(value ?? "-C"))
  )
    return undefined;
  const isInside = /^(?:1|true)$/i.test(set.get("POETRY_VIRTUALENVS_IN_PROJECT") ?? "");
  return isInside && !/^(?:0|false)$/i.test(set.get("POETRY_VIRTUALENVS_CREATE") ?? "")
    ? placeOf(".venv", workdir)
    : undefined;
}

const VALUED = new Set("--prompt -p --python --seed --without-scm-ignore-files".split(" "));

/** The virtual environments that a RUN makes, as far as it is known where. */
export function environmentsOf(run: Run): readonly Environment[] {
  const { stage, instruction } = run;
  const moves = run.commands.some(({ program }) => /^(?:cd|pushd)$/.test(program ?? ""));
  return run.commands.flatMap((command) => {
    const { program = "", args, range } = command;
    const project = projectEnvironmentOf(run, command, moves ? undefined : stage.workdirBefore(instruction));
    if (project) return [{ path: project, at: range, python: undefined }];
    const isModule =
      /^python3?$/.test(program) && args[0]?.value === "-m" && /^(?:venv|virtualenv)$/.test(args[1]?.value ?? "");
    const isUv = program === "uv" && args[0]?.value === "venv";
    const rest = isModule ? args.slice(2) : program === "virtualenv" ? args : isUv ? args.slice(1) : undefined;
    if (!rest || rest.some(({ text }) => text.startsWith("--relocatable"))) return [];
    const given = readOptions(rest, VALUED);
    const [word, ...more] = given.operands.map((operand) => run.resolve(operand)[0]!);
    if ((!word && !isUv) || more.length > 0) return [];
    const path = placeOf(word ? word.value : ".venv", moves ? undefined : stage.workdirBefore(instruction));
    const isOther = named(given, "-p", "--python").length > 0 || bringsPython(stage);
    return path === undefined ? [] : [{ path, at: range, python: isOther ? undefined : pythonOf(stage) }];
  });
}

/** The Python of the official image that a stage starts from. */
function pythonOf(stage: Stage): string | undefined {
  const { registry, repository, tag = "" } = stage.lineage[0]!.image ?? {};
  if (registry !== "docker.io" || repository !== "python" || bringsPython(stage)) return undefined;
  return /^(3\.\d+)(?![\d])/.exec(tag)?.[1];
}

/** It may have another Python than that of its image, first in the PATH. */
function bringsPython(stage: Stage): boolean {
  return stage.lineage.some(({ runs, instructions }) => {
    const isInstalled = runs.some(({ commands }) =>
      commands.some(
        ({ program, args }) =>
          /^(?:uv|pyenv|conda|mamba|micromamba)$/.test(program ?? "x") ||
          args.some(({ value }) => /^python3?(?:\.\d+)?(?:-venv|-full)?$/.test(value ?? "")),
      ),
    );
    return isInstalled || instructions.some((one) => one.keyword === "COPY" && isPythonCopy(one));
  });
}

function isPythonCopy(copy: Instruction): boolean {
  return copy.arguments.some(({ value }) =>
    /^\/(?:usr(?:\/local)?\/?)?$|^\/usr\/(?:local\/)?(?:bin|lib)\/?$|\/python/.test(value),
  );
}

function placeOf(path: string | undefined, workdir: string | undefined): string | undefined {
  if (path === undefined || path === "" || /[*?[~$]/.test(path)) return undefined;
  if (isAbsolute(path)) return normalise(path);
  return workdir === undefined ? undefined : normalise(`${workdir}/${path}`);
}

/** Something is done about the old path: a link, a `sed`, a copy to it. */
function isNamedIn(stage: Stage, path: string): boolean {
  const { text } = stage.dockerfile;
  return stage.lineage
    .flatMap(({ instructions }) => instructions)
    .some((one) => {
      if (one.keyword === "RUN") return /\bsed\b|--relocatable|\bln\b/.test(textOf(one)) || textOf(one).includes(path);
      const target = one.keyword === "COPY" ? one.arguments.at(-1)?.value : undefined;
      return target !== undefined && placeOf(target, stage.workdirBefore(one)) === path;
    });

  function textOf({ range }: Instruction): string {
    return text.slice(range.start, range.end);
  }
}
