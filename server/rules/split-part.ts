/** What one stack's build steps leave, and what the final stage needs of it: a part of how a stage is split. */
import type { PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import type { Build, BuildKind, Step } from "./build-steps.ts";
import { installsDevelopment } from "./development-groups.ts";
import type { Contract, Edit } from "./rule.ts";
import type { Start } from "./start-program.ts";

export interface SplitPart {
  /** Directories that the final stage gets, whatever else it does. */
  readonly outputs?: readonly string[];
  /** As in `StageSplit`. */
  readonly shared?: readonly string[];
  readonly opening?: readonly string[];
  readonly closing?: readonly string[];
  readonly settings?: readonly string[];
  readonly packages?: readonly string[];
  readonly edits?: readonly Edit[];
  readonly changes?: readonly Contract[];
  readonly assumptions?: readonly string[];
  /** Further instructions of the builder that the final stage has, too. */
  readonly repeated?: readonly Instruction[];
}

/** For the assumptions of a part that leaves them out. */
export const NO_DEVELOPMENT = "Nothing that runs in the container needs a development dependency.";

/** The stage, as far as it builds. */
export class Building {
  readonly stage: Stage;
  /** Up to the last one that builds. */
  readonly steps: readonly Step[];
  readonly start: Start | undefined;

  constructor(stage: Stage, steps: readonly Step[], start: Start | undefined) {
    this.stage = stage;
    this.steps = steps;
    this.start = start;
  }

  builds(...kinds: readonly BuildKind[]): readonly (Build & { readonly step: Step })[] {
    return this.steps.flatMap((step) =>
      step.builds.filter(({ kind }) => kinds.includes(kind)).map((build) => ({ ...build, step })),
    );
  }

  /** Installs of these kinds that bring what only development needs, while nothing is built behind them that may need it. */
  needless(...kinds: readonly BuildKind[]): readonly PackageOperation[] {
    const last = this.builds("directory").at(-1)?.command.range.start ?? -1;
    return this.builds(...kinds)
      .flatMap(({ operation }) => operation ?? [])
      .filter((operation) => operation.command.range.start > last && installsDevelopment(operation));
  }

  /** The container starts it, as the program itself or as what runs that. */
  starts(name: string): boolean {
    return [this.start?.word, ...(this.start?.runners ?? []).map(({ words }) => words[0])].some(
      (word) => word?.value === name || word?.value?.endsWith(`/${name}`),
    );
  }
}
