import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** What a package file puts into an image, in bytes, counted as Docker counts a layer: files and links, no folders. */
export type Payload = {
  /** Its files, and what dpkg keeps of it under `/var/lib/dpkg/info`. */
  readonly files: number;
  /** The part of them that the slim images leave out. */
  readonly dropped: number;
  /** The part of them that is Python source which its installation compiles. */
  readonly python: number;
  /** Its debconf templates, which are copied into a database. */
  readonly templates: number;
};

/** Reads a `.deb` with dpkg-deb. */
export async function measurePackage(path: string): Promise<Payload> {
  const control = await readTar(spawn("dpkg-deb", ["--ctrl-tarfile", path]), true);
  const text = (name: string) => control.find((entry) => entry.path === name)?.text ?? "";
  const script = text("postinst");
  const data = await readTar(spawn("dpkg-deb", ["--fsys-tarfile", path]), false);
  const list = data.reduce((sum, entry) => sum + entry.path.length + 2, 0);
  const records = control.reduce((sum, entry) => sum + (entry.path === "control" ? 0 : entry.size), list);
  const sum = (entries: readonly Entry[]) => entries.reduce((total, { size }) => total + size, 0);
  return {
    files: sum(data) + records,
    dropped: sum(data.filter((entry) => isDropped(entry.path))),
    python: sum(data.filter((entry) => entry.path.endsWith(".py") && isCompiled(entry.path, script))),
    templates: text("templates").length,
  };
}

/** The `path-exclude`s and `path-include`s of the slim images: debuerreotype's `.slimify-excludes` and `.slimify-includes`. */
function isDropped(path: string): boolean {
  return (
    /^usr\/share\/(?:doc|groff|info|linda|lintian\/overrides|locale|man)\/./.test(path) &&
    !/^usr\/share\/(?:doc\/.*\/copyright$|locale\/locale\.alias$)/.test(path)
  );
}

/** Python's own library is compiled by the interpreter's packages; what others have, by `py3compile -p name [folder]`. */
function isCompiled(path: string, script: string): boolean {
  if (/^usr\/lib\/python3\.\d+\//.test(path)) return true;
  const commands = script.match(/py3compile .*/g) ?? [];
  if (commands.length === 0) return false;
  const folders = commands.flatMap((command) => command.match(/\/[\w./+-]+/g) ?? []);
  return ["/usr/lib/python3/dist-packages/", ...folders].some((folder) => `/${path}`.startsWith(folder));
}

type Entry = { readonly path: string; readonly size: number; readonly text: string };

/** The files and links of a tar; a hard link takes no bytes, a symbolic one those of its target's name. */
async function readTar(process: ChildProcess, withText: boolean): Promise<Entry[]> {
  const entries: Entry[] = [];
  const reader = new ByteReader(process.stdout!);
  let longName: string | undefined;
  let longLink: string | undefined;
  for (;;) {
    const header = await reader.read(512);
    if (header.length < 512 || header[0] === 0) break;
    const field = (start: number, end: number) => header.toString("latin1", start, end).replace(/\0.*$/s, "");
    const size = header[124]! & 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(field(124, 136), 8) || 0;
    const type = field(156, 157) || "0";
    const padded = Math.ceil(size / 512) * 512;
    const wantsText = withText || type === "L" || type === "K";
    const text = wantsText ? (await reader.read(padded)).toString("latin1", 0, size) : "";
    if (!wantsText) await reader.skip(padded);
    if (type === "L") longName = text.replace(/\0+$/, "");
    else if (type === "K") longLink = text.replace(/\0+$/, "");
    else {
      const prefix = field(257, 262) === "ustar" ? field(345, 500) : "";
      const name = longName ?? (prefix === "" ? field(0, 100) : `${prefix}/${field(0, 100)}`);
      const link = longLink ?? field(157, 257);
      const bytes = type === "0" ? size : type === "2" ? link.length : 0;
      const path = name.replace(/^\.?\//, "");
      if (type !== "5" && path !== "") entries.push({ path, size: bytes, text });
      [longName, longLink] = [undefined, undefined];
    }
  }
  await reader.drain();
  await new Promise<void>((done, fail) => {
    const check = (code: number | null) => (code === 0 ? done() : fail(new Error(`dpkg-deb ended with ${code}`)));
    if (process.exitCode !== null) check(process.exitCode);
    else process.once("close", check);
  });
  return entries;
}

class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Fewer at the end. */
  async read(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#next())) break;
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#next())) return;
      const part = Math.min(missing, this.#rest.length);
      this.#rest = this.#rest.subarray(part);
      missing -= part;
    }
  }

  /** Reads what is left, so that the writer can end. */
  async drain(): Promise<void> {
    while (await this.#next());
  }

  async #next(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = value;
    return true;
  }
}
