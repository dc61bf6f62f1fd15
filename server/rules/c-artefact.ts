/** What C and C++ compilers, make and CMake make: https://www.gnu.org/prep/standards/html_node/Directory-Variables.html, https://cmake.org/cmake/help/latest/manual/cmake.1.html. */
import { baseName } from "../model/command.ts";
import { slimDebianOf } from "../model/data/runtime-images.ts";
import type { Stage } from "../model/stage.ts";
import { type Leftover, moveBuild, type Remedy } from "./artefact.ts";
import {
  type BuildCommand,
  buildCommands,
  inDirectory,
  type Outputs,
  type Tracked,
  trackOutputs,
  wordsOf,
} from "./build-command.ts";
import { type ContainerStart, containerStart } from "./container-start.ts";
import { keyword } from "./edit.ts";
import { type ProgramPlace, programCopies } from "./program-place.ts";
import { isInside, type StageCopy } from "./stage-split.ts";

const COMPILERS = /^(?:[\w.-]+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran)(?:-\d+)?$/;
const BUILDERS =
  /^(?:make|gmake|ninja|cmake|ctest|meson|autoreconf|autoconf|automake|aclocal|libtoolize|configure|autogen\.sh|bootstrap|qmake6?|scons|ar|ranlib|pkg-config)$/;
/** They compile by rules that are not in the Dockerfile. */
const BUILDS = /^(?:make|gmake|ninja|cmake|meson|scons)$/;
/** In the gcc image: https://github.com/docker-library/gcc/blob/master/Dockerfile.template */
const COMPILER_LIBRARIES = "/usr/local/lib64";
const SCRIPT = /\.(?:sh|py|pl|rb|js|php|lua)$/;

/** The gcc image, in which a program is compiled and run. */
export function cLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "docker.io" || image.repository !== "gcc") return undefined;
  const built = buildOf(stage, start);
  if (!built) return undefined;
  return { tools: "the compilers", needed: built.places.started, remedy: () => repair(stage, start, built) };
}

/** Takes the program out of an image in which packages for building are installed; `undefined`: it is not made in it. */
export function moveProgram(stage: Stage): Remedy | undefined {
  const start = containerStart(stage);
  if (!start || stage.base.role !== "system" || stage.parent) return undefined;
  const built = buildOf(stage, start);
  return built && repair(stage, start, built);
}

interface Built {
  readonly commands: readonly BuildCommand[];
  readonly outputs: Tracked;
  readonly places: ProgramPlace;
}

function buildOf(stage: Stage, start: ContainerStart): Built | undefined {
  if (start.commands.some(({ programWord }) => SCRIPT.test(programWord?.value ?? ""))) return undefined;
  const commands = buildCommands(stage);
  const outputs = trackOutputs(commands, (one) => cOutputs(one, commands));
  const places = programCopies(stage, start, outputs, []);
  return places && { commands, outputs, places };
}

function repair(stage: Stage, start: ContainerStart, { commands, outputs, places }: Built): Remedy {
  if (places.unknown !== undefined) return { refusal: `where \`${places.unknown}\` comes from is not known` };
  const prefixes = commands.flatMap((one) => (installs(one) ? [prefixOf(one, commands)] : []));
  if (prefixes.includes(undefined)) return { refusal: "where `make install` puts the files is not known" };
  const installed = (prefixes as string[]).filter((path) => !isInside(path, "/tmp"));
  const copies: StageCopy[] = [
    ...places.copies.filter(({ from }) => !installed.some((path) => isInside(from, path))),
    ...[...installed, ...libraryDirectories(stage, outputs)].map((from) => ({ from })),
  ];
  if (copies.some(({ from }) => from === "/usr" || from === "/"))
    return { refusal: "`make install` puts files among those of the distribution" };
  const isGcc = stage.image?.repository === "gcc";
  if (isGcc && copies.some(({ from }) => from === "/usr/local"))
    return { refusal: "`make install` puts files beside those of the compiler" };
  const libraries = isGcc ? compilerLibraries(commands) : [];
  if (libraries.length > 0 && stage.environmentBefore().has("LD_LIBRARY_PATH"))
    return { refusal: "`LD_LIBRARY_PATH` would have to name the libraries of the compiler, too" };
  copies.push(...libraries.map((name) => ({ from: `${COMPILER_LIBRARIES}/${name}` })));
  const image = imageOf(stage);
  return moveBuild(stage, start, {
    tools: "the builder",
    copies,
    isOutput: outputs.has,
    isBuild: ({ command }) => isBuilder(command.program),
    buildVariables: /^(?:CC|CXX|[A-Z]*FLAGS|CMAKE_[A-Z_]+|DEBIAN_FRONTEND|PKG_CONFIG[A-Z_]*|CPATH|LIBRARY_PATH)$/,
    sources:
      /(?:^|\/)(?:[^/]*\.(?:c|h|cc|cpp|cxx|hpp|hh|hxx|S|s|y|l|in|am|ac|m4|cmake|mk|build)|(?:GNU)?[Mm]akefile|CMakeLists\.txt|configure)$|^(?:src|include|cmake|third_party|vendor|deps|tests?)\/?$/,
    readsFiles: true,
    image,
    hasSamePackages: true,
    ...(libraries.length > 0 ? { settings: [`${keyword(stage, "ENV")} LD_LIBRARY_PATH=${COMPILER_LIBRARIES}`] } : {}),
    finishing: commands.some(({ command }) => command.program === "ldconfig")
      ? [`${keyword(stage, "RUN")} ldconfig`]
      : [],
    assumptions: [
      ...(installed.length === 0 ? ["The program links to no library that the build itself makes."] : []),
      ...(libraries.length > 0
        ? ["The image is for a 64-bit platform, on which GCC's own libraries are in `lib64`."]
        : []),
    ],
  });
}

/** Directories of the build in which the dynamic linker is told to look. */
function libraryDirectories(stage: Stage, outputs: Tracked): readonly string[] {
  return stage.instructions
    .filter((instruction) => instruction.keyword === "ENV")
    .flatMap(({ pairs }) => pairs.filter(({ key }) => key.value === "LD_LIBRARY_PATH"))
    .flatMap(({ value }) => value?.value.split(":") ?? [])
    .filter((path) => path.startsWith("/") && outputs.has(path));
}

function imageOf(stage: Stage): string | { readonly refusal: string } {
  const { distribution } = stage.base;
  // Neither has a smaller one of the same release.
  if (distribution === "ubuntu" || distribution === "alpine") return stage.imageWord!.text;
  return distribution === "debian"
    ? slimDebianOf(stage.image!)
    : { refusal: "a smaller image of this distribution is not known" };
}

/**
 * The compiler's own libraries that the program may link to, which are newer than Debian's; plain C takes none along.
 * https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html
 */
function compilerLibraries(commands: readonly BuildCommand[]): readonly string[] {
  const names = commands.flatMap((one) => {
    const { program = "" } = one.command;
    if (!isBuilder(program)) return [];
    if (!COMPILERS.test(program))
      return BUILDS.test(program) ? ["libgcc_s.so.1", "libgomp.so.1", "libstdc++.so.6"] : [];
    const words = wordsOf(one);
    if (words.includes("-static")) return [];
    const isLinkedIn = words.includes("-static-libstdc++") && words.includes("-static-libgcc");
    return [
      ...((program.includes("++") && !isLinkedIn) || words.includes("-lstdc++")
        ? ["libgcc_s.so.1", "libstdc++.so.6"]
        : []),
      ...(program.includes("gfortran") ? ["libgcc_s.so.1", "libgfortran.so.5", "libquadmath.so.0"] : []),
      ...(words.includes("-fopenmp") ? ["libgomp.so.1"] : []),
    ];
  });
  return [...new Set(names)].sort();
}

function isBuilder(program = ""): boolean {
  return COMPILERS.test(program) || BUILDERS.test(program) || program === "ldconfig";
}

function installs(one: BuildCommand): boolean {
  const { program = "" } = one.command;
  const words = wordsOf(one);
  if (program === "cmake") return words[0] === "--install" || words.includes("install");
  return /^(?:make|gmake|ninja|meson)$/.test(program) && words.some((word) => /^install/.test(word));
}

/** Where an installation goes: what it says itself, or what the project was configured with; DESTDIR in front. */
function prefixOf(one: BuildCommand, commands: readonly BuildCommand[]): string | undefined {
  const own = wordsOf(one);
  const before = commands
    .slice(0, commands.indexOf(one))
    .filter(({ command }) => /^(?:configure|cmake|meson)$/.test(command.program ?? ""))
    .flatMap(wordsOf);
  const find = (words: readonly string[], pattern: RegExp): string | undefined => {
    const index = words.findLastIndex((word) => pattern.test(word));
    return index === -1 ? undefined : (/=(.*)$/.exec(words[index]!)?.[1] ?? words[index + 1]);
  };
  const destination = find(own, /^DESTDIR=/) ?? "";
  const prefix =
    find(own, /^(?:prefix|PREFIX)=|^--prefix(?:=|$)/) ??
    find(before, /^--prefix(?:=|$)|^-DCMAKE_INSTALL_PREFIX(?::PATH)?=/) ??
    "/usr/local";
  return /[$`]/.test(destination + prefix) ? undefined : inDirectory(`${destination}${prefix}`, one.directory);
}

function cOutputs(one: BuildCommand, commands: readonly BuildCommand[]): Outputs | undefined {
  const { command, directory } = one;
  const { program = "" } = command;
  const words = wordsOf(one);
  if (COMPILERS.test(program)) {
    if (words.some((word) => word === "-c" || word === "-E" || word === "-S" || word === "--version")) return undefined;
    const index = words.findIndex((word) => /^-o/.test(word));
    const name = index === -1 ? "a.out" : words[index]!.slice(2) || words[index + 1];
    const path = name && !/[$`]/.test(name) ? inDirectory(name, directory) : undefined;
    if (!path) return undefined;
    return words.includes("-shared") ? { files: [path] } : { programs: [path] };
  }
  if (!/^(?:make|gmake|ninja|cmake|meson|scons)$/.test(program)) return undefined;
  const flag = program === "cmake" ? "--build" : "-C";
  const index = words.findIndex((word) => word === flag || word === "--install");
  const place = index === -1 ? directory : inDirectory(words[index + 1] ?? ".", directory);
  const prefix = installs(one) ? prefixOf(one, commands) : undefined;
  const directories = [place, prefix].filter((path) => path !== undefined && path !== "/" && baseName(path) !== "");
  return { directories: directories as string[] };
}
