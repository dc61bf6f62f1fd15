/** Writes what fixes have made, where it may be written. */
import { lstat, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { FileText } from "../rules/rule.ts";
import type { Host } from "./host.ts";
import { problemWith } from "./read.ts";

/** In place, so that links, owner and mode stay. @throws a Problem when that cannot be. */
export async function writeInPlace(path: string, text: string, { directory }: Host): Promise<void> {
  try {
    const absolute = resolve(directory, path);
    // The superuser could, but somebody has said that it shall not change.
    if (((await stat(absolute)).mode & 0o222) === 0) throw new Error("it is read-only; make it writable first");
    await writeFile(absolute, text);
  } catch (error) {
    throw problemWith(path, error, "write");
  }
}

/**
 * A file of the build context: a new one, or one that is completed, which then is no link and as it was read. Never outside of
 * the folder.
 * @param before what it held when it was read; `null`: there was none.
 * @returns the path that was written, for messages.
 * @throws a Problem when that cannot be.
 */
export async function writeContextFile(
  context: string,
  { path, text }: FileText,
  before: string | null,
  host: Host,
): Promise<string> {
  const shown = join(context, path);
  try {
    const folder = await realpath(resolve(host.directory, context));
    const parent = await realpath(dirname(resolve(folder, path)));
    if (parent !== folder && !parent.startsWith(folder.endsWith(sep) ? folder : folder + sep))
      throw new Error("it is outside of the build context");
    const absolute = resolve(folder, path);
    if (before === null) {
      // Fails where something is there by now, be it a link that leads nowhere.
      await writeFile(absolute, text, { flag: "wx" });
      return shown;
    }
    if (!(await lstat(absolute)).isFile()) throw new Error("it is a link to another file");
    if ((await readFile(absolute, "utf8")) !== before) throw new Error("it was changed meanwhile; try again");
  } catch (error) {
    throw problemWith(shown, error, "write");
  }
  await writeInPlace(join(context, path), text, host);
  return shown;
}
