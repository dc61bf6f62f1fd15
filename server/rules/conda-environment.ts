/** The environments that conda, mamba and micromamba make: https://docs.conda.io/projects/conda/en/latest/commands/ */
import { baseName, type Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import { environmentFiles } from "../model/requirements.ts";
import { normalise, type Stage } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { named, readOptions } from "./options.ts";

/** Where the images of conda have it, and its own environment: github.com/anaconda/docker-images, conda-forge/miniforge-images. */
export const CONDA = "/opt/conda";

/** It has conda below `CONDA`, and works as root. */
export function isCondaImage({ image }: Stage): boolean {
  return (
    image !== undefined &&
    /^(?:continuumio\/(?:mini|ana)conda3?|condaforge\/(?:miniforge3|mambaforge))$/.test(image.repository)
  );
}

/** What an operation does to an environment; `undefined`: not known. */
export type CondaStep = "aside" | "tool" | { readonly prefix: string | undefined };

export function condaStep(operation: PackageOperation): CondaStep | undefined {
  const { verb, packages, run } = operation;
  if (/^(?:clean|config|info|list|init|activate|--version)$/.test(verb.value ?? "")) return "aside";
  const isFromFile = verb.value === "env";
  if (
    isFromFile
      ? !/^(?:create|update)$/.test(packages[0]?.name ?? "")
      : !/^(?:create|install|update)$/.test(verb.value ?? "")
  )
    return undefined;
  const names = packages.map(({ name }) => name);
  const prefix = prefixOf(operation);
  const isOwn =
    prefix === CONDA &&
    names.length > 0 &&
    names.every((name) => /^(?:conda|mamba|conda-libmamba-solver|conda-lock)$/.test(name ?? ""));
  return isOwn || !run.commands.includes(operation.command) ? "tool" : { prefix };
}

/** The packages that go into the environments, as far as they are known. */
export function condaPackages(operations: readonly PackageOperation[]): readonly string[] {
  return operations.flatMap((operation) => [
    ...operation.packages.flatMap(({ name }) => name?.replace(/^.*::/, "") ?? []),
    ...[...(textOf(operation) ?? "").matchAll(/^\s*-\s*["']?(?:[\w-]+::)?([\w.-]+)/gm)].map(([, name]) => name!),
  ]);
}

export interface CondaRun {
  /** `conda run -n shop` */
  readonly words: readonly ShellWord[];
  readonly prefix: string | undefined;
}

/** The words that run a program in an environment, in front of it. */
export function condaRun(words: readonly ShellWord[]): CondaRun | undefined {
  if (!isConda(words[0]) || words[1]?.value !== "run") return undefined;
  let end = 2;
  while (words[end]?.text.replace(/^["']/, "").startsWith("-"))
    end += /^-(?:[np]|-name|-prefix|-cwd)$/.test(words[end]!.value ?? "") ? 2 : 1;
  const given = words.slice(2, end);
  return { words: words.slice(0, end), prefix: placeOf(given) };
}

/** `SHELL ["conda", "run", "-n", "shop", "/bin/bash", "-c"]` */
export function isCondaShell(words: readonly string[]): boolean {
  return /^(?:conda|mamba|micromamba)$/.test(baseName(words[0] ?? ""));
}

function isConda(word: ShellWord | undefined): boolean {
  return /^(?:conda|mamba|micromamba)$/.test(baseName(word?.value ?? ""));
}

const VALUED = new Set("-n --name -p --prefix -c --channel -f --file --solver".split(" "));

function prefixOf(operation: PackageOperation): string | undefined {
  const { args, command, run, verb } = operation;
  const given = placeOf(args);
  if (given !== undefined || hasPlace(args)) return given;
  if (environmentFiles(run, command as Command).length === 0 || verb.value === "install") return CONDA;
  const name = /^name:\s*["']?([\w.-]+)/m.exec(textOf(operation) ?? "")?.[1];
  return name === undefined ? undefined : name === "base" ? CONDA : `${CONDA}/envs/${name}`;
}

function hasPlace(args: readonly ShellWord[]): boolean {
  return named(readOptions(args, VALUED), "-n", "--name", "-p", "--prefix").length > 0;
}

/** The prefix that options name. */
function placeOf(args: readonly ShellWord[]): string | undefined {
  const given = readOptions(args, VALUED);
  const [path] = named(given, "-p", "--prefix");
  if (path) return path.value?.startsWith("/") ? normalise(path.value) : undefined;
  const [name] = named(given, "-n", "--name");
  if (name?.value === undefined || !/^[\w.-]+$/.test(name.value)) return undefined;
  return name.value === "base" ? CONDA : `${CONDA}/envs/${name.value}`;
}

/** What the operation's file says; `undefined`: it has none, or it is not known. */
function textOf({ run, command }: PackageOperation): string | undefined {
  const files = run.stage.dockerfile.context.files ?? {};
  const paths = environmentFiles(run, command).flatMap((file) => file.paths);
  return paths.map((path) => files[path]).find((text) => typeof text === "string") ?? undefined;
}
