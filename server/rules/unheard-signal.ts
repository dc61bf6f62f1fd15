import type { Stage } from "../model/stage.ts";
import { normalise } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { insertInstructionsBefore, keyword } from "./edit.ts";
import { isOnPath, projectRunner, withoutRunner } from "./project-runner.ts";
import { assuming, changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";
import { type PackageScript, packageScript, WITHOUT_SCRIPT, withoutScript } from "./script-runner.ts";
import { isInit, keywordOf, type Runner, type Start, startsOf } from "./start-program.ts";

export default defineRule({
  id: "unheard-signal",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    const [start] = finalStage ? startsOf(finalStage) : [];
    if (!finalStage || !start?.isExec) return;
    if (start.runners.some(({ name }) => isInit(name))) return;
    const script = packageScript(start);
    const tool = projectRunner(start);
    if (script) {
      yield {
        at: rangeOf(script.words),
        message: `\`${script.label}\` stands between the container and the program, which may not hear that it has to stop`,
        ...nodeRemedy(finalStage, start, script),
      };
    } else if (tool) {
      yield {
        at: rangeOf(tool.words.slice(0, 2)),
        message: `\`${tool.name} run\` makes the image need ${tool.name} each time the container starts`,
        ...pythonRemedy(finalStage, start, tool),
      };
    }
  },
});

function nodeRemedy(stage: Stage, start: Start, script: PackageScript): Pick<Finding, "fixes" | "refusal"> {
  const unwrapped = withoutScript(stage, start, script);
  if (typeof unwrapped === "string") return { refusal: unwrapped };
  const fix = unsafe(`Start \`${unwrapped.label}\` itself`, unwrapped.edit);
  return { fixes: [assuming(changing(fix, keywordOf(start, script.words[0]!)), ...WITHOUT_SCRIPT)] };
}

function pythonRemedy(stage: Stage, start: Start, runner: Runner): Pick<Finding, "fixes" | "refusal"> {
  const unwrapped = withoutRunner(start, runner);
  if (typeof unwrapped === "string") return { refusal: unwrapped };
  const environment = environmentOf(stage, runner.name);
  if (environment === undefined)
    return { refusal: `where \`${runner.name}\` keeps the project's environment is not known` };
  const edits = [unwrapped.edit];
  const changes = [keywordOf(start, start.word!)] as ("CMD" | "ENTRYPOINT" | "ENV")[];
  const first = start.instructions[0]!;
  if (environment !== "" && !isOnPath(stage, environment)) {
    if (!stage.instructions.includes(first)) return { refusal: "the command stands in another stage" };
    edits.push(
      insertInstructionsBefore(
        stage.dockerfile.syntax,
        first,
        `${keyword(stage, "ENV")} PATH="${environment}/bin:$PATH"`,
      ),
    );
    changes.push("ENV");
  }
  const fix: Fix = changing(
    unsafe(`Start \`${unwrapped.label}\` itself, from the project's environment`, edits),
    ...changes,
  );
  return {
    fixes: [
      assuming(fix, "The environment is complete when the image is built: nothing is left for the start to install."),
    ],
  };
}

/** Where the tool has put the project's packages: a folder, `""` for the system's own; `undefined`: not known. */
function environmentOf(stage: Stage, tool: string): string | undefined {
  const variables = stage.environmentBefore();
  const isSet = (name: string, pattern: RegExp): boolean => pattern.test(variables.get(name) ?? "");
  const runs = stage.lineage.flatMap((one) => one.runs).filter((run) => !run.onbuild);
  if (tool === "poetry") {
    const isOff = runs.some((run) =>
      run.commands.some(
        ({ program, args }) =>
          program === "poetry" &&
          args
            .map(({ value }) => value)
            .join(" ")
            .includes("virtualenvs.create false"),
      ),
    );
    return isOff || isSet("POETRY_VIRTUALENVS_CREATE", /^(?:false|0)$/i) ? "" : undefined;
  }
  if (tool !== "uv") return undefined;
  const own = variables.get("UV_PROJECT_ENVIRONMENT");
  if (own !== undefined) return own?.startsWith("/") ? own.replace(/\/+$/, "") : undefined;
  const workdir = stage.workdirBefore();
  if (workdir === undefined) return undefined;
  const isMade = runs.some(
    (run) =>
      run.stage.workdirBefore(run.instruction) === workdir &&
      run.commands.some(
        ({ program, args }) =>
          program === "uv" &&
          args.some(({ value }) => value === "sync") &&
          !args.some(({ value, text }) => /^--(?:project|directory|active)/.test(value ?? text)),
      ),
  );
  const environment = normalise(`${workdir}/.venv`);
  return isMade || isCopied(stage, environment) ? environment : undefined;
}

/** `COPY --from=builder /app/.venv /app/.venv` */
function isCopied(stage: Stage, environment: string): boolean {
  return stage.effective().some((instruction) => {
    if (instruction.keyword !== "COPY" || !instruction.flag("from")) return false;
    const [source, target] = [instruction.arguments.at(-2)?.value, instruction.arguments.at(-1)?.value];
    return source?.replace(/\/+$/, "") === environment && targetOf(stage, instruction, target) === environment;
  });
}

function targetOf(stage: Stage, instruction: Instruction, target = ""): string {
  return normalise(target.startsWith("/") ? target : `${stage.workdirBefore(instruction) ?? ""}/${target}`);
}

/** Of words that follow each other; a CMD above its ENTRYPOINT is left out. */
function rangeOf(words: readonly ShellWord[]): { start: number; end: number } {
  const { start } = words[0]!.range;
  return { start, end: words.findLast(({ range }) => range.start >= start)!.range.end };
}
