/** What a Dockerfile means, as far as it can be known from the file and its context. Read-only, computed when first read. */
import { type Instruction, parse, type Syntax } from "../syntax/parse.ts";
import { expand } from "../syntax/words.ts";
import type { Command } from "./command.ts";
import type { Context } from "./context.ts";
import type { PackageOperation } from "./packages.ts";
import type { SourceReference } from "./reference.ts";
import type { Run } from "./run.ts";
import { type ShellRemark, shellRemarksOf } from "./shell-remark.ts";
import { Stage } from "./stage.ts";
import { type Suppression, suppressionsOf } from "./suppressions.ts";
import { PLATFORM_ARGUMENTS } from "./variables.ts";

export class Dockerfile {
  readonly text: string;
  readonly syntax: Syntax;
  readonly context: Context;
  /** The instructions before the first FROM. */
  readonly preamble: readonly Instruction[];
  /** The ARGs before the first FROM and what the builder predefines; `null`: not known. */
  readonly globalArguments: ReadonlyMap<string, string | null>;
  readonly stages: readonly Stage[];
  /** In order, by their names in lower case. */
  readonly #byName = new Map<string, Stage[]>();
  #reachable: ReadonlySet<Stage> | undefined;
  #shellRemarks: readonly ShellRemark[] | undefined;
  #suppressions: readonly Suppression[] | undefined;
  #runs: readonly Run[] | undefined;
  #commands: readonly { readonly run: Run; readonly command: Command }[] | undefined;
  #operations: readonly PackageOperation[] | undefined;

  constructor(text: string, context: Context = {}) {
    this.text = text;
    this.context = context;
    this.syntax = parse(text);
    const { instructions } = this.syntax;
    const starts = instructions.flatMap((instruction, index) => (instruction.keyword === "FROM" ? [index] : []));
    this.preamble = instructions.slice(0, starts[0] ?? instructions.length);
    this.globalArguments = readGlobalArguments(this.preamble, this.syntax.escape);
    const stages: Stage[] = [];
    starts.forEach((start, index) => {
      const own = instructions.slice(start + 1, starts[index + 1]);
      const stage = new Stage(this, index, instructions[start]!, own, (name) => this.#named(name).at(-1));
      stages.push(stage);
      const name = stage.name?.value.toLowerCase();
      if (name === undefined) return;
      const same = this.#byName.get(name);
      if (same) same.push(stage);
      else this.#byName.set(name, [stage]);
    });
    this.stages = stages;
  }

  /** The target of a plain build: the last stage. */
  get finalStage(): Stage | undefined {
    return this.stages.at(-1);
  }

  /** The stages whose layers are in the final image. */
  get imageStages(): readonly Stage[] {
    return this.finalStage?.lineage ?? [];
  }

  /** The stages that the target needs: built on, copied from, mounted. */
  get reachableStages(): ReadonlySet<Stage> {
    this.#reachable ??= findReachable(this);
    return this.#reachable;
  }

  /** Comments that tell of a shell. */
  get shellRemarks(): readonly ShellRemark[] {
    this.#shellRemarks ??= shellRemarksOf(this.syntax);
    return this.#shellRemarks;
  }

  /** Comments and directives that accept findings. */
  get suppressions(): readonly Suppression[] {
    this.#suppressions ??= suppressionsOf(this.syntax);
    return this.#suppressions;
  }

  get runs(): readonly Run[] {
    this.#runs ??= this.stages.flatMap((stage) => stage.runs);
    return this.#runs;
  }

  /** Every command of every RUN. */
  get commands(): readonly { readonly run: Run; readonly command: Command }[] {
    this.#commands ??= this.runs.flatMap((run) => run.commands.map((command) => ({ run, command })));
    return this.#commands;
  }

  get packageOperations(): readonly PackageOperation[] {
    this.#operations ??= this.runs.flatMap((run) => run.packageOperations);
    return this.#operations;
  }

  /** The stage that an instruction, or the trigger in it, belongs to. */
  stageOf(instruction: Instruction): Stage | undefined {
    const outer = instruction.onbuild ?? instruction;
    return this.stages.findLast((stage) => stage.from.range.start <= outer.range.start);
  }

  /** The stage that `--from` names: by name, or by number. */
  findStage(name: string, before: Stage): Stage | undefined {
    if (/^\d+$/.test(name)) return Number(name) < before.index ? this.stages[Number(name)] : undefined;
    return this.#named(name).findLast((stage) => stage.index < before.index);
  }

  /** The first stage of a name. */
  firstNamed(name: string): Stage | undefined {
    return this.#named(name)[0];
  }

  #named(name: string): readonly Stage[] {
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  /** The stage that files come from; a mount knows no numbers (tried with BuildKit 0.25: `from=0` is an image). */
  findSource({ name, kind }: Pick<SourceReference, "name" | "kind">, before: Stage): Stage | undefined {
    return kind === "mount" && /^\d+$/.test(name) ? undefined : this.findStage(name, before);
  }
}

function readGlobalArguments(preamble: readonly Instruction[], escape: string): ReadonlyMap<string, string | null> {
  const known = new Map<string, string | null>(PLATFORM_ARGUMENTS.map((name) => [name, null]));
  for (const instruction of preamble) {
    if (instruction.keyword !== "ARG") continue;
    for (const { key, value } of instruction.pairs) {
      const text = value && expand(value.text, escape, (name) => (known.has(name) ? known.get(name) : undefined));
      known.set(key.value, text ?? null);
    }
  }
  return known;
}

function findReachable(dockerfile: Dockerfile): ReadonlySet<Stage> {
  const reached = new Set<Stage>();
  const visit = (stage: Stage | undefined): void => {
    if (!stage || reached.has(stage)) return;
    reached.add(stage);
    visit(stage.parent);
    for (const reference of stage.sourceReferences) visit(dockerfile.findSource(reference, stage));
  };
  visit(dockerfile.finalStage);
  return reached;
}
