/**
 * Where web frameworks write, by their own conventions.
 *
 * https://guides.rubyonrails.org/configuring.html (and the `Dockerfile` that `rails new` writes),
 * https://laravel.com/docs/12.x/deployment#directory-permissions, https://symfony.com/doc/current/setup/file_permissions.html
 */
import { baseName } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import { nodeFolders } from "./node-writes.ts";

/** Directories of the working directory that the application writes to, because of what it is made with. */
export function frameworkDirectories(stage: Stage): readonly string[] {
  const workdir = stage.workdirBefore();
  if (workdir === undefined || workdir === "/") return [];
  const text = (name: string): string => stage.dockerfile.context.files?.[name] ?? "";
  const startsRails = startWords(stage).some((word) => /^(?:rails|thrust)$/.test(baseName(word)));
  const names: string[] = [];
  if (startsRails || /^\s*gem\s*\(?\s*["']rails["']/m.test(text("Gemfile"))) names.push("log", "storage", "tmp");
  if (/"laravel\/framework"\s*:/.test(text("composer.json"))) names.push("bootstrap/cache", "storage");
  if (/"symfony\/framework-bundle"\s*:/.test(text("composer.json"))) names.push("var");
  names.push(...nodeFolders(stage));
  return names.map((name) => `${workdir}/${name}`);
}
