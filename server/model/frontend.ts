/** Which program reads the Dockerfile: `# syntax=` names it. */
import type { Directive } from "../syntax/lines.ts";
import type { Instruction, Syntax } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";
import type { Dockerfile } from "./dockerfile.ts";

/** Docker's own, in any version; another one may know more instructions and flags. */
export function isDockerFrontend(syntax: Syntax): boolean {
  const frontend = syntaxDirective(syntax)?.value ?? "docker/dockerfile";
  return /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(frontend);
}

/**
 * The newest minor version 1.x that the directive lets in: `docker/dockerfile:1.4` is 4, `docker/dockerfile:1` is Infinity.
 * `undefined`: not known. Without a directive, that depends on who builds.
 */
export function frontendMinor(syntax: Syntax): number | undefined {
  const value = syntaxDirective(syntax)?.value;
  if (value === undefined || !isDockerFrontend(syntax)) return undefined;
  const version = /:([^@]*)/.exec(value)?.[1];
  // A digest may be of any.
  if (version === undefined || version === "") return value.includes("@") ? undefined : Number.POSITIVE_INFINITY;
  // The channels before there were stable mounts.
  if (/^(?:1\.0-)?experimental$/.test(version)) return 0;
  if (/^(?:1(?:-labs)?|labs|latest|master(?:-labs)?)$/.test(version)) return Number.POSITIVE_INFINITY;
  const minor = /^1\.(\d+)(?:[.-]|$)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Something that not every Dockerfile 1.x has. */
export interface Feature {
  /** The minor version that brought it. */
  readonly minor: number;
  /** As a person would write it. */
  readonly name: string;
  readonly range: Range;
}

/** "Minimum Dockerfile version" in https://docs.docker.com/reference/dockerfile/, 2026-11. */
const FLAGS: Readonly<Record<string, number>> = {
  "ADD keep-git-dir": 1,
  "ADD chmod": 2,
  "ADD link": 4,
  "ADD checksum": 6,
  "ADD unpack": 17,
  "ADD exclude": 19,
  "COPY chmod": 2,
  "COPY link": 4,
  "COPY exclude": 19,
  "COPY parents": 20,
  "RUN mount": 2,
  "RUN network": 3,
  "RUN device": 14,
  "RUN security": 20,
};
/** https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.4.0 and 1.10.0 */
const HEREDOCS = 4;
const SECRET_VARIABLES = 10;

/** The newest thing that a Dockerfile has; of several, the first. */
export function newestFeature({ stages }: Dockerfile): Feature | undefined {
  const features = stages.flatMap((stage) => stage.instructions).flatMap(featuresOf);
  return features.reduce<Feature | undefined>(
    (newest, one) => (newest && newest.minor >= one.minor ? newest : one),
    undefined,
  );
}

/** What a Dockerfile has that its `# syntax` does not know. */
export function unknownFeature(dockerfile: Dockerfile): Feature | undefined {
  const minor = frontendMinor(dockerfile.syntax);
  const newest = minor === undefined ? undefined : newestFeature(dockerfile);
  return newest && newest.minor > minor! ? newest : undefined;
}

function featuresOf({ keyword, flags, heredocs }: Instruction): readonly Feature[] {
  const features = flags.flatMap(({ name, value, range }): Feature[] => {
    if (name === "mount" && keyword === "RUN" && /(?:^|,)env=/.test(value?.value ?? ""))
      return [{ minor: SECRET_VARIABLES, name: "env", range }];
    const minor = FLAGS[`${keyword} ${name}`];
    return minor === undefined ? [] : [{ minor, name: `--${name}`, range }];
  });
  const [heredoc] = heredocs;
  return heredoc ? [...features, { minor: HEREDOCS, name: "<<", range: heredoc.range }] : features;
}

/** `# syntax=...`, where it counts. */
export function syntaxDirective({ directives }: Syntax): Directive | undefined {
  return directives.find(({ name }) => name === "syntax");
}

/**
 * The instructions of all stages that Docker's own frontend is going to judge. The last one is left out while the file does
 * not end with a line end: somebody is typing it. None with another frontend.
 */
export function judgedInstructions({ syntax, stages }: Dockerfile): readonly Instruction[] {
  if (!isDockerFrontend(syntax)) return [];
  const typed = typedInstruction(syntax);
  const all = stages.flatMap((stage) => stage.instructions);
  return typed ? all.filter((instruction) => (instruction.onbuild ?? instruction) !== typed) : all;
}

/** The last instruction, while the file does not end with a line end: somebody is typing it. */
export function typedInstruction({ instructions, text }: Syntax): Instruction | undefined {
  return text.endsWith("\n") ? undefined : instructions.at(-1);
}
