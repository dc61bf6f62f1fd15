import type { Stage } from "../model/stage.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { replace } from "./edit.ts";
import { named } from "./options.ts";
import { assuming, changing, defineRule, unsafe } from "./rule.ts";
import { type Start, startOptions, startsOf } from "./start-program.ts";

export default defineRule({
  id: "unexposed-port",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage: stage }) {
    if (!stage) return;
    const exposed = exposedBy(stage);
    const starts = startsOf(stage);
    const [start] = starts;
    // Another program beside it may listen, too.
    if (!exposed || exposed.length === 0 || !start || starts.length > 1 || start.behindScript) return;
    const listening = portOf(start);
    if (!listening || exposed.some(({ port }) => port === listening.port)) return;
    const [only, ...others] = exposed;
    yield {
      at: listening.word.range,
      message: `\`${start.name}\` listens on port ${listening.port}, which \`EXPOSE\` does not name`,
      related: [{ at: only!.word.range, message: `\`EXPOSE\` names port ${only!.port}` }],
      ...(others.length === 0 && only!.isPlain && stage.instructions.includes(only!.instruction)
        ? {
            fixes: [
              assuming(
                changing(unsafe(`Expose port ${listening.port}`, replace(only!.word, listening.port)), "EXPOSE"),
                `Nothing else in the container listens on port ${only!.port}, and whoever publishes it by number is told.`,
              ),
            ],
          }
        : { refusal: "which of the ports is meant is not known" }),
    };
  },
});

interface Exposed {
  readonly instruction: Instruction;
  readonly word: Word;
  readonly port: string;
  /** Nothing else stands in the word. */
  readonly isPlain: boolean;
}

/** The ports that EXPOSE names; `undefined`: one of them is not known. */
function exposedBy(stage: Stage): readonly Exposed[] | undefined {
  const exposed: Exposed[] = [];
  for (const instruction of stage.effective()) {
    if (instruction.keyword !== "EXPOSE") continue;
    const owner = stage.lineage.find(({ instructions }) => instructions.includes(instruction)) ?? stage;
    for (const word of instruction.arguments) {
      const port = /^(\d+)(?:\/tcp)?$/i.exec(owner.resolve(word, instruction) ?? "")?.[1];
      if (port === undefined) return undefined;
      exposed.push({ instruction, word, port, isPlain: word.text === port });
    }
  }
  return exposed;
}

/** The options that say on which port a server listens, alone or behind an address. */
const PORT_OPTIONS: Readonly<Record<string, string>> = {
  uvicorn: "--port",
  gunicorn: "-b --bind",
  hypercorn: "-b --bind",
  daphne: "-p --port",
  granian: "--port",
  flask: "-p --port",
  quart: "-p --port",
  sanic: "-p --port",
  fastapi: "--port",
  "waitress-serve": "--port --listen",
  streamlit: "--server.port",
  mlflow: "-p --port",
  vite: "--port",
  next: "-p --port",
  "http-server": "-p --port",
  "json-server": "-p --port",
  rails: "-p --port",
  thin: "-p --port",
  jekyll: "-P --port",
  hugo: "-p --port",
  php: "-S",
};

/** Options of these servers by which they listen elsewhere, too, or not on a port. */
const OTHERWISE =
  /^(?:--uds|--fd|-u|--unix-socket|-e|--endpoint|--insecure-bind|--quic-bind|-c|--config|--env-file|--unix|--metrics\S*)(?:=|$)/;

function portOf(start: Start): { readonly port: string; readonly word: ShellWord } | undefined {
  const { name = "", args } = start;
  const options = Object.hasOwn(PORT_OPTIONS, name) ? PORT_OPTIONS[name]!.split(" ") : undefined;
  if (!options || args.some(({ value }) => value === undefined || OTHERWISE.test(value))) return undefined;
  const given = named(startOptions(start, options), ...options);
  const [option, ...others] = given;
  if (!option || others.length > 0) return undefined;
  const port = /^(?:(?:[\w.*-]+|\[[\da-f:]*\])?:)?(\d{1,5})$/i.exec(option.value ?? "")?.[1];
  // What listens on the loopback address only is behind something else, or another finding.
  if (/^(?:127\.|localhost|\[::1\])/.test(option.value ?? "")) return undefined;
  return port === undefined ? undefined : { port, word: option.valueWord ?? option.word };
}
