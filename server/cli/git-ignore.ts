/** What the .gitignore files of a repository leave out: https://git-scm.com/docs/gitignore */
import { readFile, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Ignore } from "ignore";

export class GitIgnore {
  readonly #root: string;
  /** Their patterns start from the root. */
  readonly #patterns: Ignore | undefined;

  private constructor(root: string, patterns: Ignore | undefined) {
    this.#root = root;
    this.#patterns = patterns;
  }

  /** Those above a folder in its repository; none where they leave out the folder itself, which was asked for. */
  static async above(folder: string): Promise<GitIgnore> {
    const root = (await repositoryOf(folder)) ?? folder;
    const none = new GitIgnore(root, undefined);
    let ignored = none;
    let current = root;
    for (const name of relative(root, folder).split(sep)) {
      if (name === "") break;
      ignored = await ignored.with(current);
      current = join(current, name);
      if (ignored.covers(current, true)) return none;
    }
    return ignored;
  }

  /** These and those of the file in a folder, which win. A file that cannot be read leaves out nothing. */
  async with(folder: string): Promise<GitIgnore> {
    const text = await readFile(join(folder, ".gitignore"), "utf8").catch(() => undefined);
    if (text === undefined) return this;
    const { default: ignore } = await import("ignore");
    const patterns = ignore({ ignorecase: false });
    if (this.#patterns) patterns.add(this.#patterns);
    return new GitIgnore(this.#root, patterns.add(rebase(text, this.#pathOf(folder))));
  }

  /** @param path below the root; none of its folders is left out. */
  covers(path: string, isFolder: boolean): boolean {
    return this.#patterns?.ignores(this.#pathOf(path) + (isFolder ? "/" : "")) ?? false;
  }

  #pathOf(path: string): string {
    return relative(this.#root, path).split(sep).join("/");
  }
}

/** The patterns of a file in a folder as the file of the root would have them. */
function rebase(text: string, folder: string): string {
  if (folder === "") return text;
  const prefix = `/${folder.replace(/[\\*?[\]!#]/g, "\\$&")}/`;
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, negation, slash, pattern] = /^(!?)(\/?)(.*)$/s.exec(line)!;
      // Without a slash before its end it means any depth.
      const isAnchored = slash !== "" || /\/(?!\s*$)/.test(pattern!);
      return `${negation}${prefix}${isAnchored ? "" : "**/"}${pattern!}`;
    })
    .join("\n");
}

async function repositoryOf(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const exists = await stat(join(current, ".git")).then(
      () => true,
      () => false,
    );
    if (exists) return current;
    if (dirname(current) === current) return undefined;
  }
}
