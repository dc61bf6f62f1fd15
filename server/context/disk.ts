/** Files of the disk. Node only. */
import { statSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Files } from "./gather.ts";

/** @param directory what relative paths start from. */
export function diskFiles(directory: string): Files {
  return {
    async read(path, limit) {
      const absolute = resolve(directory, path);
      const kind = kindOf(absolute);
      // Opening a pipe would wait for somebody to write.
      if (kind !== "file") return kind === "missing" ? null : undefined;
      const bytes = await readBytes(absolute, limit).catch(() => undefined);
      return bytes && decode(bytes);
    },
    async exists(path) {
      const kind = kindOf(resolve(directory, path));
      return kind === undefined ? undefined : kind === "file";
    },
    async list(path, limit, skipped) {
      return listFiles(resolve(directory, path), limit, skipped).catch(() => undefined);
    },
  };
}

/** Links are files: what they point at is not looked at. */
async function listFiles(
  directory: string,
  limit: number,
  skipped: readonly string[],
): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const waiting = [""];
  for (const folder of waiting) {
    for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
      if (!entry.isDirectory()) found.push(folder + entry.name);
      else if (!skipped.includes(entry.name)) waiting.push(`${folder}${entry.name}/`);
    }
    if (found.length > limit || waiting.length > limit) return undefined;
  }
  return found;
}

/** `undefined`: not known. Most of what is asked for is missing, which is told at once, and without an error to make. */
function kindOf(path: string): "file" | "missing" | "other" | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? "missing" : found.isFile() ? "file" : "other";
  } catch (error) {
    // What should be a folder of the path is a file.
    return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? "missing" : undefined;
  }
}

/** All bytes of a file, a pipe or a device; `undefined`: there are more than `limit`. Fails as `open` and `read` do. */
export async function readBytes(path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = await open(path);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(64 * 1024) });
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > limit) return undefined;
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** The text of UTF-8 bytes, a byte order mark included; `undefined`: they are no UTF-8. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
