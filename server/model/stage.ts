/** A build stage: what it starts from, and what holds at any point of it. */
import type { Instruction, Word } from "../syntax/parse.ts";
import { expand } from "../syntax/words.ts";
import { baseName } from "./command.ts";
import type { Dockerfile } from "./dockerfile.ts";
import { type Environment, VariableHistory } from "./environment.ts";
import { type Image, type ImageFacts, parseImage } from "./image.ts";
import { type SourceReference, sourceReferencesOf } from "./reference.ts";
import { Run } from "./run.ts";
import { replacesShell } from "./shell-replacement.ts";
import { PLATFORM_ARGUMENTS } from "./variables.ts";

interface State {
  readonly workdir: string | undefined;
  readonly environment: Environment;
}

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
  /** The SHELL that sets it, or that a comment replaces; `undefined`: none does. */
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
  /** By the SHELL that sets it. */
  readonly #shells = new Map<Instruction | undefined, Shell>();
  #runs: readonly Run[] | undefined;
  #references: readonly SourceReference[] | undefined;
  #shellReplacements: readonly Instruction[] | undefined;
  #image: Image | null | undefined;
  #lineage: readonly Stage[] | undefined;
  #runsByInstruction: ReadonlyMap<Instruction, Run> | undefined;
  #byKeyword: Map<string, Instruction[]> | undefined;
  #own: readonly Instruction[] | undefined;
  #triggers: readonly Instruction[] | undefined;
  #states: readonly State[] | undefined;
  #positions: ReadonlyMap<Instruction, number> | undefined;

  constructor(
    dockerfile: Dockerfile,
    index: number,
    from: Instruction,
    instructions: readonly Instruction[],
    findEarlier: (name: string) => Stage | undefined,
  ) {
    this.dockerfile = dockerfile;
    this.index = index;
    this.from = from;
    this.instructions = instructions.map((instruction) => instruction.trigger ?? instruction);
    const [image, as, name] = from.arguments;
    this.imageWord = image;
    this.name = as?.value.toUpperCase() === "AS" ? name : undefined;
    const reference = image && this.#resolveGlobal(image);
    this.parent = reference === undefined ? undefined : findEarlier(reference);
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
    if (this.#lineage) return this.#lineage;
    const stages: Stage[] = [];
    for (let stage: Stage | undefined = this; stage; stage = stage.parent) stages.push(stage);
    const lineage = stages.reverse();
    // Of thousands, each with its own list, no memory would be left.
    if (lineage.length < 100) this.#lineage = lineage;
    return lineage;
  }

  /** It is that stage, or what it is built on is. */
  isBuiltOn(other: Stage): boolean {
    let stage: Stage | undefined = this;
    while (stage && stage.index > other.index) stage = stage.parent;
    return stage === other;
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

  /** What a RUN of its own is; `undefined`: it is none. */
  runOf(instruction: Instruction): Run | undefined {
    this.#runsByInstruction ??= new Map(this.runs.map((run) => [run.instruction, run]));
    return this.#runsByInstruction.get(instruction);
  }

  /** Its own instructions that may put another shell at `/bin/sh`. */
  get shellReplacements(): readonly Instruction[] {
    this.#shellReplacements ??= this.instructions.filter((one) => replacesShell(this.dockerfile.text, one));
    return this.#shellReplacements;
  }

  /**
   * The instructions that take effect here, from the lineage's first to `end` (not included) or the last. The triggers of
   * a stage take effect in a stage that is built on it; before a trigger, all of its own stage has, and those above it.
   */
  effective(end?: Instruction): readonly Instruction[] {
    const own = end && !end.onbuild ? above(end, this.#ownInstructions) : this.#ownInstructions;
    const triggers = end?.onbuild ? above(end, this.#ownTriggers) : [];
    const inherited = this.parent
      ? this.parent.lineage.flatMap((stage) => [...stage.#ownInstructions, ...stage.#ownTriggers])
      : [];
    return inherited.length === 0 && triggers.length === 0 ? own : [...inherited, ...own, ...triggers];
  }

  /** But the triggers. */
  get #ownInstructions(): readonly Instruction[] {
    this.#own ??= this.instructions.filter((one) => !one.onbuild);
    return this.#own;
  }

  get #ownTriggers(): readonly Instruction[] {
    this.#triggers ??= this.instructions.filter((instruction) => instruction.onbuild);
    return this.#triggers;
  }

  /** The last instruction of this kind in the lineage, before `end` if given. */
  last(keyword: string, end?: Instruction): Instruction | undefined {
    if (end?.onbuild) return this.effective(end).findLast((instruction) => instruction.keyword === keyword);
    const own = this.#ofKeyword(keyword).findLast((one) => !one.onbuild && (!end || one.range.start < end.range.start));
    if (own || !this.parent) return own;
    return this.parent.#ofKeyword(keyword).findLast((one) => one.onbuild) ?? this.parent.last(keyword);
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
    return this.#stateBefore(end).workdir;
  }

  /** The shell that RUN, CMD and ENTRYPOINT use at a point, or at the end. */
  shellBefore(end?: Instruction): Shell {
    const instruction = this.last("SHELL", end);
    const remark = this.#shellRemark(end, instruction);
    const known = remark === undefined ? this.#shells.get(instruction) : undefined;
    if (known) return known;
    const words =
      (remark === undefined ? instruction?.json?.map((word) => word.value) : [remark, "-c"]) ??
      (this.base.distribution === "windows" ? ["cmd", "/S", "/C"] : ["/bin/sh", "-c"]);
    const program = baseName(words[0] ?? "")
      .toLowerCase()
      .replace(/\.exe$/, "");
    const shell = { words, instruction, posix: /^(?:ba|da|a|z|k|mk)?sh$|^busybox$/.test(program) };
    if (remark === undefined) this.#shells.set(instruction, shell);
    return shell;
  }

  /** ENV and ARG at a point, or at the end, base images' aside. */
  environmentBefore(end?: Instruction): Environment {
    return this.#stateBefore(end).environment;
  }

  /** The base image sets no variable but PATH: what is not declared here is empty. */
  get isEnvironmentKnown(): boolean {
    const { distribution = "", role } = this.base;
    return this.lineage[0]!.isScratch || (role === "system" && BARE_ENVIRONMENTS.has(distribution));
  }

  /** The text with its variables resolved as they stand before `instruction`; `undefined`: not known. */
  expand(text: string, instruction: Instruction): string | undefined {
    if (!text.includes("$")) return expand(text, this.dockerfile.syntax.escape, () => undefined);
    return this.#expandIn(text, this.environmentBefore(instruction));
  }

  /** As `expand`, for a word of `instruction`. */
  resolve(word: Word, instruction: Instruction): string | undefined {
    return word.variables.length === 0 ? word.value : this.expand(word.text, instruction);
  }

  /** The shell that a comment tells of, unless a SHELL below it sets another. */
  #shellRemark(end: Instruction | undefined, shell: Instruction | undefined): string | undefined {
    const { shellRemarks, stages } = this.dockerfile;
    if (shellRemarks.length === 0) return undefined;
    const inLineage = ({ start }: { readonly start: number }): boolean => {
      const stage = stages.findLast(({ from }) => from.range.start < start);
      return stage === this ? !end || start < end.range.start : stage !== undefined && this.lineage.includes(stage);
    };
    const last = shellRemarks.findLast(inLineage);
    if (last) return shell && last.start < shell.range.start ? undefined : last.shell;
    const first = stages[0]!.from.range.start;
    return shell ? undefined : shellRemarks.findLast(({ start }) => start < first)?.shell;
  }

  #ofKeyword(keyword: string): readonly Instruction[] {
    if (!this.#byKeyword) {
      this.#byKeyword = new Map();
      for (const instruction of this.instructions) {
        const same = this.#byKeyword.get(instruction.keyword);
        if (same) same.push(instruction);
        else this.#byKeyword.set(instruction.keyword, [instruction]);
      }
    }
    return this.#byKeyword.get(keyword) ?? [];
  }

  #stateBefore(end?: Instruction): State {
    if (end?.onbuild) return this.#replay(this.effective(end)).at(-1)!;
    this.#states ??= this.#replay(this.effective());
    if (!end) return this.#states.at(-1)!;
    // Those of the lineage come first, then its own.
    const own = this.#ownInstructions;
    const inherited = this.#states.length - 1 - own.length;
    this.#positions ??= new Map(own.map((one, index) => [one, inherited + index]));
    const known = this.#positions.get(end);
    if (known !== undefined) return this.#states[known]!;
    const next = own.findIndex((one) => one.range.start >= end.range.start);
    return this.#states[next === -1 ? this.#states.length - 1 : inherited + next]!;
  }

  /** What holds before each of the instructions, and behind the last. */
  #replay(instructions: readonly Instruction[]): readonly State[] {
    const history = new VariableHistory();
    // A stage has the ARGs of the stage that it is built on: https://docs.docker.com/build/building/variables/#scoping
    const variables = new Set<string>();
    let workdir = this.base.workdir ?? (this.base.distribution === "scratch" ? "/" : undefined);
    let state: State = { workdir, environment: history.snapshot() };
    const states = [state];
    for (const instruction of instructions) {
      const { environment } = state;
      if (instruction.keyword === "ENV") this.#addEnv(instruction, environment, history, variables);
      else if (instruction.keyword === "ARG") this.#addArg(instruction, history, variables);
      else if (instruction.keyword === "WORKDIR") workdir = this.#moved(workdir, instruction, environment);
      else {
        states.push(state);
        continue;
      }
      state = { workdir, environment: history.snapshot() };
      states.push(state);
    }
    return states;
  }

  /** All pairs of one ENV see the values from before it. */
  #addEnv(instruction: Instruction, before: Environment, history: VariableHistory, variables: Set<string>): void {
    for (const { key, value } of instruction.pairs) {
      history.set(key.value, this.#expandIn(value?.text ?? "", before) ?? null);
      variables.delete(key.value);
    }
  }

  #addArg(instruction: Instruction, history: VariableHistory, variables: Set<string>): void {
    for (const { key, value } of instruction.pairs) {
      const name = key.value;
      const environment = history.snapshot();
      // ENV wins over ARG.
      if (environment.has(name) && !variables.has(name)) continue;
      const known = value && this.#expandIn(value.text, environment);
      history.set(name, known ?? (value ? null : (this.dockerfile.globalArguments.get(name) ?? null)));
      variables.add(name);
    }
  }

  #moved(workdir: string | undefined, instruction: Instruction, environment: Environment): string | undefined {
    const path = this.#expandIn(instruction.rest.text, environment);
    if (path === undefined || path === "") return undefined;
    if (isAbsolute(path)) return normalise(path);
    return workdir === undefined ? undefined : normalise(`${workdir}/${path}`);
  }

  #expandIn(text: string, environment: Environment): string | undefined {
    return expand(text, this.dockerfile.syntax.escape, this.#lookup(environment));
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

/** Of instructions in their order, those before another. */
function above(end: Instruction, instructions: readonly Instruction[]): readonly Instruction[] {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instructions[middle]!.range.start < end.range.start) low = middle + 1;
    else high = middle;
  }
  return instructions.slice(0, low);
}

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
