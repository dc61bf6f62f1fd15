import type { Stage } from "../model/stage.ts";
import { normalise } from "../model/stage.ts";
import { insertInstructionsBefore, keyword } from "./edit.ts";
import { type ImageFiles, imageFiles, startDirectory } from "./image-files.ts";
import { manifestNames } from "./native-packages.ts";
import { mayInstallProject } from "./project-install.ts";
import { type PythonReference, pythonReference } from "./python-reference.ts";
import { assuming, changing, defineRule, type Finding, unsafe } from "./rule.ts";
import { isInside } from "./stage-split.ts";
import { startsOf } from "./start-program.ts";

export default defineRule({
  id: "missing-module",
  category: "correctness",
  severity: "warning",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    const [start, ...others] = finalStage ? startsOf(finalStage) : [];
    const reference = start && others.length === 0 ? pythonReference(finalStage!, start) : undefined;
    if (!finalStage || !start || !reference) return;
    const { kind, name, word } = reference;
    if (kind === "module" && mayBeInstalled(finalStage, name)) return;
    const directory = startDirectory(finalStage);
    const folders = directory === undefined ? undefined : foldersOf(finalStage, directory, kind);
    const image = folders && imageFiles(finalStage);
    if (!image || directory === undefined || folders.some((folder) => mayHave(image, folder, reference))) return;
    const places = placesOf(image, reference);
    if (places.length === 0) return;
    const where = places.slice(0, 3).map((place) => `\`${place}\``);
    yield {
      at: word.range,
      message: `Python looks for \`${name}\` in \`${directory}\`, and it is in ${where.join(" and in ").replace(/ and in (?=.* and in )/, ", ")}`,
      ...solve(finalStage, start.instructions[0]!, places),
    };
  },
});

function solve(
  stage: Stage,
  first: Parameters<typeof insertInstructionsBefore>[1],
  places: readonly string[],
): Pick<Finding, "fixes" | "refusal"> {
  const [place, ...others] = places;
  if (others.length > 0) return { refusal: "which of them is meant is not known" };
  if (first.range.start < (stage.last("WORKDIR")?.range.start ?? 0) || !stage.instructions.includes(first))
    return { refusal: "the command stands above what sets the working directory" };
  const fix = unsafe(
    `Start in \`${place}\``,
    insertInstructionsBefore(stage.dockerfile.syntax, first, `${keyword(stage, "WORKDIR")} ${place}`),
  );
  return {
    fixes: [
      assuming(
        changing(fix, "WORKDIR"),
        "The program's own imports, and the files that it opens by relative paths, start in the same folder as the command.",
      ),
    ],
  };
}

/** Of a package that is installed, or of Python itself. */
function mayBeInstalled(stage: Stage, name: string): boolean {
  const top = name.split(".")[0]!.toLowerCase();
  const named = manifestNames(stage).get("python");
  // The project's own name stands in its manifest as well.
  const isOwn = Object.entries(stage.dockerfile.context.files ?? {}).some(
    ([path, text]) =>
      path.endsWith("pyproject.toml") &&
      new RegExp(`^\\s*name\\s*=\\s*["']${top.replaceAll("_", "[-_]")}["']`, "im").test(text ?? ""),
  );
  const isNamed = named?.has(top) || named?.has(top.replaceAll("_", "-"));
  return mayInstallProject(stage) || (isNamed && !isOwn) === true;
}

/** Where Python looks; `undefined`: not known. */
function foldersOf(stage: Stage, directory: string, kind: PythonReference["kind"]): readonly string[] | undefined {
  const path = stage.environmentBefore().get("PYTHONPATH");
  if (kind === "script" || path === undefined) return [directory];
  return path === null
    ? undefined
    : [directory, ...path.split(":").map((one) => normalise(one.startsWith("/") ? one : `${directory}/${one}`))];
}

/** It is there, or that is not known. */
function mayHave({ files, unknown }: ImageFiles, folder: string, reference: PythonReference): boolean {
  const path = normalise(reference.name.startsWith("/") ? reference.name : `${folder}/${pathOf(reference)}`);
  if (unknown.some((one) => isInside(path, one) || isInside(one, path))) return true;
  if (reference.kind === "script") return files.has(path);
  return [...files.keys()].some(
    (file) =>
      file.startsWith(`${path}/`) || file.startsWith(`${path}.`) || file === path || path.startsWith(`${file}/`),
  );
}

/** The folders from which it could be found. */
function placesOf({ files }: ImageFiles, reference: PythonReference): readonly string[] {
  if (reference.name.startsWith("/")) return [];
  const path = normalise(`/${pathOf(reference)}`);
  const ends = reference.kind === "script" ? [path] : [`${path}.py`, `${path}/__init__.py`, `${path}/__main__.py`];
  const places = [...files.keys()].flatMap((file) => {
    const end = ends.find((one) => file.endsWith(one));
    return end === undefined ? [] : [file.slice(0, -end.length) || "/"];
  });
  return [...new Set(places)];
}

function pathOf({ kind, name }: PythonReference): string {
  return kind === "script" ? name : name.replaceAll(".", "/");
}
