/** What `go build` and `go install` make, and on what it runs: https://go.dev/ref/mod, https://pkg.go.dev/cmd/go, https://pkg.go.dev/cmd/cgo. */
import { DISTROLESS_STATIC, slimDebianOf } from "../model/data/runtime-images.ts";
import { packageFacts } from "../model/debian.ts";
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
import type { ContainerStart } from "./container-start.ts";
import { keyword } from "./edit.ts";
import { manifest } from "./manifest.ts";
import { namesOfPrograms, type ProgramPlace, programCopies } from "./program-place.ts";
import { debianReleaseOf } from "./runtime-packages.ts";

/** Options of `go build` and `go install` with a value of their own: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies */
const VALUED = new Set(
  "-C -o -p -asmflags -buildmode -buildvcs -compiler -covermode -coverpkg -gccgoflags -gcflags -installsuffix -ldflags -mod -modfile -overlay -pgo -pkgdir -tags -toolexec".split(
    " ",
  ),
);

/** Modules that cannot do without cgo, by their own documentation. */
const CGO_MODULES =
  /^(?:github\.com\/(?:mattn\/go-(?:sqlite3|oci8)|confluentinc\/confluent-kafka-go|godror\/godror|marcboeker\/go-duckdb|duckdb\/duckdb-go|tecbot\/gorocksdb|linxgnu\/grocksdb|pebbe\/zmq4|zeromq\/goczmq|h2non\/bimg|davidbyttow\/govips|libgit2\/git2go|gographics\/imagick|otiai10\/gosseract|chai2010\/webp|kolesa-team\/go-webp|datadog\/zstd|valyala\/gozstd|google\/gopacket|gopacket\/gopacket|go-gl\/[\w.-]+|go-vgo\/robotgo|gotk3\/gotk3|gordonklaus\/portaudio|asticode\/go-astiav|blevesearch\/go-faiss|ebitengine\/oto|hajimehoshi\/(?:ebiten|oto)|ibmdb\/go_ibm_db|flopp\/go-findfont|apache\/pulsar-client-go-cgo|coreos\/go-systemd\/v22\/sdjournal|containers\/storage|containers\/image)|gocv\.io\/x\/gocv|gopkg\.in\/gographics\/imagick\.v\d|fyne\.io\/fyne)(?:\/v\d+)?$/i;

export function goLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "docker.io" || image.repository !== "golang") return undefined;
  if (
    namesOfPrograms(start).some((name) => /^(?:go|air|reflex|dlv|gow|CompileDaemon|realize|modd|fresh|gin)$/.test(name))
  )
    return undefined;
  const commands = buildCommands(stage);
  const outputs = trackOutputs(commands, (one) => goOutputs(stage, one));
  const places = programCopies(stage, start, outputs, ["/go/bin"]);
  if (!places) return undefined;
  return {
    tools: "the Go toolchain",
    needed: places.started,
    remedy: () => repair(stage, start, commands, outputs, places),
  };
}

function repair(
  stage: Stage,
  start: ContainerStart,
  commands: readonly BuildCommand[],
  outputs: Tracked,
  places: ProgramPlace,
): Remedy {
  if (places.unknown !== undefined) return { refusal: `where \`${places.unknown}\` comes from is not known` };
  const cgo = cgoOf(stage, commands);
  const image = imageOf(stage, cgo);
  const release = debianReleaseOf(stage);
  return moveBuild(stage, start, {
    tools: "the Go image",
    copies: places.copies,
    isOutput: outputs.has,
    isBuild: (one) => isGoBuild(one),
    buildVariables: /^(?:GO[A-Z0-9_]*|CGO_[A-Z_]+)$/,
    sources:
      /(?:^|\/)(?:go\.(?:mod|sum|work|work\.sum)|[^/]*\.go|Makefile|Taskfile\.ya?ml)$|^(?:cmd|internal|pkg|vendor)\/?$/,
    readsFiles: true,
    bareImage: isStatic(cgo) ? DISTROLESS_STATIC : undefined,
    image,
    hasSamePackages: true,
    packages:
      stage.base.distribution === "alpine"
        ? ["ca-certificates", "tzdata"]
        : ["ca-certificates", ...(packageFacts("tzdata", release).inBase === true ? [] : ["tzdata"])],
    opening: cgo === "unset" ? [`${keyword(stage, "ENV")} CGO_ENABLED=0`] : [],
    assumptions: cgo === "unset" ? ['No Go file of the project itself says `import "C"`.'] : [],
  });
}

/** The image of the same family, for what needs a shell or libraries. */
function imageOf(stage: Stage, cgo: Cgo): string | { readonly refusal: string } {
  const { image } = stage;
  if (stage.base.distribution === "alpine")
    return stage.base.release
      ? `alpine:${stage.base.release}`
      : { refusal: `which release of Alpine \`${image!.reference}\` is built on is not known; its tag can name it` };
  const slim = slimDebianOf(image!);
  if (typeof slim === "string") return slim;
  if (isStatic(cgo)) return "debian:bookworm-slim";
  if (cgo === "unknown")
    return {
      refusal: `without \`go.mod\`, it is not known whether the program needs the C library of \`${image!.reference}\`, nor which one that is`,
    };
  return slim;
}

function isStatic(cgo: Cgo): boolean {
  return cgo === "off" || cgo === "unset";
}

/**
 * `off`: the build says so. `unset`: nothing says anything, and no module is known to need it. `needed`: something does.
 * `unknown`: without `go.mod`, nobody can tell.
 */
export type Cgo = "off" | "unset" | "needed" | "unknown";

export function cgoOf(stage: Stage, commands: readonly BuildCommand[]): Cgo {
  const builds = commands.filter(
    ({ command }) => command.program === "go" && /^(?:build|install)$/.test(command.args[0]?.value ?? ""),
  );
  const settings = builds.map(({ run, command }) => {
    const assigned = run.commands
      .flatMap(({ shell }) => (shell && shell.range.start <= command.range.start ? [shell] : []))
      .flatMap(({ assignments, words }) => [
        ...assignments,
        ...words.flatMap(({ value }) => {
          const [, name, text] = /^(CGO_ENABLED)=(.*)$/.exec(value ?? "") ?? [];
          return name ? [{ name, value: text }] : [];
        }),
      ])
      .findLast(({ name }) => name === "CGO_ENABLED");
    return assigned ? assigned.value : (stage.environmentBefore(run.instruction).get("CGO_ENABLED") ?? undefined);
  });
  if (settings.length > 0 && settings.every((value) => value === "0")) return "off";
  if (settings.some((value) => value !== undefined && value !== "0")) return "needed";
  const installed = stage.runs.flatMap(({ packageOperations }) =>
    packageOperations.flatMap(({ packages }) => packages),
  );
  if (installed.some(({ name }) => /-dev$|^(?:gcc|g\+\+|build-base|alpine-sdk|musl-dev)$/.test(name ?? "")))
    return "needed";
  const text = manifest(stage, "go.mod");
  if (text === undefined) return "unknown";
  const modules = [...text.matchAll(/^\s*(?:require\s+)?([\w.-]+\.[a-z]+\/\S+)\s+v\d/gm)].map((match) => match[1]!);
  return modules.some((name) => CGO_MODULES.test(name)) ? "needed" : "unset";
}

function isGoBuild({ command }: BuildCommand): boolean {
  const { program = "", args } = command;
  if (program === "go") return args[0]?.value !== "run";
  return /^(?:gofmt|golangci-lint|swag|templ|sqlc|mockgen|wire|buf|protoc|stringer|statik|packr2?|govulncheck|make)$/.test(
    program,
  );
}

/** The programs that a command makes. */
function goOutputs(stage: Stage, one: BuildCommand): Outputs | undefined {
  const { command, run, directory } = one;
  if (command.program !== "go") return undefined;
  const verb = command.args[0]?.value;
  if (verb !== "build" && verb !== "install" && verb !== "get") return undefined;
  // `-ldflags` and its like take the next word, and have one dash.
  const words = wordsOf(one).slice(1);
  const operands: string[] = [];
  let output: string | undefined;
  let at = directory;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const [name, value] = word.startsWith("-")
      ? [word.replace(/^--/, "-").split("=")[0]!, word.includes("=") ? word.slice(word.indexOf("=") + 1) : undefined]
      : [];
    if (name === undefined) {
      operands.push(word);
      continue;
    }
    const given = value ?? (VALUED.has(name) ? words[++i] : undefined);
    if (name === "-o") output = given;
    if (name === "-C" && given !== undefined) at = inDirectory(given, directory);
  }
  if (verb === "build" && output !== undefined) {
    if (/[$`]/.test(output)) return undefined;
    const path = inDirectory(output, directory);
    if (path === undefined) return undefined;
    if (output.endsWith("/")) return { directories: [path], programs: [path] };
    // Of several packages, the programs go into a directory of this name.
    const isOne = operands.length <= 1 && !operands[0]?.includes("...");
    return isOne
      ? { programs: [path], files: operands.map((name) => `${path}/${nameOfPackage(stage, name, at)}`) }
      : { directories: [path], programs: [path] };
  }
  const names = operands.length === 0 ? ["."] : operands;
  if (verb === "build") {
    const name = names.every((each) => each.endsWith(".go"))
      ? names[0]!.replace(/^.*\/|\.go$/g, "")
      : nameOfPackage(stage, names[0]!, at);
    const path =
      name && names.length === (names[0]!.endsWith(".go") ? names.length : 1) ? inDirectory(name, at) : undefined;
    return path ? { files: [path] } : undefined;
  }
  const bin =
    stage.environmentBefore(run.instruction).get("GOBIN") ??
    `${stage.environmentBefore(run.instruction).get("GOPATH") ?? "/go"}/bin`;
  return { directories: [bin] };
}

/** What a package is called when it is a program: the last part of its path that is no version. */
function nameOfPackage(stage: Stage, name: string, directory: string | undefined): string | undefined {
  const path = name.replace(/@.*$/, "").replace(/\/+$/, "");
  if (path.includes("...")) return undefined;
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  if (parts.length > 0 && path !== "..") return parts.findLast((part) => !/^v\d+$/.test(part));
  const module = /^\s*module\s+"?([^\s"]+)/m.exec(manifest(stage, "go.mod") ?? "")?.[1];
  if (module) return module.split("/").findLast((part, index) => index === 0 || !/^v\d+$/.test(part));
  // Without a module, the directory's.
  return directory?.split("/").at(-1);
}
