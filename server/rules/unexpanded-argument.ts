import type { Stage } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { replace } from "./edit.ts";
import { assuming, changing, defineRule, type Finding, unsafe } from "./rule.ts";
import { keywordOf, type Start, startsOf } from "./start-program.ts";

export default defineRule({
  id: "unexpanded-argument",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    const [start] = finalStage ? startsOf(finalStage) : [];
    if (!finalStage || !start?.isExec || start.behindScript || !TAKES_AS_IT_IS.test(start.name ?? "")) return;
    const word = unexpandedWord(start);
    if (!word) return;
    yield {
      at: word.range,
      message: `No shell reads the exec form, so that \`${start.name}\` gets \`${word.value}\` as it stands`,
      ...repair(finalStage, start),
    };
  },
});

/** Programs that are known to look for no variables and no patterns in their arguments, but in those that are left out below. */
const TAKES_AS_IT_IS =
  /^(?:java|dotnet|node|python[\d.]*|ruby|perl|gunicorn|uvicorn|hypercorn|daphne|celery|streamlit|php)$/;

function unexpandedWord({ name, args }: Start): ShellWord | undefined {
  const values = args.map(({ value }) => value ?? "");
  // A program in an argument may well have a `$` or `*` of its own.
  if (values.some((value) => /^-(?:c|e|p|r|-eval|-print)$/.test(value))) return undefined;
  const end = name === "java" ? values.findIndex((value, index) => isStarted(value, values[index - 1])) : -1;
  return args.find(({ value = "" }, index) => {
    // What is behind the program is its own: Spring replaces `\${NAME}` itself.
    if (end !== -1 && index > end) return false;
    if (name === "java" && value.startsWith("-D")) return false;
    if (/^\$(?:\w+|\{\w+\})$|[:=]\$(?:[A-Z]\w*|\{[A-Z]\w*\})$|^-Xm[sx]\$/.test(value)) return true;
    return isFile(name, values, index) && /[*?]/.test(value) && /\.(?:jar|war|dll|js|py)$/.test(value);
  });
}

/** The jar or the class that `java` starts. */
function isStarted(value: string, previous: string | undefined): boolean {
  return (
    previous === "-jar" ||
    (/^[a-z][\w$]*(?:\.[\w$]+)+$/i.test(value) && !/^-(?:cp|classpath|jar)$/.test(previous ?? ""))
  );
}

function isFile(name: string | undefined, values: readonly string[], index: number): boolean {
  return name === "java"
    ? values[index - 1] === "-jar"
    : values.slice(0, index).every((value) => value.startsWith("-"));
}

function repair(stage: Stage, start: Start): Pick<Finding, "fixes" | "refusal"> {
  const { instructions, words } = start;
  const [instruction] = instructions;
  if (instructions.length > 1 || !instruction)
    return { refusal: "a shell would have to get the arguments of `CMD`, too: write both in one instruction" };
  if (stage.base.shell === undefined || stage.base.shell === "none")
    return { refusal: "whether the image has a shell is not known" };
  if (words.some(({ value }) => value === undefined || !/^[\w./:=,@%+*?${}-]+$/.test(value)))
    return { refusal: "what a shell would make of the other arguments is not known" };
  const script = `exec ${words.map(({ value }) => value).join(" ")}`;
  const keyword = keywordOf(start, words[0]!);
  const fix = unsafe(
    "Let a shell read it",
    replace(instruction.rest.range, JSON.stringify(["sh", "-c", script]).replaceAll('","', '", "')),
  );
  return {
    fixes: [
      assuming(
        changing(fix, keyword),
        "The container gets no further arguments when it is started, which the shell would not pass on.",
      ),
    ],
  };
}
