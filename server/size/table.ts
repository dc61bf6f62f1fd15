/** What the packages of a Debian release add to an image: `data/debian-<release>.json`, which a generator writes, read. */

/** The releases of which there is a table. */
export const SIZE_RELEASES = ["bookworm", "trixie"] as const;

export type SizeRelease = (typeof SIZE_RELEASES)[number];

export interface SizedPackage {
  readonly name: string;
  readonly section: string;
  /** One line of what it is; empty for what hardly anybody asks for by name. */
  readonly summary: string;
  /** Its files and dpkg's records of it, in bytes. */
  readonly files: number;
  /** The part of them that slim images leave out: documentation and translations. */
  readonly dropped: number;
  /** The part of them that is Python source, which is compiled when it is installed. */
  readonly python: number;
  /** Its questions and their translations, which go into a database. */
  readonly templates: number;
  /** Every group is needed, any one of a group will do. */
  readonly depends: readonly Group[];
  readonly recommends: readonly Group[];
}

/** Alternatives, in apt's order; where only providers are, those. */
export type Group = readonly (readonly SizedPackage[])[];

/** The table as it is stored. */
export interface TableData {
  readonly release: string;
  /** `12.11`. */
  readonly version: string;
  /** Suite to the day on which its index was made. */
  readonly dates: Readonly<Record<string, string>>;
  readonly sections: string;
  /** The packages of the `debian:<release>-slim` image. */
  readonly base: string;
  /** A line for each: name, section, files, dropped, python, templates (in kB), groups of depends and of recommends, summary. */
  readonly packages: string;
  /** A line for each name that packages provide: it, the package of that name if there is one, and who provides it. */
  readonly virtual: string;
}

export class SizeTable {
  readonly release: SizeRelease;
  readonly version: string;
  readonly dates: Readonly<Record<string, string>>;
  readonly #packages: readonly SizedPackage[];
  readonly #byName: ReadonlyMap<string, SizedPackage>;
  readonly #providers = new Map<string, readonly SizedPackage[]>();
  readonly #base: readonly SizedPackage[];
  #baseSet: ReadonlySet<SizedPackage> | undefined;

  constructor(data: TableData) {
    this.release = data.release as SizeRelease;
    this.version = data.version;
    this.dates = data.dates;
    const sections = data.sections.split(" ");
    const virtual: (readonly SizedPackage[])[] = [];
    const packages: LazyPackage[] = [];
    const alternatives = (word: string): readonly SizedPackage[] => {
      const number = numberOf(word);
      return number < packages.length ? [packages[number]!] : virtual[number - packages.length]!;
    };
    for (const line of data.packages.split("\n"))
      packages.push(new LazyPackage(line.split(";"), sections, alternatives));
    for (const line of data.virtual === "" ? [] : data.virtual.split("\n")) {
      const [name, providers] = line.split(";");
      const found = providers!.split(" ").map((word) => packages[numberOf(word)]!);
      virtual.push(found);
      this.#providers.set(name!, found);
    }
    this.#packages = packages;
    this.#byName = new Map(packages.map((one) => [one.name, one]));
    this.#base = data.base.split(" ").map((word) => packages[numberOf(word)]!);
  }

  get size(): number {
    return this.#packages.length;
  }

  /** The packages of the `debian:<release>-slim` image; the other one has the same. */
  get base(): readonly SizedPackage[] {
    return this.#base;
  }

  get baseSet(): ReadonlySet<SizedPackage> {
    this.#baseSet ??= new Set(this.#base);
    return this.#baseSet;
  }

  /** What `apt-get install <name>` asks for: the package, or the only one that provides it. */
  find(name: string): SizedPackage | undefined {
    const providers = this.#providers.get(name);
    return this.#byName.get(name) ?? (providers?.length === 1 ? providers[0] : undefined);
  }
}

/** Most packages of a table are never asked for: their groups are read when they are. */
class LazyPackage implements SizedPackage {
  readonly name: string;
  readonly #fields: readonly string[];
  readonly #sections: readonly string[];
  readonly #alternatives: (word: string) => readonly SizedPackage[];
  #depends: readonly Group[] | undefined;
  #recommends: readonly Group[] | undefined;

  constructor(
    fields: readonly string[],
    sections: readonly string[],
    alternatives: (word: string) => readonly SizedPackage[],
  ) {
    this.name = fields[0]!;
    this.#fields = fields;
    this.#sections = sections;
    this.#alternatives = alternatives;
  }

  get section(): string {
    return this.#sections[numberOf(this.#fields[1]!)] ?? "";
  }

  get files(): number {
    return this.#bytes(2);
  }

  get dropped(): number {
    return this.#bytes(3);
  }

  get python(): number {
    return this.#bytes(4);
  }

  get templates(): number {
    return this.#bytes(5);
  }

  get depends(): readonly Group[] {
    this.#depends ??= this.#groups(6);
    return this.#depends;
  }

  get recommends(): readonly Group[] {
    this.#recommends ??= this.#groups(7);
    return this.#recommends;
  }

  get summary(): string {
    return this.#fields.slice(8).join(";");
  }

  #bytes(index: number): number {
    return Number(this.#fields[index] ?? "") * 1000;
  }

  #groups(index: number): readonly Group[] {
    const text = this.#fields[index] ?? "";
    return text === "" ? [] : text.split(" ").map((group) => group.split("|").map(this.#alternatives));
  }
}

/** Numbers stand for packages, in base 36. */
function numberOf(word: string): number {
  return Number.parseInt(word, 36);
}
