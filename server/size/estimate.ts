/** How many bytes each instruction adds to the image, as far as it can be known. Pure; tables and file sizes are handed in. */
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { type BaseSize, baseOf } from "./base.ts";
import { type Content, NOTHING, withCopied } from "./content.ts";
import { copySize, type FileSizes } from "./copy.ts";
import type { InstallSize } from "./install.ts";
import { runSize } from "./run.ts";
import { type System, startOf } from "./system.ts";
import type { SizeRelease, SizeTable } from "./table.ts";

/** What is known beside the Dockerfile. */
export interface Knowledge {
  readonly tables: Readonly<Partial<Record<SizeRelease, SizeTable>>>;
  /** Of what COPY and ADD name; absent: not looked at. */
  readonly files?: FileSizes;
}

export interface Estimate {
  /** The image of a plain build. */
  readonly final: Total;
  readonly stages: readonly StageSize[];
  /** Every RUN, COPY and ADD, in the order of the text; not those behind ONBUILD. */
  readonly instructions: readonly InstructionSize[];
}

export interface Total {
  /** Of what is known; `undefined`: not even the size of the base image is. */
  readonly bytes: number | undefined;
  /** What is missing in `bytes`: noun phrases, such as "what pip installs"; each once. */
  readonly unknown: readonly string[];
}

export interface StageSize extends Total {
  readonly stage: Stage;
  readonly base: BaseSize;
  /** What its instructions add to what it is built on. */
  readonly added: number;
}

export interface InstructionSize {
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** What is known of what it adds. What a later instruction removes stays in the image. */
  readonly bytes: number;
  /** The same if apt installed no packages that are only recommended. */
  readonly withoutRecommends: number;
  /** The part of `bytes` that is package lists which nothing removes in the same instruction. */
  readonly listsLeft: number;
  readonly unknown: readonly string[];
  /** What apt installs in it. */
  readonly installs: readonly InstallSize[];
}

/** Never throws, whatever is being typed. */
export function estimateSizes(dockerfile: Dockerfile, knowledge: Knowledge): Estimate {
  const instructions: InstructionSize[] = [];
  const stages: StageSize[] = [];
  const ends = new Map<Stage, { readonly system: System; readonly content: Content }>();
  for (const stage of dockerfile.stages) {
    const base = baseOf(stage);
    const parent = stages.find((one) => one.stage === stage.parent);
    const start = stage.parent && ends.get(stage.parent);
    let system = start?.system ?? startOf(base, knowledge.tables, nameOf(stage));
    let content = start?.content ?? NOTHING;
    const own: InstructionSize[] = [];
    for (const instruction of stage.instructions) {
      if (instruction.onbuild) continue;
      if (instruction.keyword === "RUN") {
        const run = stage.runOf(instruction)!;
        const { after, isKnown, ...size } = runSize(run, system, content);
        system = after;
        content = { ...content, isKnown: content.isKnown && isKnown };
        own.push({ instruction, stage, ...size });
      } else if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
        const size = copySize(instruction, stage, knowledge.files);
        const { bytes, unknown } = size;
        content = withCopied(content, instruction, stage, size);
        own.push({ instruction, stage, bytes, withoutRecommends: bytes, listsLeft: 0, unknown, installs: [] });
      }
    }
    ends.set(stage, { system, content });
    instructions.push(...own);
    const added = own.reduce((sum, { bytes }) => sum + bytes, 0);
    const before = parent ?? { bytes: base.bytes, unknown: base.bytes === undefined ? [baseUnknown(stage)] : [] };
    stages.push({
      stage,
      base,
      added,
      bytes: before.bytes === undefined ? undefined : before.bytes + added,
      unknown: [...new Set([...before.unknown, ...own.flatMap(({ unknown }) => unknown)])],
    });
  }
  const { bytes, unknown } = stages.at(-1) ?? { bytes: undefined, unknown: [] };
  return { final: { bytes, unknown }, stages, instructions };
}

/** The releases whose tables an estimate of the Dockerfile would use. */
export function releasesOf(dockerfile: Dockerfile): ReadonlySet<SizeRelease> {
  return new Set(dockerfile.stages.flatMap((stage) => baseOf(stage).release ?? []));
}

function nameOf(stage: Stage): string {
  const root = stage.lineage[0]!;
  return root.image?.reference ?? root.imageWord?.value ?? "the base image";
}

function baseUnknown(stage: Stage): string {
  const root = stage.lineage[0]!;
  const name = root.image?.reference ?? root.imageWord?.text;
  return name === undefined || name === "" ? "the base image" : `\`${name}\` itself`;
}
