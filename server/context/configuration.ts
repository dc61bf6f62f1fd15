/** Finds the configuration files of a Dockerfile: the nearest of each kind, from its folder upwards. */
import type { ConfigurationFile } from "../model/context.ts";
import type { Files } from "./gather.ts";

const NAMES: readonly (readonly [kind: ConfigurationFile["kind"], names: readonly string[]])[] = [
  ["plimsoll", [".plimsoll.yaml", ".plimsoll.yml"]],
  ["hadolint", [".hadolint.yaml", ".hadolint.yml"]],
];

/** Of every file above, for whoever watches them. */
export const CONFIGURATION_FILES: readonly string[] = NAMES.flatMap(([, names]) => names);

/** In bytes. */
const LIMIT = 256 * 1024;

/**
 * The nearest file of each kind, ours first. It is looked for up to the root of the repository; outside of one, up to `top`.
 *
 * @param folder that of the Dockerfile: a whole path or URI, with `/`.
 * @param top a folder above it; where it is none, or absent, only `folder` itself is looked into.
 */
export async function findConfiguration(
  folder: string,
  top: string | undefined,
  files: Files,
): Promise<readonly ConfigurationFile[]> {
  const folders = await foldersToLookInto(folder, top, files);
  const found = await Promise.all(NAMES.map(([kind, names]) => findNearest(kind, names, folders, files)));
  return found.filter((one) => one !== undefined);
}

/** A file that somebody names; it is hadolint's if its name says so. */
export async function readConfigurationFile(path: string, files: Files): Promise<ConfigurationFile> {
  const kind = /hadolint[^/]*$/i.test(path) ? "hadolint" : "plimsoll";
  return { kind, path, text: (await files.read(path, LIMIT)) ?? undefined };
}

async function findNearest(
  kind: ConfigurationFile["kind"],
  names: readonly string[],
  folders: readonly string[],
  files: Files,
): Promise<ConfigurationFile | undefined> {
  for (const folder of folders) {
    for (const name of names) {
      const path = `${folder}/${name}`;
      const text = await files.read(path, LIMIT);
      if (text !== null && (text !== undefined || (await files.exists(path)))) return { kind, path, text };
    }
  }
  return undefined;
}

/** Without a slash at their ends, the Dockerfile's own first. */
async function foldersToLookInto(folder: string, top: string | undefined, files: Files): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let current: string | undefined = trimmed(folder); current !== undefined; current = parentOf(current)) {
    folders.push(current);
    if (await isRepository(current, files)) return folders;
  }
  const last = top === undefined ? -1 : folders.indexOf(trimmed(top));
  return folders.slice(0, Math.max(last, 0) + 1);
}

/** In a work tree or a submodule, `.git` is a file. */
async function isRepository(folder: string, files: Files): Promise<boolean> {
  return (await files.exists(`${folder}/.git/HEAD`)) === true || (await files.exists(`${folder}/.git`)) === true;
}

function parentOf(folder: string): string | undefined {
  const slash = folder.lastIndexOf("/");
  return slash === -1 ? undefined : folder.slice(0, slash);
}

function trimmed(folder: string): string {
  return folder.replace(/\/+$/, "");
}
