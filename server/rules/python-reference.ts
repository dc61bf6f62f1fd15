/** The module or the script that a container's start names, for Python to find. */
import { baseName } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import type { Start } from "./start-program.ts";

export interface PythonReference {
  readonly kind: "module" | "script";
  /** `app.main`, `src/app.py`. */
  readonly name: string;
  readonly word: ShellWord;
}

/** `undefined`: it names none, or where Python looks for it is not known. */
export function pythonReference(stage: Stage, start: Start): PythonReference | undefined {
  const { name = "", word, args, behindScript } = start;
  if (behindScript || !word) return undefined;
  if (args.some(({ value, text }) => LOOKS_ELSEWHERE.test(value ?? text))) return undefined;
  if (/\.py$/.test(word.value ?? "")) return script(word);
  if (/^python[\d.]*$/.test(name)) {
    const first = args.find(({ value }) => !/^-[bBdEiIOPqsSuvx]+$/.test(value ?? ""));
    return first && !first.text.startsWith("-") && /\.py$/.test(first.value ?? "") ? script(first) : undefined;
  }
  switch (name.replace(/-\d.*$/, "")) {
    case "uvicorn":
    case "hypercorn":
    case "daphne":
    case "granian":
      return module(operands(args).find(({ value }) => /^[A-Za-z_][\w.]*:[A-Za-z_][\w.()]*$/.test(value ?? "")));
    case "gunicorn":
      // Its configuration can change the directory: https://docs.gunicorn.org/en/stable/settings.html
      return args.some(({ value }) => /^(?:-c|--config)(?:=|$)|^-c/.test(value ?? "-c")) ||
        stage.environmentBefore().has("GUNICORN_CMD_ARGS")
        ? undefined
        : module(operands(args).find(({ value }) => /^[A-Za-z_][\w.]*(?::[A-Za-z_].*)?$/.test(value ?? "")));
    case "celery": {
      const at = args.findIndex(({ value }) => /^(?:-A|--app)$/.test(value ?? ""));
      const found = at === -1 ? undefined : module(args[at + 1]);
      // Behind the package there may be an attribute of it.
      return found && { ...found, name: found.name.split(".")[0]! };
    }
    case "streamlit":
      return args[0]?.value === "run"
        ? script(operands(args.slice(1)).find(({ value }) => /\.py$/.test(value ?? "")))
        : undefined;
    case "fastapi":
      return /^(?:run|dev)$/.test(args[0]?.value ?? "")
        ? script(operands(args.slice(1)).find(({ value }) => /\.py$/.test(value ?? "")))
        : undefined;
    default:
      return start.runners.some((runner) => /^python[\d.]*$/.test(baseName(runner.name))) && !SERVERS.test(name)
        ? module(word)
        : undefined;
  }
}

/** Options that have Python look in other places than the working directory. */
const LOOKS_ELSEWHERE = /^--(?:app-dir|chdir|pythonpath|workdir|working-dir|project|directory|factory-dir)(?:=|$)/;
/** Modules that others install, or that come with Python. */
const SERVERS =
  /^(?:flask|django|waitress|http|unittest|pytest|venv|pip|asyncio|pdb|cProfile|trace|zipapp|json|debugpy|alembic|robot|locust|scrapy|jupyter|notebook|ipykernel|mkdocs|twisted|tornado|aiohttp|sanic|quart)\b/;

function script(word: ShellWord | undefined): PythonReference | undefined {
  return word?.value === undefined ? undefined : { kind: "script", name: word.value, word };
}

function module(word: ShellWord | undefined): PythonReference | undefined {
  const name = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=:|$)/.exec(word?.value ?? "")?.[0];
  return name === undefined ? undefined : { kind: "module", name, word: word! };
}

/** Options of these servers without a value of their own. */
const SWITCHES =
  /^-(?:[DR]$|-(?:reload|preload|daemon|factory|no-[\w-]+|proxy-headers|use-colors|access-log|capture-output|spew|check-config|print-config|reuse-port|access-logfile-json|lifespan-off|respawn-failed-workers|opt|debug)$)/;

function operands(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.filter(({ value, text }, index) => {
    const before = args[index - 1];
    const isValue =
      before &&
      /^-/.test(before.value ?? before.text) &&
      !before.text.includes("=") &&
      !SWITCHES.test(before.value ?? "");
    return !isValue && value !== undefined && !text.startsWith("-");
  });
}
