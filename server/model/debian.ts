import data from "./data/debian-packages.json" with { type: "json" };

/** The releases of which the packages are known, the oldest first. */
export const debianReleases = ["bullseye", "bookworm", "trixie"] as const;

export type DebianRelease = (typeof debianReleases)[number];

export type PackageFacts = {
  /**
   * `build`: only good for building, such as headers and compilers. `other`: a package of Debian that may be wanted at run
   * time. `unknown`: rare, or not of Debian.
   */
  readonly role: "build" | "other" | "unknown";
  /**
   * What a program made with a build package keeps needing, by name: `libpq5` for `libpq-dev`, nothing for `cmake`. Absent when
   * the metadata does not tell or the release has no such package: then the build package has to stay.
   */
  readonly runtime?: readonly string[];
  /** Whether the `debian:<release>-slim` image has it. Absent for an unknown package. */
  readonly inBase?: boolean;
};

/**
 * What Debian's own metadata says of the package that `apt-get install <name>` installs; without version, release or
 * architecture (`=1.2`, `/testing`, `:amd64`). A virtual name that one package provides stands for that one.
 *
 * The role belongs to the name and is the same for all releases. Where the release is not known, the other facts are given only
 * when they are the same for all of them. Derived releases (Ubuntu) have other names for libraries: they are not known here.
 *
 * The facts and the rules for them come from `scripts/generate-debian-packages.ts`.
 */
export function packageFacts(name: string, release: DebianRelease | undefined): PackageFacts {
  const role = roleOf(name);
  if (role === "unknown") return { role };
  const runtime = role === "build" ? runtimeOf(name, release) : undefined;
  const inBase = agreed(release, (each) => base[each].has(name));
  return { role, ...(runtime === undefined ? {} : { runtime }), ...(inBase === undefined ? {} : { inBase }) };
}

const build = new Map<string, string>(Object.entries(data.build));

const base = {
  bullseye: new Set(data.base.bullseye.split(" ")),
  bookworm: new Set(data.base.bookworm.split(" ")),
  trixie: new Set(data.base.trixie.split(" ")),
};

const other = new Set([
  ...data.other.split(" "),
  ...debianReleases.flatMap((release) => [...base[release]]),
  ...[...build.values()].flatMap((runtime) => runtime.match(/[^ |=?]+/g) ?? []),
]);

function roleOf(name: string): PackageFacts["role"] {
  if (build.has(name)) return "build";
  if (other.has(name)) return "other";
  // Debian Policy 8.4. The packages of Debian that are named so and are something else are among the others.
  return name.endsWith("-dev") ? "build" : "unknown";
}

// The packages for each release, `|` between releases: `=` for those of the release before, `?` for what is not known; or once
// when it is the same for all.
function runtimeOf(name: string, release: DebianRelease | undefined): readonly string[] | undefined {
  const answers = (build.get(name) ?? "?").split("|");
  const answer = agreed(release, (each) => {
    let position = Math.min(debianReleases.indexOf(each), answers.length - 1);
    while (answers[position] === "=") position--;
    return answers[position];
  });
  return answer === "?" ? undefined : answer?.split(" ").filter((word) => word !== "");
}

function agreed<Fact>(release: DebianRelease | undefined, factOf: (release: DebianRelease) => Fact): Fact | undefined {
  if (release !== undefined) return factOf(release);
  const [first, ...rest] = debianReleases.map(factOf);
  return rest.every((fact) => fact === first) ? first : undefined;
}
