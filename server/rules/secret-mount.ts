/** A file with a secret that some RUNs need is shown to these alone. */
import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import { insertAfter, removeInstruction, removeItem, removeWord } from "./edit.ts";
import { assuming, type Edit, type Fix, unsafe } from "./rule.ts";

/** The programs that read such a file by themselves, by its name. */
const READERS: readonly (readonly [name: RegExp, programs: RegExp])[] = [
  [/^\.npmrc$/, /^(?:npm|npx|yarn|pnpm|bun|corepack)$/],
  [/^\.yarnrc\.yml$/, /^yarn$/],
  [/^[._]netrc$/, /^(?:pip[\d.]*|python[\d.]*|uv|poetry|git|go|curl|wget)$/],
  [/^\.pypirc$/, /^(?:twine|python[\d.]*)$/],
  [/^\.git-credentials$/, /^(?:git|go|npm|yarn|pip[\d.]*|composer|bundle)$/],
  [
    /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
    /^(?:git|ssh|scp|sftp|rsync|go|npm|yarn|pnpm|pip[\d.]*|uv|poetry|composer|bundle|cargo)$/,
  ],
  [/^credentials$/, /^aws$/],
];

/** The fix that mounts a file which COPY brings, where it is used; or why there is none. */
export function mountingSecret(stage: Stage, copy: Instruction, word: Word): Fix | string {
  const unknown = "a `RUN` behind it may need the file: `RUN --mount=type=secret` shows it to that one alone";
  const { syntax } = stage.dockerfile;
  const target = targetOf(stage, copy, word);
  const source = stage.resolve(word, copy);
  if (target === undefined || source === undefined || copy.json || copy.flag("from")) return unknown;
  const name = baseName(target);
  const reader = READERS.find(([pattern]) => pattern.test(name))?.[1];
  if (!reader || (copy.arguments.length === 2 && copy.comments.length > 0)) return unknown;
  const later = stage.runs.filter(
    (run) => run.instruction.range.start > copy.range.start && run.onbuild === (copy.onbuild !== undefined),
  );
  const readers = later.filter((run) => run.commands.some((one) => reader.test(one.program ?? "") && !isScript(one)));
  if (readers.length === 0 || readers.some(({ instruction }) => instruction.json !== undefined)) return unknown;
  const edits: Edit[] = [copy.arguments.length === 2 ? removeInstruction(syntax, copy) : removeWord(syntax, word)];
  const id = name.replace(/^[._]+/, "").replace(/[^\w-]/g, "-");
  for (const run of readers) {
    // The mount belongs to root, whoever runs the commands.
    const mode = run.stage.userBefore(run.instruction)?.isRoot === true ? "" : ",mode=0444";
    edits.push(insertAfter(run.instruction.keywordRange, ` --mount=type=secret,id=${id},target=${target}${mode}`));
  }
  for (const run of later) {
    for (const command of run.commands.filter(({ words }) => words.some(({ text }) => text.includes(name)))) {
      const edit = deletion(run, command);
      if (!edit) return "a `RUN` works with the file itself, which a secret mount does not allow";
      edits.push(edit);
    }
  }
  return assuming(
    unsafe("Mount it as a secret where it is used", edits),
    `The secret is given to the build: \`docker build --secret id=${id},src=${source.replace(/^\.\//, "")}\`.`,
    `Nothing but ${readers.length === 1 ? "this `RUN`" : "these `RUN`s"} reads the file, and nothing when the container runs.`,
    "What was in an image that others have is replaced where it is used.",
  );
}

/** Where the file gets to; `undefined`: not known. */
function targetOf(stage: Stage, copy: Instruction, word: Word): string | undefined {
  const last = copy.arguments.at(-1)!;
  const target = stage.resolve(last, copy);
  const source = stage.resolve(word, copy);
  if (!target || !source || /[,\s"'*?[]/.test(`${target}${source}`)) return undefined;
  const isFolder = /(?:^|\/)\.{0,2}$/.test(target) || copy.arguments.length > 2;
  const workdir = stage.workdirBefore(copy);
  if (!isAbsolute(target) && workdir === undefined) return undefined;
  return normalise(`${isAbsolute(target) ? "" : `${workdir}/`}${target}${isFolder ? `/${baseName(source)}` : ""}`);
}

/** `npm run build`: of the project, nothing is fetched. */
function isScript({ program, args }: Command): boolean {
  const verb = args.find(({ value }) => !value?.startsWith("-"))?.value;
  if (program === "yarn") return verb !== undefined && !/^(?:install|add|workspaces|dlx)$/.test(verb);
  return (
    /^(?:npm|pnpm|bun)$/.test(program ?? "") &&
    /^(?:run|run-script|test|start|build|exec|config|cache|version|set|pkg|prune|rebuild)$/.test(verb ?? "")
  );
}

/** What deletes the file alone, or keeps others from reading it: a mount leaves nothing to do. */
function deletion(run: Run, command: Command): Edit | undefined {
  const { syntax } = run.stage.dockerfile;
  const isOnly = command.args.filter(({ text }) => !/^-|^[0-7]{3,4}$|^[ugoa]*[-+=][rwx]*$/.test(text)).length === 1;
  if (!/^(?:rm|chmod)$/.test(command.program ?? "") || !isOnly) return undefined;
  if (run.commands.length === 1)
    return run.instruction.comments.length > 0 ? undefined : removeInstruction(syntax, run.instruction);
  const item = command.shell?.item;
  return item && run.script && item.command === command.shell ? removeItem(syntax, run.script, item) : undefined;
}
