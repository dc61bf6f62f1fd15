/** What the rules about labels share. */
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Stage } from "../model/stage.ts";
import type { KeyValue } from "../syntax/parse.ts";

export interface Label {
  readonly stage: Stage;
  readonly pair: KeyValue;
  readonly name: string;
  /** As it will be; `undefined`: not known. */
  readonly value: string | undefined;
}

/** The labels whose names are known, in order. */
export function* labelsOf({ stages }: Dockerfile): Generator<Label> {
  for (const stage of stages) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "LABEL") continue;
      for (const pair of instruction.pairs) {
        if (pair.key.variables.length > 0 || pair.key.value === "") continue;
        const value = pair.value ? stage.resolve(pair.value, instruction) : "";
        yield { stage, pair, name: pair.key.value, value };
      }
    }
  }
}
