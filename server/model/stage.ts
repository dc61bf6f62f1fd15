/** A build stage: what it starts from, and what holds at any point of it. */
import type { Instruction, Word } from "../syntax/parse.ts";
import { expand } from "../syntax/words.ts";
import { baseName } from "./command.ts";
import type { Dockerfile } from "./dockerfile.ts";
import { type Image, type ImageFacts, parseImage } from "./image.ts";
import { type SourceReference, sourceReferencesOf } from "./reference.ts";
import { Run } from "./run.ts";
import { PLATFORM_ARGUMENTS } from "./variables.ts";

/** Values by name; `null`: set to something that is not known. */
export type Environment = ReadonlyMap<string, string | null>;

export interface User {
  /** The USER that sets it; `undefined`: the base image does. */
  readonly instruction: Instruction | undefined;
  /** Without the group. */
  readonly name: string;
  readonly isRoot: boolean;
}

export interface Shell {
  /** The program and its options. */
  readonly words: readonly string[];
  /** The SHELL that sets it; `undefined`: the default. */
  readonly instruction: Instruction | undefined;
  /** sh and its family; not PowerShell, not cmd, not Python. */
  readonly posix: boolean;
}

export class Stage {
  readonly dockerfile: Dockerfile;
  readonly index: number;
  readonly from: Instruction;
  /** What follows FROM; an ONBUILD is replaced by its trigger, whose `onbuild` is set. */
  readonly instructions: readonly Instruction[];
  /** The word behind AS. */
  readonly name: Word | undefined;
  /** The word that names the image or the stage; `undefined` while FROM is being typed. */
  readonly imageWord: Word | undefined;
  /** The stage that it is built on, if FROM names one. */
  readonly parent: Stage | undefined;
  #runs: readonly Run[] | undefined;
  #references: readonly SourceReference[] | undefined;
  #image: Image | null | undefined;
  readonly #environments = new Map<Instruction, Environment>();

  constructor(
    dockerfile: Dockerfile,
    index: number,
    from: Instruction,
    instructions: readonly Instruction[],
    earlier: readonly Stage[],
  ) {
    this.dockerfile = dockerfile;
    this.index = index;
    this.from = from;
    this.instructions = instructions.map((instruction) => instruction.trigger ?? instruction);
    const [image, as, name] = from.arguments;
    this.imageWord = image;
    this.name = as?.value.toUpperCase() === "AS" ? name : undefined;
    const reference = image && this.#resolveGlobal(image);
    this.parent = reference === undefined ? undefined : earlier.findLast((stage) => stage.isNamed(reference));
  }

  isNamed(name: string): boolean {
    return this.name !== undefined && this.name.value.toLowerCase() === name.toLowerCase();
  }

  get isFinal(): boolean {
    return this === this.dockerfile.finalStage;
  }

  /** Its layers are in the final image: it is the final stage, or that is built on it. */
  get isInImage(): boolean {
    return this.dockerfile.imageStages.includes(this);
  }

  /** The target needs it. */
  get isReachable(): boolean {
    return this.dockerfile.reachableStages.has(this);
  }

  /** The image named by FROM; `undefined`: another stage, `scratch`, or not known. */
  get image(): Image | undefined {
    if (this.#image === undefined) {
      const reference = this.imageWord && !this.parent ? this.#resolveGlobal(this.imageWord) : undefined;
      this.#image = reference === undefined || reference === "scratch" ? null : (parseImage(reference) ?? null);
    }
    return this.#image ?? undefined;
  }

  /** Its image has no tag that names a version: the name does (`distroless/static-debian12`), or the publisher has none. */
  get tagIsOnlyChoice(): boolean {
    const { registry = "", repository = "" } = this.image ?? {};
    // https://github.com/GoogleContainerTools/distroless, https://images.chainguard.dev (what is free), 2026-11
    return (
      (registry === "gcr.io" && /^distroless\/.*-debian\d+$/.test(repository)) ||
      (registry === "cgr.dev" && repository.startsWith("chainguard/"))
    );
  }

  get isScratch(): boolean {
    return this.imageWord?.value === "scratch" && !this.parent;
  }

  /** The stages from the one that starts from an image down to this one. */
  get lineage(): readonly Stage[] {
    return this.parent ? [...this.parent.lineage, this] : [this];
  }

  /** What is known of the image that the lineage starts from. */
  get base(): ImageFacts {
    const root = this.lineage[0]!;
    if (root.isScratch) return { distribution: "scratch", user: "root", users: [] };
    return root.image?.facts ?? {};
  }

  /** Where its instructions name a stage or an image as the source of files. */
  get sourceReferences(): readonly SourceReference[] {
    this.#references ??= this.instructions.flatMap((instruction) =>
      sourceReferencesOf(this.dockerfile.text, instruction),
    );
    return this.#references;
  }

  get runs(): readonly Run[] {
    this.#runs ??= this.instructions
      .filter((instruction) => instruction.keyword === "RUN")
      .map((instruction) => new Run(this.dockerfile.text, instruction, this));
    return this.#runs;
  }

  /**
   * The instructions that take effect here, from the lineage's first to `end` (not included) or the last. The triggers of
   * a stage take effect in a stage that is built on it; before a trigger, all of its own stage has, and those above it.
   */
  effective(end?: Instruction): readonly Instruction[] {
    const isAbove = (instruction: Instruction): boolean => !end || instruction.range.start < end.range.start;
    const own = this.instructions.filter((one) => !one.onbuild && (end?.onbuild || isAbove(one)));
    const triggers = end?.onbuild ? this.#triggers.filter(isAbove) : [];
    const inherited = this.parent ? [...this.parent.effective(), ...this.parent.#triggers] : [];
    return [...inherited, ...own, ...triggers];
  }

  get #triggers(): readonly Instruction[] {
    return this.instructions.filter((instruction) => instruction.onbuild);
  }

  /** The last instruction of this kind in the lineage, before `end` if given. */
  last(keyword: string, end?: Instruction): Instruction | undefined {
    return this.effective(end).findLast((instruction) => instruction.keyword === keyword);
  }

  /** The user at a point, or at the end; `undefined`: not known. */
  userBefore(end?: Instruction): User | undefined {
    const instruction = this.last("USER", end);
    if (!instruction) {
      const { user } = this.base;
      return user === undefined ? undefined : { instruction, name: user, isRoot: isRootName(user) };
    }
    const text = this.expand(instruction.rest.text, instruction);
    const name = text?.trim().split(":")[0];
    return name === undefined || name === "" ? undefined : { instruction, name, isRoot: isRootName(name) };
  }

  /** The working directory at a point, or at the end; `undefined`: not known. */
  workdirBefore(end?: Instruction): string | undefined {
    let directory = this.base.workdir ?? (this.base.distribution === "scratch" ? "/" : undefined);
    for (const instruction of this.effective(end)) {
      if (instruction.keyword !== "WORKDIR") continue;
      const path = this.expand(instruction.rest.text, instruction);
      if (path === undefined || path === "") directory = undefined;
      else if (isAbsolute(path)) directory = normalise(path);
      else directory = directory === undefined ? undefined : normalise(`${directory}/${path}`);
    }
    return directory;
  }

  /** The shell that RUN, CMD and ENTRYPOINT use at a point, or at the end. */
  shellBefore(end?: Instruction): Shell {
    const instruction = this.last("SHELL", end);
    const words =
      instruction?.json?.map((word) => word.value) ??
      (this.base.distribution === "windows" ? ["cmd", "/S", "/C"] : ["/bin/sh", "-c"]);
    const program = baseName(words[0] ?? "")
      .toLowerCase()
      .replace(/\.exe$/, "");
    return { words, instruction, posix: /^(?:ba|da|a|z|k|mk)?sh$|^busybox$/.test(program) };
  }

  /** ENV and ARG at a point, or at the end, base images' aside. */
  environmentBefore(end?: Instruction): Environment {
    const cached = end && this.#environments.get(end);
    if (cached) return cached;
    const environment = new Map<string, string | null>();
    // A stage has the ARGs of the stage that it is built on: https://docs.docker.com/build/building/variables/#scoping
    const variables = new Set<string>();
    for (const instruction of this.effective(end)) {
      if (instruction.keyword === "ENV") this.#addEnv(instruction, environment, variables);
      else if (instruction.keyword === "ARG" && (instruction.onbuild || !end?.onbuild))
        this.#addArg(instruction, environment, variables);
    }
    if (end) this.#environments.set(end, environment);
    return environment;
  }

  /** The base image sets no variable but PATH: what is not declared here is empty. */
  get isEnvironmentKnown(): boolean {
    const { distribution = "", role } = this.base;
    return this.lineage[0]!.isScratch || (role === "system" && BARE_ENVIRONMENTS.has(distribution));
  }

  /** The text with its variables resolved as they stand before `instruction`; `undefined`: not known. */
  expand(text: string, instruction: Instruction): string | undefined {
    if (!text.includes("$")) return expand(text, this.dockerfile.syntax.escape, () => undefined);
    return expand(text, this.dockerfile.syntax.escape, this.#lookup(this.environmentBefore(instruction)));
  }

  /** As `expand`, for a word of `instruction`. */
  resolve(word: Word, instruction: Instruction): string | undefined {
    return word.variables.length === 0 ? word.value : this.expand(word.text, instruction);
  }

  #addEnv(instruction: Instruction, environment: Map<string, string | null>, variables: Set<string>): void {
    // All pairs of one ENV see the values from before it.
    const before = this.#lookup(new Map(environment));
    for (const { key, value } of instruction.pairs) {
      environment.set(key.value, expand(value?.text ?? "", this.dockerfile.syntax.escape, before) ?? null);
      variables.delete(key.value);
    }
  }

  #addArg(instruction: Instruction, environment: Map<string, string | null>, variables: Set<string>): void {
    for (const { key, value } of instruction.pairs) {
      const name = key.value;
      // ENV wins over ARG.
      if (environment.has(name) && !variables.has(name)) continue;
      const known = value && expand(value.text, this.dockerfile.syntax.escape, this.#lookup(environment));
      environment.set(name, known ?? (value ? null : (this.dockerfile.globalArguments.get(name) ?? null)));
      variables.add(name);
    }
  }

  #lookup(environment: Environment): (name: string) => string | null | undefined {
    // What is not set here, the base image may set; PATH the builder does.
    const isClosed = this.isEnvironmentKnown;
    return (name) => (environment.has(name) ? environment.get(name) : isClosed && name !== "PATH" ? undefined : null);
  }

  #resolveGlobal(word: Word): string | undefined {
    const known = this.dockerfile.globalArguments;
    // `${NAME:-default}`: the default counts, as that of an ARG does.
    const optional = word.variables.filter(
      ({ name, operator }) => operator?.endsWith("-") && !PLATFORM_ARGUMENTS.includes(name),
    );
    return expand(
      word.text,
      this.dockerfile.syntax.escape,
      (name) => known.get(name) ?? (optional.some((variable) => variable.name === name) ? undefined : null),
    );
  }
}

/** Distributions whose own image has PATH in its configuration and nothing else (docker-library), 2026-11. */
const BARE_ENVIRONMENTS: ReadonlySet<string> = new Set(["debian", "ubuntu", "alpine", "busybox"]);

export function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path);
}

/** Without `.`, `..` and doubled slashes. */
export function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `${path.startsWith("/") ? "/" : ""}${parts.join("/")}` || ".";
}

function isRootName(name: string): boolean {
  return name === "root" || /^0+$/.test(name);
}
