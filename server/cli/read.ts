/** Dockerfiles, as text. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { decode, readBytes } from "../context/disk.ts";
import { type Host, Problem } from "./host.ts";

/** The operand for standard input. */
export const STDIN = "-";

/** In bytes. */
const LIMIT = 4 * 1024 * 1024;

/** @throws a Problem that says why it cannot be read. */
export async function readDockerfile(path: string, host: Host): Promise<string> {
  const bytes = path === STDIN ? await readInput(host.input) : await readFile(path, host);
  if (bytes === undefined)
    throw new Problem(`${quote(path)} is larger than 4 MB, which no Dockerfile is; it is left out`);
  const text = decode(bytes);
  if (text === undefined) {
    const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw new Problem(`${quote(path)} is not UTF-8${isWide ? " but UTF-16" : ""}; save it as UTF-8`);
  }
  return text;
}

/** What went wrong with a file, in words. */
export function problemWith(path: string, error: unknown, purpose: "read" | "write"): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = (code && REASONS[code]) ?? message;
  return new Problem(`cannot ${purpose} ${quote(path)}: ${reason}`);
}

export function quote(path: string): string {
  return path === STDIN ? "standard input" : JSON.stringify(path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the path",
  ENOTDIR: "a part of its path is a file; check the path",
  EISDIR: "it is a folder; name the Dockerfile in it",
  EACCES: "permission denied; change its permissions or run as another user",
  EPERM: "permission denied; change its permissions or run as another user",
  EROFS: "the file system is read-only; copy it elsewhere",
  ELOOP: "its symbolic links lead in a circle; remove them",
  ENAMETOOLONG: "the name is too long; check the path",
  EEXIST: "there is something of that name",
  ENOSPC: "there is no space left; make some",
};

async function readFile(path: string, { directory }: Host): Promise<Uint8Array | undefined> {
  try {
    const absolute = resolve(directory, path);
    if ((await stat(absolute)).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    return await readBytes(absolute, LIMIT);
  } catch (error) {
    throw problemWith(path, error, "read");
  }
}

async function readInput(input: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    length += chunk.length;
    if (length > LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
