/** Writes a copy of the sources again, for the manifests alone. */
import type { Run } from "../model/run.ts";
import type { Instruction } from "../syntax/parse.ts";

export function isPlain(text: string, copy: Instruction): boolean {
  const original = text.slice(copy.range.start, copy.range.end);
  return !copy.json && !copy.flag("exclude") && !/[\r\n"']/.test(original) && !/\$/.test(copy.arguments[1]!.text);
}

/** The arguments of the COPYs that take these files to where another takes all, each into the folder that it is in. */
export function byFolder(copy: Instruction, files: readonly string[]): readonly string[] {
  const folders = new Set(files.map((file) => file.slice(0, file.lastIndexOf("/") + 1)));
  return [...folders].map(
    (folder) =>
      sourcesOf(
        copy,
        files.filter((file) => file.slice(0, file.lastIndexOf("/") + 1) === folder),
      ) + folder,
  );
}

/** The arguments of a COPY that takes these files to where another takes all. */
export function sourcesOf(copy: Instruction, files: readonly string[]): string {
  const [source, target] = copy.arguments;
  const names = files.map((file) => (source!.value.startsWith("/") ? `/${file}` : file));
  return `${names.join(" ")} ${target!.value === "." ? "./" : target!.value.replace(/\/*$/, "/")}`;
}

/** `RUN` with its flags, up to the script. */
export function headOf({ instruction, stage }: Run): string {
  return stage.dockerfile.text.slice(instruction.keywordRange.start, instruction.rest.range.start);
}
