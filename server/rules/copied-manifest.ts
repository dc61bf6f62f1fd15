import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { insertAfter, removeInstruction } from "./edit.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "copied-manifest",
  category: "efficiency",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  refactoring: true,

  *check({ stages }) {
    for (const stage of stages) {
      for (const [index, instruction] of stage.instructions.entries()) {
        const run = stage.runOf(instruction);
        const copy = stage.instructions[index - 1];
        if (!run || copy?.keyword !== "COPY" || run.onbuild !== (copy.onbuild !== undefined) || !isReader(run))
          continue;
        yield {
          at: copy.keywordRange,
          message: "A mount could show these files to the `RUN` below, without a layer of their own",
          ...repair(stage, copy, run),
        };
      }
    }
  },
});

/** They read what is listed, and write nothing to it, so that a mount which cannot be written will do. */
const READERS: readonly RegExp[] = [
  /^npm (?:ci|clean-install)\b/,
  /^pnpm (?:install|i)\b.* --frozen-lockfile\b/,
  /^yarn(?: install)?\b.* --(?:frozen-lockfile|immutable)\b/,
  /^(?:pip[\d.]*|python[\d.]* -m pip) install\b.* (?:-r|--requirement)\b/,
  /^uv sync\b.* --(?:locked|frozen)\b/,
  /^composer install\b/,
  /^go mod download\b/,
  /^npm cache clean\b|^yarn cache clean\b|^pnpm store prune\b/,
];

function isReader({ commands, instruction }: Run): boolean {
  const text = ({ program, args }: Command): string =>
    [program, ...args.map((word) => word.value ?? word.text)].join(" ");
  return (
    commands.length > 0 &&
    instruction.heredocs.length === 0 &&
    commands.every((command) => READERS.some((reader) => reader.test(text(command))))
  );
}

function repair(stage: Stage, copy: Instruction, run: Run): Pick<Finding, "fixes" | "refusal"> {
  const { syntax, context } = stage.dockerfile;
  const folder = folderOf(stage, copy);
  if (copy.json || copy.flags.length > 0 || copy.comments.length > 0 || copy.heredocs.length > 0)
    return { refusal: "the `COPY` is more than a list of files" };
  if (folder === undefined || folder !== stage.workdirBefore(copy))
    return { refusal: "they are not copied to the working directory" };
  const names = copy.arguments.slice(0, -1).flatMap((word) => {
    const name = stage.resolve(word, copy)?.replace(/^\.\//, "");
    return name === undefined ? undefined : matches(name, context.files);
  });
  const files = names.filter((name) => name !== undefined);
  if (files.length < names.length || files.length === 0) return { refusal: "which files they are is not known" };
  const later = stage.instructions.slice(stage.instructions.indexOf(run.instruction) + 1);
  const whole = later.find(
    (one) => one.keyword === "COPY" && isWholeCopy(stage, one) && folderOf(stage, one) === folder,
  );
  if (!whole) return { refusal: "no `COPY` below brings them for good, and something else may need them" };
  const between = later.slice(0, later.indexOf(whole));
  if (
    between.some(({ keyword }) => keyword === "RUN" || keyword === "COPY" || keyword === "ADD" || keyword === "WORKDIR")
  )
    return { refusal: "something before the `COPY` that brings them for good may need them, too" };
  const mounts = files.map(
    (file) => ` --mount=type=bind,source=${file},target=${file.slice(file.lastIndexOf("/") + 1)}`,
  );
  return {
    fixes: [
      assuming(
        unsafe(`Mount ${files.map((file) => `\`${file}\``).join(", ")} instead`, [
          removeInstruction(syntax, copy),
          insertAfter(run.instruction.flags.at(-1)?.range ?? run.instruction.keywordRange, mounts.join("")),
        ]),
        "The image is built with BuildKit, which Docker has used since version 23.",
      ),
    ],
  };
}

/** The file that a name stands for, or the files of the context that a pattern does; `undefined`: not known. */
function matches(name: string, known: Stage["dockerfile"]["context"]["files"]): string | undefined | readonly string[] {
  if (/[,"'\s[\]?{}\\]/.test(name)) return undefined;
  if (!name.includes("*")) return /(?:\.\w+|^go\.(?:mod|sum))$/.test(name) ? name : undefined;
  const pattern = new RegExp(`^${name.replace(/[.+^$()|]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
  const found = Object.entries(known ?? {}).filter(([path, text]) => pattern.test(path) && text !== null);
  // A file that is not looked for may fit as well: `package*.json` is the one pattern of which all are.
  return name === "package*.json" && found.length > 1 ? found.map(([path]) => path).sort() : undefined;
}

function isWholeCopy(stage: Stage, copy: Instruction): boolean {
  return (
    !copy.flag("from") &&
    copy.arguments.length === 2 &&
    /^(?:\.?\/*|\.\/\.)$/.test(stage.resolve(copy.arguments[0]!, copy) ?? "x")
  );
}

function folderOf(stage: Stage, copy: Instruction): string | undefined {
  const target = stage.resolve(copy.arguments.at(-1)!, copy);
  const workdir = stage.workdirBefore(copy);
  if (!target || (!isAbsolute(target) && workdir === undefined)) return undefined;
  return normalise(isAbsolute(target) ? target : `${workdir}/${target}`);
}
