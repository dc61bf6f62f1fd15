import type { PackageOperation } from "../model/packages.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import { replace } from "./edit.ts";
import { operationsOf } from "./package-rules.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "npm-install-with-lockfile",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  mentions: /npm/,

  *check(dockerfile) {
    for (const install of operationsOf(dockerfile.packageOperations, ["npm"], ["install"])) {
      const { verb, command, packages } = install;
      if (!/^(?:install|i|in|add)$/.test(verb.value!) || packages.length > 0 || install.has(...OTHER) !== false)
        continue;
      const copy = touchesManifest(install) ? undefined : lockFileBefore(install);
      if (!copy) continue;
      yield {
        at: verb.range,
        message: `\`npm ${verb.value}\` may install other versions than those in the lock file`,
        related: [{ at: copy, message: "the lock file is copied here" }],
        fixes: [
          assuming(
            unsafe("Use `npm ci`", replace(verb, command.shell ? "ci" : '"ci"')),
            "The lock file fits `package.json`; where it does not, the build fails and says so.",
          ),
        ],
      };
    }
  },
});

/** It works somewhere else, or is meant to leave the lock file alone. */
const OTHER = [
  "-g",
  "--global",
  "--location",
  "--prefix",
  "-C",
  "--package-lock",
  "--no-package-lock",
  "--package-lock-only",
];
const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json"];

/** Something changes the manifest or the lock file before, or the directory: what npm finds is not known. */
function touchesManifest({ run, command }: PackageOperation): boolean {
  const { stage, instruction } = run;
  return stage.lineage
    .flatMap(({ runs }) => runs)
    .filter((other) => other.instruction.range.start <= instruction.range.start)
    .flatMap((other) => other.commands.map((one) => ({ one, isOwn: other === run })))
    .some(
      ({ one, isOwn }) =>
        one.range.start < command.range.start &&
        ((isOwn && /^(?:cd|pushd)$/.test(one.program ?? "")) ||
          /\bpackage(?:-lock)?\.json\b|npm-shrinkwrap/.test(one.words.map(({ text }) => text).join(" ")) ||
          (one.program === "npm" && /^(?:pkg|init|version)$/.test(one.args[0]?.value ?? ""))),
    );
}

/** Where a lock file comes into the directory that npm works in; `undefined`: it does not, or that is not known. */
function lockFileBefore({ run }: PackageOperation): Range | undefined {
  const { stage, instruction } = run;
  const directory = stage.workdirBefore(instruction) ?? UNKNOWN;
  for (const { type, options, target, flag } of run.mounts) {
    const source = options.get("source") ?? options.get("src") ?? "";
    if (type !== "bind" || options.has("from") || target === undefined || !LOCK_FILES.includes(nameOf(source)))
      continue;
    if (folderOf(locate(target, directory)) === directory) return flag.range;
  }
  return stage
    .effective(instruction)
    .findLast((copy) => /^(?:COPY|ADD)$/.test(copy.keyword) && !copy.flag("from") && brings(stage, copy, directory))
    ?.range;
}

/** Stands for a base image's directory: what is relative to it stays comparable. */
const UNKNOWN = "/?";

function brings(stage: Stage, copy: Instruction, directory: string): boolean {
  const paths = copy.arguments.map((word) => stage.resolve(word, copy));
  const to = paths.pop();
  if (to === undefined || copy.heredocs.length > 0) return false;
  const destination = locate(to, stage.workdirBefore(copy) ?? UNKNOWN);
  return paths.some((path) => {
    if (path === undefined) return false;
    const source = normalise(path.replace(/^\/+/, ""));
    const name = nameOf(source);
    if (LOCK_FILES.includes(name)) return destination === directory || folderOf(destination) === directory;
    if (destination !== directory) return false;
    // What a pattern or a folder holds, only the build context knows.
    const folder = /[*?[]/.test(name) ? folderOf(source) : source;
    return LOCK_FILES.some((lockFile) => {
      const fits = folder === source || pattern(name).test(lockFile);
      const file = normalise(`${folder}/${lockFile}`);
      const { files } = stage.dockerfile.context;
      return fits && typeof files?.[file] === "string" && !isIgnored(files[".dockerignore"] ?? "", file);
    });
  });
}

function locate(path: string, directory: string): string {
  return normalise(isAbsolute(path) ? path : `${directory}/${path}`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, slash) || "/";
}

function pattern(glob: string): RegExp {
  return new RegExp(
    `^${glob
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("**/", "(?:.*/)?")
      .replaceAll("*", "[^/]*")
      .replaceAll("?", "[^/]")}$`,
  );
}

/** Whether a line of it may take the file out; what a later line takes back in is not looked at. */
function isIgnored(ignoreFile: string, file: string): boolean {
  return ignoreFile
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^\/|\/$/g, ""))
    .filter((line) => line !== "" && !/^[#!]/.test(line) && !line.includes("["))
    .some((line) => pattern(line).test(file) || file.startsWith(`${line}/`));
}
