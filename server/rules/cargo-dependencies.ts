/** The dependencies of a crate, compiled before its sources come: with targets that hold nothing, in the places of its own. */
import type { Command } from "../model/command.ts";
import { matchesIgnorePattern, readIgnorePatterns } from "../model/ignored-files.ts";
import type { Run } from "../model/run.ts";
import type { FirstInstall } from "./first-install.ts";

/** Options that build other targets than programs and libraries, or another package. */
const OTHER_TARGETS =
  /^(?:--(?:manifest-path|workspace|all|all-targets|tests?|bench(?:es)?|examples?|exclude|config|build-plan)(?:=|$)|-C$)/;

/**
 * What compiles the dependencies of the crate that a command builds; or why it cannot be done first; `undefined`: it has none,
 * or what it needs is not known. The places of targets are those of https://doc.rust-lang.org/cargo/reference/cargo-targets.html.
 */
export function cargoDependencies(run: Run, command: Command): FirstInstall | string | undefined {
  const { context, text } = run.stage.dockerfile;
  const { tree, files = {} } = context;
  const words = command.args
    .map(({ value, text: written }) => value ?? written)
    .filter((word) => !word.startsWith("+"));
  const [verb] = words;
  const isInstall =
    verb === "install" && words.some((word, at) => word === "--path" && /^\.\/?$/.test(words[at + 1] ?? ""));
  if ((verb !== "build" && verb !== "b" && !isInstall) || words.some((word) => OTHER_TARGETS.test(word)))
    return undefined;
  const manifest = files["Cargo.toml"];
  const { item } = command.shell ?? {};
  if (typeof manifest !== "string" || !tree || !item) return undefined;
  const tables = tablesOf(manifest);
  if (!tables.some(({ name }) => /(?:^|\.)(?:build-)?dependencies(?:\.|$)/.test(name))) return undefined;

  const patterns = readIgnorePatterns(files[".dockerignore"] ?? "");
  const there = new Set(
    tree.filter((path) => patterns.findLast((one) => matchesIgnorePattern(one, path))?.negated !== false),
  );
  const folders = [".cargo", "vendor"].filter((folder) => [...there].some((path) => path.startsWith(`${folder}/`)));
  const isMember = /^\s*(?:workspace\s*=|[\w.-]+\.workspace\s*=|members\s*=)|\bworkspace\s*=\s*true/m.test(manifest);
  const hasPath = tables.some(({ name, body }) => !TARGETS.test(name) && /\bpath\s*=/.test(body));
  if (isMember || hasPath)
    return "the crate belongs to a workspace, or names another one by its folder: `cargo chef` knows what their dependencies need";
  const targets = targetsOf(tables, there);
  if (typeof targets === "string") return targets;
  if (targets.programs.length + targets.libraries.length === 0) return undefined;
  const ignoresTarget = patterns.findLast((one) => matchesIgnorePattern(one, "target"))?.negated === false;
  if (files[".dockerignore"] !== undefined && !ignoresTarget)
    return "`.dockerignore` does not keep `target` out, so that the host's would be copied over what is built";
  if (
    run.stage.isInImage &&
    run.commands.some(({ program, args }) => program === "rm" || (program === "cargo" && args[0]?.value === "clean"))
  )
    return "what the same `RUN` removes again would stay in a layer of its own";

  const { escape } = run.stage.dockerfile.syntax;
  const all = [...targets.programs, ...targets.libraries];
  const places = [...new Set(all.map((path) => path.replace(/\/?[^/]*$/, "")))].filter((path) => path !== "");
  const steps = [
    ...(places.length > 0 ? [`mkdir -p ${places.join(" ")}`] : []),
    ...targets.programs.map((path, index) =>
      index === 0 ? `echo 'fn main() {}' > ${path}` : `cp ${targets.programs[0]} ${path}`,
    ),
    ...(targets.libraries.length > 0 ? [`touch ${targets.libraries.join(" ")}`] : []),
    text.slice(item.range.start, item.range.end),
  ];
  return {
    files: ["Cargo.toml", ...["Cargo.lock", "rust-toolchain.toml", "rust-toolchain"].filter((name) => there.has(name))],
    folders,
    command: steps.join(` ${escape}\n    && `),
    // The times of the context's files are older than what was built of the empty ones.
    renewal: `touch ${all.join(" ")}`,
    assumptions: [
      ...(files[".dockerignore"] === undefined
        ? ["`.dockerignore` keeps `target` out: the host's would be copied over what is built."]
        : []),
      "No dependency reads the sources of the project while it is compiled.",
    ],
  };
}

interface Table {
  /** `dependencies.serde`, `bin` */
  readonly name: string;
  readonly body: string;
}

const TARGETS = /^(?:lib|bin|example|test|bench)$/;

function tablesOf(manifest: string): readonly Table[] {
  return [...manifest.matchAll(/^[ \t]*\[\[?\s*([^\]\n]+?)\s*\]\]?[^\n]*\n?((?:(?!^[ \t]*\[)[^\n]*\n?)*)/gm)].map(
    ([, name, body]) => ({
      name: name!.replace(/["']/g, ""),
      body: body!.replace(/^\s*#.*$/gm, ""),
    }),
  );
}

/** The source files of the targets that cargo must find, which are in the context; or why they are not known. */
function targetsOf(
  tables: readonly Table[],
  there: ReadonlySet<string>,
): { readonly programs: readonly string[]; readonly libraries: readonly string[] } | string {
  const valueOf = (body: string, key: string): string | undefined =>
    new RegExp(`^\\s*${key}\\s*=\\s*["']([^"']+)["']`, "m").exec(body)?.[1];
  const own = tables.find(({ name }) => name === "package")?.body ?? "";
  const programs = new Set<string>();
  const libraries = new Set<string>();
  const build = /^\s*build\s*=\s*false/m.test(own) ? undefined : (valueOf(own, "build") ?? "build.rs");
  if (build !== undefined && there.has(build)) programs.add(build);
  for (const path of there) if (/^src\/(?:main|bin\/[\w-]+|bin\/[\w-]+\/main)\.rs$/.test(path)) programs.add(path);
  if (there.has("src/lib.rs")) libraries.add("src/lib.rs");
  for (const { name, body } of tables) {
    if (!TARGETS.test(name)) continue;
    const given = valueOf(body, "path");
    const called = valueOf(body, "name");
    const folder = { bin: "src/bin", example: "examples", test: "tests", bench: "benches" }[name];
    const candidates =
      given !== undefined
        ? [given]
        : name === "lib"
          ? ["src/lib.rs"]
          : [`${folder}/${called}.rs`, `${folder}/${called}/main.rs`, ...(name === "bin" ? ["src/main.rs"] : [])];
    const path = candidates.find((candidate) => there.has(candidate));
    if (path === undefined || !/^[\w./-]+$/.test(path))
      return `where the target \`${called ?? name}\` of \`Cargo.toml\` is, is not known`;
    (name === "lib" ? libraries : programs).add(path);
  }
  return { programs: [...programs], libraries: [...libraries] };
}
