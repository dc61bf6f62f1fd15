import type { Run } from "../model/run.ts";
import { normalise, type Stage } from "../model/stage.ts";
import { stepOf } from "./build-steps.ts";
import { environmentsOf } from "./copied-environment.ts";
import { insertInstructionsBefore, keyword } from "./edit.ts";
import { isBare } from "./image-files.ts";
import { isOnPath } from "./project-runner.ts";
import { assuming, changing, defineRule, type Finding, unsafe } from "./rule.ts";
import { isInside } from "./stage-split.ts";
import { type Start, startsOf } from "./start-program.ts";

export default defineRule({
  id: "environment-off-path",
  category: "correctness",
  severity: "warning",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",
  mentions: /uv|venv|virtualenv|poetry/i,

  *check({ finalStage }) {
    const [start, ...others] = finalStage ? startsOf(finalStage) : [];
    if (!finalStage || !start?.word || others.length > 0 || start.runners.length > 0 || start.behindScript) return;
    if (start.word !== start.words[0] || !COMMANDS.test(start.word.value ?? "")) return;
    const root = finalStage.lineage[0]!;
    const [path, ...more] = environmentsIn(finalStage);
    if (
      path === undefined ||
      more.length > 0 ||
      /^\/usr(?:\/local)?$/.test(path) ||
      !isBare(root) ||
      isOnPath(finalStage, path)
    )
      return;
    if (mayBeElsewhere(finalStage, path)) return;
    yield {
      at: start.word.range,
      message: `\`${start.word.value}\` is installed into \`${path}\`, whose programs are not on \`PATH\``,
      ...solve(finalStage, start, path),
    };
  },
});

/** What packages of Python bring as a command. */
const COMMANDS =
  /^(?:uvicorn|gunicorn|hypercorn|daphne|granian|celery|streamlit|fastapi|flask|alembic|django-admin|chainlit|gradio|litestar|dramatiq|arq)$/;

function solve(stage: Stage, { instructions }: Start, path: string): Pick<Finding, "fixes" | "refusal"> {
  const [first] = instructions;
  if (!first || !stage.instructions.includes(first)) return { refusal: "the command stands in another stage" };
  const line = `${keyword(stage, "ENV")} PATH="${path}/bin:$PATH"`;
  const fix = unsafe(`Put \`${path}/bin\` on \`PATH\``, insertInstructionsBefore(stage.dockerfile.syntax, first, line));
  return { fixes: [assuming(changing(fix, "ENV"), "The packages of the project bring the program.")] };
}

/** The environments that the image has: made in it, or copied to where they were made. */
function environmentsIn(stage: Stage): readonly string[] {
  const made = runsOf(stage)
    .flatMap(environmentsOf)
    .map(({ path }) => path);
  const copied = stage.effective().flatMap((copy) => {
    const from = copy.keyword === "COPY" ? copy.flag("from")?.value?.value : undefined;
    const source = from === undefined ? undefined : stage.dockerfile.findStage(from, stage);
    const [origin, target] = copy.arguments.map((word) => stage.resolve(word, copy)?.replace(/(?<=.)\/+$/, ""));
    if (!source || origin === undefined || origin !== target || copy.arguments.length !== 2) return [];
    return runsOf(source)
      .flatMap(environmentsOf)
      .map(({ path }) => path)
      .filter((path) => isInside(path, normalise(origin)));
  });
  return [...new Set([...made, ...copied])];
}

function runsOf(stage: Stage): readonly Run[] {
  return stage.lineage.flatMap(({ runs }) => runs).filter(({ onbuild }) => !onbuild);
}

/** The program may be among the system's, too, or `PATH` may be set in a way that is not known. */
function mayBeElsewhere(stage: Stage, path: string): boolean {
  const runs = runsOf(stage);
  const steps = runs.map(stepOf);
  const isInstalled = steps.some(
    ({ unknown, builds, packages }) =>
      unknown !== undefined ||
      packages.length > 0 ||
      builds.some(({ kind, names, operation, command }) => {
        if (kind === "uv pip") return command.args.some(({ value }) => value === "--system" || value === undefined);
        if (/^(?:aside|tool|environment|project)$/.test(kind)) return false;
        if (kind === "pip tool") return names.some((name) => COMMANDS.test(name));
        const program = command.words[0]?.value ?? "";
        return operation?.manager !== undefined && !program.startsWith(`${path}/`);
      }),
  );
  const others = runs.some((run) => run.commands.some(({ program }) => /^(?:ln|cp|mv|source|\.)$/.test(program ?? "")));
  const effective = stage.effective();
  const isSet = effective.some(
    ({ keyword: name, pairs }) =>
      name === "ENV" &&
      pairs.some(
        ({ key, value }) =>
          /^(?:PATH|UV_SYSTEM_PYTHON|POETRY_VIRTUALENVS_CREATE)$/.test(key.value) &&
          !/^["']?(?:[\w./:-]+:)?\$\{?PATH\}?(?::[\w./:-]+)?["']?$/.test(value?.text ?? ""),
      ),
  );
  const isCopied = effective.some((copy) => {
    if (copy.keyword !== "COPY" || !copy.flag("from")) return false;
    const target = stage.resolve(copy.arguments.at(-1)!, copy);
    const isTool = copy.arguments.slice(0, -1).every(({ value }) => /(?:^|\/)(?:uvx?|poetry)$/.test(value));
    return (
      !isTool &&
      (target === undefined || /^\/(?:usr|bin|opt)?\/?$|^\/usr\/|\/bin\/?$/.test(target)) &&
      !isInside(path, normalise(target ?? "/x"))
    );
  });
  return isInstalled || others || isSet || isCopied;
}
