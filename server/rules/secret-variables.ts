/** Secrets in ENV and ARG: which pairs hold one, and how to build without. Shared by `secret-in-env` and `secret-in-arg`. */
import type { Dockerfile } from "../model/dockerfile.ts";
import { frontendMinor, syntaxDirective } from "../model/frontend.ts";
import { type Judgement, judgeAssignment } from "../model/secrets.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction, KeyValue, Syntax } from "../syntax/parse.ts";
import { contains } from "../syntax/text.ts";
import { insertAfter, removeInstruction, removeWord, replace } from "./edit.ts";
import { assuming, changing, type Edit, type Finding, unsafe } from "./rule.ts";

export interface SecretVariable {
  readonly stage: Stage;
  readonly instruction: Instruction;
  readonly pair: KeyValue;
  readonly name: string;
  readonly judgement: Judgement;
  /** In words, when the value has the form of a secret: "a GitHub token". */
  readonly form: string | undefined;
}

export function* secretVariables(dockerfile: Dockerfile, keyword: "ENV" | "ARG"): Generator<SecretVariable> {
  for (const stage of dockerfile.stages) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== keyword) continue;
      for (const pair of instruction.pairs) {
        const { key, value } = pair;
        const found = value && dockerfile.context.secrets?.find((secret) => contains(value.range, secret));
        const judged = judgeAssignment({
          name: key.value,
          value: value?.value,
          kind: keyword === "ENV" ? "env" : "arg",
        });
        const judgement: Judgement =
          found && !found.placeholder ? { verdict: "secret", reason: "the value has the form of a secret" } : judged;
        if (judgement.verdict === "none") continue;
        yield {
          stage,
          instruction,
          pair,
          name: key.value,
          judgement,
          form: found && !found.placeholder ? found.kind : undefined,
        };
      }
    }
  }
}

export interface Uses {
  /** RUNs that name the variable. */
  readonly runs: readonly Instruction[];
  /** Another instruction that needs its value; ENV and ARG of the same file are judged on their own. */
  readonly other: Instruction | undefined;
}

/** Where the variable is named, in its stage and, for ENV, in those built on it. */
export function usesOf({ stage, instruction, name }: SecretVariable): Uses {
  const { stages } = stage.dockerfile;
  const reached = instruction.keyword === "ENV" ? stages.filter(({ lineage }) => lineage.includes(stage)) : [stage];
  const later = reached.flatMap((one) => one.instructions).filter(({ range }) => range.start > instruction.range.start);
  const runs: Instruction[] = [];
  let other: Instruction | undefined;
  for (const candidate of later) {
    if (candidate.keyword === "RUN") {
      if (namesInShell(stage, candidate, name) && !hasMount(candidate, name)) runs.push(candidate);
    } else if (
      !AT_RUN_TIME.has(candidate.keyword) &&
      candidate.arguments
        .concat(candidate.flags.flatMap(({ value }) => value ?? []))
        .some(({ variables }) => variables.some((variable) => variable.name === name))
    ) {
      other ??= candidate;
    }
  }
  return { runs, other };
}

/** Takes the pair out, and gives the value to the RUNs that name it as a secret mount; or why that cannot be. */
export function withoutSecret(secret: SecretVariable, { runs }: Uses): Pick<Finding, "fixes" | "refusal"> {
  const { stage, instruction, pair, name } = secret;
  const { syntax } = stage.dockerfile;
  const frontend = runs.length > 0 ? frontendFor(syntax) : NO_CHANGE;
  if (frontend === undefined)
    return { refusal: "the frontend that `# syntax` names may not know `env` in secret mounts" };
  const edits: Edit[] = [
    instruction.pairs.length === 1 ? removeInstruction(syntax, instruction) : removeWord(syntax, pair),
    ...frontend.edits,
  ];
  for (const run of runs) edits.push(insertAfter(run.keywordRange, ` --mount=type=secret,id=${name},env=${name}`));
  const assumptions: string[] = [];
  if (runs.length > 0) {
    assumptions.push(
      `The secret is given to the build: \`docker build --secret id=${name}\` takes it from the variable \`${name}\`.`,
    );
    assumptions.push(...frontend.assumptions);
  }
  if (instruction.keyword === "ENV") {
    assumptions.push(
      `The program gets it when it starts: \`docker run --env ${name}\`, or \`environment\` in Compose.`,
    );
    if (runs.length === 0) assumptions.push(`No RUN reads \`${name}\` without naming it.`);
  }
  const isWritten = pair.value?.variables.length === 0;
  if (secret.judgement.verdict === "secret" && isWritten)
    assumptions.push(
      "The value that was in the file is replaced where it is used: it can still be read in the file's history.",
    );
  const title =
    runs.length > 0 ? `Take \`${name}\` out and mount it as a secret where it is used` : `Take \`${name}\` out`;
  const fix = unsafe(title, edits);
  return { fixes: [assuming(instruction.keyword === "ENV" ? changing(fix, "ENV") : fix, ...assumptions)] };
}

interface FrontendChange {
  readonly edits: readonly Edit[];
  readonly assumptions: readonly string[];
}

const NO_CHANGE: FrontendChange = { edits: [], assumptions: [] };

/** Dockerfile 1.10 has `env` in secret mounts: https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.10.0 */
const FIRST_WITH_ENV = 10;

/** What lets the builder know `env` in secret mounts; `undefined`: not known. */
function frontendFor(syntax: Syntax): FrontendChange | undefined {
  const directive = syntaxDirective(syntax);
  if (!directive)
    return {
      edits: [],
      assumptions: [
        "The builder knows `env` in secret mounts: Dockerfile 1.10 and later, which `# syntax=docker/dockerfile:1` in the first line has it fetch.",
      ],
    };
  const minor = frontendMinor(syntax);
  if (minor === undefined) return undefined;
  if (minor >= FIRST_WITH_ENV) return NO_CHANGE;
  return {
    edits: [replace(directive.valueRange, "docker/dockerfile:1")],
    assumptions: [
      "The rest of the file means the same to the newest Dockerfile 1.x, which has `env` in secret mounts.",
    ],
  };
}

/** Their variables are for the shell of the container, which gets the value when it starts. */
const AT_RUN_TIME = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK", "ENV", "ARG"]);

function namesInShell(stage: Stage, instruction: Instruction, name: string): boolean {
  const owner = stage.dockerfile.stageOf(instruction) ?? stage;
  const run = owner.runOf(instruction);
  return run?.scripts.some(({ variables }) => variables.some((variable) => variable.name === name)) ?? false;
}

function hasMount(instruction: Instruction, name: string): boolean {
  return instruction.flags.some(
    (flag) => flag.name === "mount" && flag.value?.value.split(",").includes(`env=${name}`),
  );
}
