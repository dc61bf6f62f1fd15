import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { removeInstruction, replace } from "./edit.ts";
import { named, optionNames, readOptions } from "./options.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "archive-copy",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3010"],
  fix: "unsafe",
  concerns: "image",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "COPY" || instruction.flag("from") || instruction.heredocs.length > 0) continue;
        const target = instruction.arguments.at(-1)?.value ?? "";
        for (const word of instruction.arguments.slice(0, -1)) {
          const path = stage.resolve(word, instruction);
          if (path === undefined || !ARCHIVE.test(path)) continue;
          const name = baseName(ARCHIVE.test(target) ? target : path);
          const unpacking = stage.runs
            .filter(
              (run) => run.instruction.range.start > instruction.range.start && run.onbuild === !!instruction.onbuild,
            )
            .flatMap((run) => run.commands.map((command) => ({ run, command })))
            .find(({ command }) => unpacks(command, name));
          if (!unpacking) continue;
          yield {
            at: word.range,
            message: "The archive stays in its layer beside what a `RUN` unpacks from it; `ADD` unpacks it at once",
            related: [{ at: unpacking.command.range, message: "It is unpacked here" }],
            ...remedy(stage, instruction, unpacking),
          };
        }
      }
    }
  },
});

/** What ADD unpacks: https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives */
const ARCHIVE = /\.(?:tar(?:\.(?:gz|bz2|xz))?|tgz|tbz2?|tb2|txz)$/i;

/** Programs that take away the compression alone are on the way to the same. */
function unpacks({ program = "", args }: Command, name: string): boolean {
  const isDecompression = /^(?:gunzip|bunzip2|unxz|uncompress|zcat|gzcat|bzcat|xzcat)$/.test(program);
  if (program !== "tar" && program !== "bsdtar" && !isDecompression) return false;
  const extracts = args.some(
    ({ value = "" }, index) =>
      /^(?:--extract|--get|-[A-Za-z]*x[A-Za-z]*)$/.test(value) || (index === 0 && /^[a-zA-Z]*x[a-zA-Z]*$/.test(value)),
  );
  if (!extracts && !isDecompression) return false;
  return args.some(({ value }) => value !== undefined && baseName(value.replace(/^--file=/, "")) === name);
}

const VALUED = optionNames(
  "-f --file -C --directory --exclude --transform --strip-components --owner --group --mode -X -T",
);

/** Where the RUN does nothing else. */
function remedy(
  stage: Stage,
  copy: Instruction,
  { run, command }: { readonly run: Run; readonly command: Command },
): Pick<Finding, "fixes" | "refusal"> {
  const refusal = { refusal: "the `RUN` does more than to unpack it" };
  if (!command.program?.endsWith("tar")) return refusal;
  if (copy.arguments.length !== 2 || run.mounts.length > 0 || run.instruction.comments.length > 0) return refusal;
  const source = command.args
    .map(({ value }) => value ?? "")
    .find((value) => ARCHIVE.test(value))!
    .replace(/^--file=/, "");
  const others = run.commands.filter((other) => other !== command);
  const isDeletion = ({ program, args }: Command): boolean =>
    program === "rm" && args.every(({ value }) => value === source || /^-[rf]+$/.test(value ?? ""));
  if (!others.every(isDeletion) || (run.script?.items.length ?? 1) !== run.commands.length) return refusal;
  // `tar xzf` without a dash
  const [first, ...rest] = command.args;
  const plain =
    first && /^[a-z]+$/.test(first.value ?? "")
      ? [{ ...first, value: `-${first.value}`, text: `-${first.text}` }, ...rest]
      : command.args;
  const given = readOptions(plain, VALUED);
  const isKnown = given.options.every(({ name }) =>
    /^-[xzjJvfCpm]$|^--(?:extract|get|gzip|bzip2|xz|verbose|file|directory|no-same-owner)$/.test(name),
  );
  const operands = given.operands.filter(({ value }) => value !== source);
  const [directory] = named(given, "-C", "--directory");
  const folder = directory ? directory.value : stage.workdirBefore(run.instruction);
  if (!isKnown || operands.length > 0 || !folder?.startsWith("/") || /\s/.test(folder)) return refusal;
  const { syntax } = stage.dockerfile;
  const written = syntax.text.slice(copy.keywordRange.start, copy.keywordRange.end);
  return {
    fixes: [
      assuming(
        unsafe(
          `Unpack it to \`${folder}\` with \`ADD\``,
          replace(copy.keywordRange, written === "copy" ? "add" : "ADD"),
          replace(
            copy.arguments[1]!,
            copy.json ? JSON.stringify(`${folder}/`.replace(/\/+$/, "/")) : `${folder}/`.replace(/\/+$/, "/"),
          ),
          removeInstruction(syntax, run.instruction),
        ),
        "Nothing else reads the archive, and the owners in it are right: `ADD` keeps them.",
      ),
    ],
  };
}
