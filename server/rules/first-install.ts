/** An install in two steps: the dependencies from the manifests alone, and with the sources what is left. */
import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Run } from "../model/run.ts";
import { cargoDependencies } from "./cargo-dependencies.ts";
import type { Files, Manifests } from "./dependency-manifests.ts";
import { dotnetDownload } from "./dotnet-download.ts";
import { gradleDownload, mavenDownload } from "./jvm-download.ts";
import { nodeManifests, pnpmFetch } from "./node-manifests.ts";

export interface FirstInstall extends Manifests {
  /** What the first step runs. */
  readonly command: string;
  /** Folders that it needs besides. */
  readonly folders?: readonly string[];
  /** What comes in front of the second step. */
  readonly renewal?: string;
  /** Nothing of the command is left to do when the sources are there. */
  readonly isWhole?: true;
}

/** The first step of an install that also needs the sources; or why there is none; `undefined`: it does not need them. */
export function firstInstall(install: PackageOperation): FirstInstall | string | undefined {
  const { manager, run } = install;
  const files = run.stage.dockerfile.context.files ?? {};
  const manifest = (name: string): string => files[name] ?? "";
  const lock = (name: string): readonly string[] => (files[name] === null ? [] : [name]);
  switch (manager) {
    case "uv":
      if (
        install.has("--no-install-project", "--no-install-workspace", "--package", "--all-packages", "--project") !==
        false
      )
        return undefined;
      if (/\[tool\.uv\.workspace\]|\bpath\s*=\s*"/.test(manifest("pyproject.toml")))
        return "`pyproject.toml` names packages by their folders";
      return {
        files: ["pyproject.toml", ...lock("uv.lock"), ...present(files, ".python-version")],
        command: withFlags(install, "--no-install-project"),
        assumptions: unread(files, "pyproject.toml", "It is no workspace, and names no dependency by its folder."),
      };
    case "poetry":
      if (install.has("--no-root", "--directory", "-C", "--project", "-P") !== false) return undefined;
      if (/\bpath\s*=\s*"/.test(manifest("pyproject.toml"))) return "`pyproject.toml` names packages by their folders";
      return {
        files: ["pyproject.toml", ...lock("poetry.lock")],
        command: withFlags(install, "--no-root"),
        assumptions: unread(files, "pyproject.toml", "`pyproject.toml` names no dependency by its folder."),
      };
    case "composer":
      if (install.has("--no-autoloader", "--working-dir", "-d") !== false) return undefined;
      if (/"type"\s*:\s*"path"/.test(manifest("composer.json")))
        return "`composer.json` names packages by their folders";
      return {
        files: ["composer.json", ...lock("composer.lock")],
        command: withFlags(install, ...(install.has("--no-scripts") ? [] : ["--no-scripts"]), "--no-autoloader"),
        assumptions: unread(files, "composer.json", "`composer.json` names no package by its folder."),
      };
    case "pnpm":
      return typeof nodeManifests(install) === "string" ? pnpmFetch(install) : undefined;
    default:
      return undefined;
  }
}

/**
 * What downloads the dependencies of a program before it is built from its sources; or why nothing does; `undefined`: it has none,
 * or it is not known.
 */
export function firstDownload(run: Run, command: Command): FirstInstall | string | undefined {
  const { program, args } = command;
  const files = run.stage.dockerfile.context.files ?? {};
  const says = (pattern: RegExp): boolean => args.some(({ value }) => pattern.test(value ?? ""));
  if (program === "go" && /^(?:build|install|test|vet|generate)$/.test(args[0]?.value ?? "")) {
    const text = files["go.mod"];
    // `replace` by a folder, or what is vendored.
    if (typeof text !== "string" || files["go.sum"] !== "" || /=>\s*\.{0,2}\//.test(text)) return undefined;
    if (says(/^-mod=|^-C$|@/) || typeof files["vendor/modules.txt"] === "string") return undefined;
    return { files: ["go.mod", "go.sum"], command: "go mod download", assumptions: [] };
  }
  if (program === "cargo") return cargoDependencies(run, command);
  const { tree } = run.stage.dockerfile.context;
  if (program === "mvn" || program === "mvnw") return mavenDownload(command, files, tree);
  if (program === "gradle" || program === "gradlew") return gradleDownload(command, files, tree);
  return program === "dotnet" ? dotnetDownload(run.stage, command) : undefined;
}

function withFlags({ command, verb, run }: PackageOperation, ...flags: readonly string[]): string {
  const { text } = run.stage.dockerfile;
  const head = text.slice(command.range.start, verb.range.end);
  return `${head}${flags.map((flag) => ` ${flag}`).join("")}${text.slice(verb.range.end, command.range.end)}`;
}

function present(files: Files, name: string): readonly string[] {
  return typeof files[name] === "string" ? [name] : [];
}

function unread(files: Files, name: string, assumption: string): readonly string[] {
  return files[name] === undefined ? [assumption] : [];
}
