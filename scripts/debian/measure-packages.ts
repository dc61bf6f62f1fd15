import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Download } from "./apt.ts";
import { measurePackage, type Payload } from "./measure-package.ts";

/** How many are read at once. */
const AT_ONCE = 2;

/** How often a package file is asked for, and for how long each time, in milliseconds: mirrors stall. */
const ATTEMPTS = 4;
const PATIENCE = 180_000;

/**
 * Reads package files from the mirror and forgets them again; the answers stay in a file of `.cache/` (or `$PLIMSOLL_CACHE`), by
 * checksum, so that what has been read once costs nothing. Throws when one cannot be had.
 */
export async function measurePackages(downloads: ReadonlyMap<string, Download>): Promise<ReadonlyMap<string, Payload>> {
  const known = readCache();
  const waiting = [...downloads.values()].filter(({ sha256 }) => !known.has(sha256));
  // The last is taken first: the small ones, of which there are most.
  waiting.sort((a, b) => b.size - a.size);
  const total = waiting.reduce((sum, { size }) => sum + size, 0);
  console.error(`${waiting.length} package files to read, ${Math.round(total / 1e6)} MB`);
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-deb-"));
  let read = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const payload = await measureDownload(next, join(folder, next.sha256));
      known.set(next.sha256, payload);
      appendFileSync(cacheFile, `${JSON.stringify([next.sha256, payload])}\n`);
      if (++read % 500 === 0) console.error(`${waiting.length} left`);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return new Map([...downloads].map(([name, { sha256 }]) => [name, known.get(sha256)!]));
}

const cacheFolder = process.env["PLIMSOLL_CACHE"] ?? ".cache";
const cacheFile = join(cacheFolder, "debian-payloads.jsonl");

function readCache(): Map<string, Payload> {
  mkdirSync(cacheFolder, { recursive: true });
  const text = existsSync(cacheFile) ? readFileSync(cacheFile, "utf8") : "";
  const lines = text.split("\n").filter((line) => line.endsWith("]"));
  return new Map(lines.map((line) => JSON.parse(line) as [string, Payload]));
}

async function measureDownload(download: Download, file: string): Promise<Payload> {
  writeFileSync(file, await fetchPackage(download, ATTEMPTS));
  try {
    return await measurePackage(file);
  } finally {
    rmSync(file);
  }
}

async function fetchPackage({ uri, size, sha256 }: Download, attempts: number): Promise<Buffer> {
  const name = new URL(uri).pathname;
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length !== size || createHash("sha256").update(bytes).digest("hex") !== sha256)
      throw new Error("not what the index says");
    return bytes;
  } catch (error) {
    if (attempts > 1) return fetchPackage({ uri, size, sha256 }, attempts - 1);
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}
