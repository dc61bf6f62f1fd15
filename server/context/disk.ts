/** Files of the disk. Node only. */
import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Files } from "./gather.ts";

/** @param directory what relative paths start from. */
export function diskFiles(directory: string): Files {
  return {
    async read(path, limit) {
      try {
        const absolute = resolve(directory, path);
        // Opening a pipe would wait for somebody to write.
        if (!(await stat(absolute)).isFile()) return undefined;
        const bytes = await readBytes(absolute, limit);
        return bytes && decode(bytes);
      } catch (error) {
        return isMissing(error) ? null : undefined;
      }
    },
    async exists(path) {
      try {
        return (await stat(resolve(directory, path))).isFile();
      } catch (error) {
        return isMissing(error) ? false : undefined;
      }
    },
  };
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

/** There is no such file, or what should be a folder of its path is a file. */
function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
