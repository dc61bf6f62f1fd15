/** Variables by name at a point; `null`: set to something that is not known. */
export interface Environment extends Iterable<readonly [string, string | null]> {
  has(name: string): boolean;
  get(name: string): string | null | undefined;
  keys(): Iterable<string>;
}

/** How variables change along a stage. Any earlier state can be looked at; each change costs the same, however many there are. */
export class VariableHistory {
  readonly #changes = new Map<string, { readonly time: number; readonly value: string | null }[]>();
  #time = 0;

  set(name: string, value: string | null): void {
    const changes = this.#changes.get(name);
    const change = { time: ++this.#time, value };
    if (changes) changes.push(change);
    else this.#changes.set(name, [change]);
  }

  /** The variables as they are now, whatever is set later. */
  snapshot(): Environment {
    const changes = this.#changes;
    const time = this.#time;
    const find = (name: string) => changes.get(name)?.findLast((change) => change.time <= time);
    return {
      has: (name) => find(name) !== undefined,
      get: (name) => find(name)?.value,
      *keys() {
        for (const name of changes.keys()) if (find(name)) yield name;
      },
      *[Symbol.iterator]() {
        for (const name of changes.keys()) {
          const change = find(name);
          if (change) yield [name, change.value] as const;
        }
      },
    };
  }
}
