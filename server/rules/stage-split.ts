/**
 * Splits the final stage of a Dockerfile in two: everything up to the last build step becomes a builder as it stands, and a
 * new final stage gets the settings again, the packages for run time, and copies of what the build wrote. What a stack's
 * build writes, and what it needs at run time, is for the caller to say.
 *
 * The form follows https://docs.docker.com/build/building/multi-stage/.
 */
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import {
  commentBlockAbove,
  insertAfter,
  insertInstructionsAfter,
  insertInstructionsBefore,
  keyword,
  replace,
} from "./edit.ts";
import { assuming, type Contract, changing, type Edit, type Fix, unsafe } from "./rule.ts";

/** A copy from the builder. */
export interface StageCopy {
  readonly from: string;
  /** Absent: the same path. */
  readonly to?: string;
  /** `app:app`; absent: root's. */
  readonly chown?: string;
}

/**
 * What becomes of an instruction of the builder: it stays there only, stands in both stages, or goes to the final one with its
 * comments. `base`: it stays where it is in front of both, as the settings there do; behind the first instruction that does not,
 * it stands in both. Lines: they stand in the final stage in its place.
 */
export type Fate = "builder" | "both" | "base" | "final" | readonly string[];

export interface StageSplit {
  readonly title: string;
  /** Behind it the final stage begins. */
  readonly lastOfBuilder: Instruction;
  /** What the final stage starts from, as FROM names it; absent: both stages are built on one with what they share. */
  readonly finalImage?: string;
  /** What the builder starts from, where the image that FROM names does not stay the same as `finalImage`. */
  readonly builderImage?: string;
  /** Instructions for both stages, such as an ENV for PATH. */
  readonly shared?: readonly string[];
  /** The first and the last instructions of the builder. */
  readonly opening?: readonly string[];
  readonly closing?: readonly string[];
  /** Instructions of the final stage alone, in front of the copies. */
  readonly settings?: readonly string[];
  readonly copies: readonly StageCopy[];
  /** Instructions right behind them. */
  readonly finishing?: readonly string[];
  /** Packages that the final stage installs, in one RUN. */
  readonly packages?: readonly string[];
  readonly manager?: "apt-get" | "apk";
  /** Of an instruction up to `lastOfBuilder`; absent: `usualFate`. */
  fateOf?(instruction: Instruction): Fate;
  /** Further edits, of instructions that stay where they are. */
  readonly edits?: readonly Edit[];
  /** What they change of the image's contract, ENV aside. */
  readonly changes?: readonly Contract[];
  readonly assumptions: readonly string[];
}

const SETTINGS = new Set(["ENV", "WORKDIR", "SHELL", "LABEL", "MAINTAINER", "STOPSIGNAL"]);
/** Says nothing to a builder, and belongs behind the copies. */
const CLOSING = new Set(["EXPOSE", "VOLUME", "HEALTHCHECK", "ENTRYPOINT", "CMD"]);

/** Says something of the image or of what follows, so that it may stand in front of everything. */
export function isSetting({ keyword: name }: Instruction): boolean {
  return SETTINGS.has(name);
}

/** Why no final stage can be split, whatever it builds; `undefined`: it may be. */
export function splitObstacle(stage: Stage): string | undefined {
  if (stage.parent) return "the final stage is built on another one, so that its packages may be meant for both";
  if (stage.instructions.some((instruction) => instruction.onbuild))
    return "ONBUILD instructions belong to both halves";
  return undefined;
}

/** Without more knowledge: what sets something stands in both stages, what speaks of the container moves, the rest built. */
export function usualFate({ keyword: name }: Instruction): Fate {
  if (CLOSING.has(name) || /^(?:LABEL|MAINTAINER|STOPSIGNAL)$/.test(name)) return "final";
  return SETTINGS.has(name) || name === "ARG" || name === "USER" ? "both" : "builder";
}

export function splitFix(stage: Stage, split: StageSplit): Fix {
  const { syntax, stages } = stage.dockerfile;
  const { lastOfBuilder, finalImage, shared = [], opening = [], closing = [] } = split;
  const taken = new Set(stages.flatMap(({ name }) => (name ? [name.value.toLowerCase()] : [])));
  const unique = (name: string): string => (taken.has(name) ? unique(`${name}-1`) : name);
  const builder = unique("builder");
  const finalName = stage.name?.value ?? unique("final");
  const [from, as] = [keyword(stage, "FROM"), keyword(stage, "AS")];
  const own = stage.instructions;
  const ofBuilder = own.slice(0, own.indexOf(lastOfBuilder) + 1);

  const edits: Edit[] = [...(split.edits ?? [])];
  const { imageWord } = stage;
  const rename = (name: string): readonly Edit[] => {
    const image = imageWord && split.builderImage;
    if (image !== undefined && !stage.name) return [replace(imageWord!, `${image} ${as} ${name}`)];
    return [
      ...(image === undefined ? [] : [replace(imageWord!, image)]),
      stage.name ? replace(stage.name, name) : insertAfter(imageWord ?? stage.from, ` ${as} ${name}`),
    ];
  };
  // Settings before the first step are the same for both halves.
  const fateOf = split.fateOf ?? usualFate;
  const first = Math.max(
    ofBuilder.findIndex((instruction) => {
      const fate = fateOf(instruction);
      return fate === "builder" || (fate !== "base" && !isSetting(instruction));
    }),
    0,
  );
  let repeated = ofBuilder;
  let start = "";
  if (finalImage === undefined) {
    const base = unique("base");
    edits.push(...rename(base));
    const gap = shared.length > 0 ? [...shared, ""] : isBelowBlank(stage, ofBuilder[first]!) ? [] : [""];
    const head = [...gap, `${from} ${base} ${as} ${builder}`, ...opening];
    edits.push(insertInstructionsBefore(syntax, ofBuilder[first]!, ...head));
    repeated = ofBuilder.slice(first);
    start = `${from} ${base} ${as} ${finalName}`;
  } else {
    edits.push(...rename(builder));
    const head = [...shared, ...opening];
    if (head.length > 0) edits.push(insertInstructionsBefore(syntax, ofBuilder[first]!, ...head));
    const platform = stage.from.flag("platform");
    const flag = platform ? `${stage.dockerfile.text.slice(platform.range.start, platform.range.end)} ` : "";
    start = `${from} ${flag}${finalImage} ${as} ${finalName}`;
  }

  const lines = finalLines(stage, repeated, split, builder);
  edits.push(insertInstructionsAfter(syntax, lastOfBuilder, ...closing, "", start, ...lines));
  for (const instruction of repeated) if (fateOf(instruction) === "final") edits.push(removal(stage, instruction));
  return assuming(
    changing(unsafe(split.title, edits), "stages", "images", "ENV", ...(split.changes ?? [])),
    ...split.assumptions,
  );
}

/** A blank line stands above an instruction and its comments. */
function isBelowBlank({ dockerfile: { text, syntax } }: Stage, instruction: Instruction): boolean {
  const { start } = commentBlockAbove(syntax, instruction)[0] ?? instruction.range;
  return /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, start));
}

/** What stands in the final stage in front of what follows the builder. */
function finalLines(stage: Stage, repeated: readonly Instruction[], split: StageSplit, builder: string): string[] {
  const { fateOf = usualFate, finalImage, shared = [], settings = [], copies } = split;
  const { text } = stage.dockerfile;
  const before: { readonly lines: readonly string[]; readonly isSetting: boolean }[] = [];
  const behind: string[] = [];
  const rest = text.slice(split.lastOfBuilder.range.end);
  for (const instruction of repeated) {
    const fate = fateOf(instruction);
    const name = instruction.keyword;
    if (fate === "final" && CLOSING.has(name)) behind.push(withComments(stage, instruction));
    else if (fate === "final")
      before.push({ lines: [withComments(stage, instruction)], isSetting: SETTINGS.has(name) });
    else if (fate === "both" || fate === "base")
      before.push({ lines: [sourceOf(stage, instruction)], isSetting: SETTINGS.has(name) });
    else if (fate !== "builder" && fate.length > 0) before.push({ lines: fate, isSetting: false });
  }
  const used = [...before.filter(({ isSetting }) => isSetting), ...before].flatMap(({ lines }) => lines);
  const isUsed = (line: string): boolean => {
    const names = /^ARG\s+(.*)$/is.exec(line)?.[1]?.match(/\b[A-Za-z_]\w*(?=[\s=]|$)/g);
    if (!names) return true;
    const others = [...used.filter((other) => other !== line), ...behind, rest];
    return names.some((name) => others.some((other) => new RegExp(`\\b${name}\\b`).test(other)));
  };
  const kept = before.filter(({ lines }) => lines.some(isUsed));
  const install = installLine(stage, split.packages ?? [], split.manager ?? "apt-get");
  // As root, and where a changed source file does not ask for it again.
  const at = kept.findIndex(({ isSetting }) => !isSetting);
  const carried = kept.map(({ lines }) => lines);
  carried.splice(at === -1 ? carried.length : at, 0, install);
  return [
    ...carried.flat(),
    ...(finalImage === undefined ? [] : shared),
    ...settings,
    ...copies.map((copy) => copyLine(stage, copy, builder)),
    ...(split.finishing ?? []),
    ...behind,
  ];
}

/** The packages as a RUN; none when there are none. */
export function installLine(stage: Stage, packages: readonly string[], manager: "apt-get" | "apk"): readonly string[] {
  if (packages.length === 0) return [];
  const names = [...new Set(packages)].join(" ");
  if (manager === "apk") return [`${keyword(stage, "RUN")} apk add --no-cache ${names}`];
  const { escape } = stage.dockerfile.syntax;
  return [
    [
      `${keyword(stage, "RUN")} apt-get update`,
      `apt-get install -y --no-install-recommends ${names}`,
      "rm -rf /var/lib/apt/lists/*",
    ].join(` ${escape}\n    && `),
  ];
}

function copyLine(stage: Stage, { from, to = from, chown }: StageCopy, builder: string): string {
  const paths = /\s/.test(from + to) ? JSON.stringify([from, to]) : `${from} ${to}`;
  return `${keyword(stage, "COPY")} --from=${builder} ${chown === undefined ? "" : `--chown=${chown} `}${paths}`;
}

function withComments(stage: Stage, instruction: Instruction): string {
  const { dockerfile } = stage;
  const comments = commentBlockAbove(dockerfile.syntax, instruction).map(({ start, end }) =>
    dockerfile.text.slice(start, end).trim(),
  );
  return [...comments, sourceOf(stage, instruction)].join("\n");
}

/** Takes an instruction out with its comments, and with one of two blank lines that would be left. */
function removal(stage: Stage, instruction: Instruction): Edit {
  const { text, syntax } = stage.dockerfile;
  const [comment] = commentBlockAbove(syntax, instruction);
  const start = text.lastIndexOf("\n", (comment ?? instruction.range).start - 1) + 1;
  const newline = text.indexOf("\n", instruction.range.end);
  let end = newline === -1 ? text.length : newline + 1;
  const blank = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (blank && /\n[ \t]*\r?\n$/.test(text.slice(0, start))) end += blank[0].length;
  return { start, end, text: "" };
}

/** What an instruction says, as it is written. */
export function sourceOf(stage: Stage, { range }: Instruction): string {
  return stage.dockerfile.text.slice(range.start, range.end);
}

/** @param path both are normalised. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Counted from 1. */
export function lineNumber(stage: Stage, { range }: Instruction): number {
  return stage.dockerfile.text.slice(0, range.start).split("\n").length;
}
