/** What `cargo build` and `cargo install` make, and on what it runs: https://doc.rust-lang.org/cargo/guide/build-cache.html. */
import { DISTROLESS_STATIC, debianReleaseOfTag, slimDebianOf } from "../model/data/runtime-images.ts";
import { type DebianRelease, debianReleases, packageFacts } from "../model/debian.ts";
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
import { manifest } from "./manifest.ts";
import { namesOfPrograms, type ProgramPlace, programCopies } from "./program-place.ts";

/** Crates that link to a library of the system, and the package that they are built with. */
const LINKED: Readonly<Record<string, string>> = {
  "alsa-sys": "libasound2-dev",
  "bzip2-sys": "libbz2-dev",
  "curl-sys": "libcurl4-openssl-dev",
  "expat-sys": "libexpat1-dev",
  "freetype-sys": "libfreetype-dev",
  "libdbus-sys": "libdbus-1-dev",
  "libgit2-sys": "libgit2-dev",
  "libsqlite3-sys": "libsqlite3-dev",
  "libssh2-sys": "libssh2-1-dev",
  "libudev-sys": "libudev-dev",
  "libz-sys": "zlib1g-dev",
  "lzma-sys": "liblzma-dev",
  "mysqlclient-sys": "default-libmysqlclient-dev",
  "openssl-sys": "libssl-dev",
  "pq-sys": "libpq-dev",
  "yeslogic-fontconfig-sys": "libfontconfig-dev",
};
/** They bring their library along, or link to nothing on Linux. */
const SELF_CONTAINED =
  /^(?:windows-sys|windows-.*|linux-raw-sys|js-sys|web-sys|core-foundation-sys|security-framework-sys|core-graphics.*|coreaudio-sys|system-configuration-sys|fsevent-sys|inotify-sys|kqueue-sys|ndk-sys|objc-sys|mach-sys|jni-sys|aws-lc-sys|aws-lc-fips-sys|zstd-sys|lz4-sys|onig_sys|tikv-jemalloc-sys|jemalloc-sys|libmimalloc-sys|ring-sys|blake3-sys|secp256k1-sys|libsodium-sys|libsodium-sys-stable|rdkafka-sys|librocksdb-sys|brotli-sys|snappy-sys|libfuzzer-sys|wasi-sys|hermit-sys|renderdoc-sys|glutin_.*)$/;

export function rustLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "docker.io" || image.repository !== "rust") return undefined;
  if (namesOfPrograms(start).some((name) => /^(?:cargo(?:-.*)?|rustc|rustup|bacon|trunk|watchexec)$/.test(name)))
    return undefined;
  const commands = buildCommands(stage);
  const outputs = trackOutputs(commands, (one) => rustOutputs(stage, one));
  const places = programCopies(stage, start, outputs, ["/usr/local/cargo/bin"]);
  if (!places) return undefined;
  return {
    tools: "the Rust toolchain",
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
  const release = debianReleases.find((known) => known === debianReleaseOfTag(stage.image!));
  const isStatic = isStaticBuild(stage, commands);
  if (isStatic === undefined) return { refusal: "for which platform `cargo` builds is not known" };
  const image = imageOf(stage, isStatic);
  const libraries = isStatic ? { packages: [], assumptions: [] } : librariesOf(stage, release);
  return moveBuild(stage, start, {
    tools: "the Rust image",
    copies: places.copies,
    isOutput: outputs.has,
    isBuild: ({ command }) => {
      const { program = "", args } = command;
      return /^(?:cargo|rustup|rustc|sccache|trunk|sqlx|diesel)$/.test(program) && args[0]?.value !== "run";
    },
    buildVariables:
      /^(?:CARGO_[A-Z_]+|RUSTFLAGS|RUSTUP_[A-Z_]+|RUSTC_[A-Z_]+|SQLX_OFFLINE|OPENSSL_[A-Z_]+|PKG_CONFIG[A-Z_]*|CC|CXX)$/,
    sources:
      /(?:^|\/)(?:Cargo\.(?:toml|lock)|build\.rs|rust-toolchain(?:\.toml)?|[^/]*\.rs)$|^(?:src|crates|benches|examples|tests|\.cargo|\.sqlx|vendor)\/?$/,
    readsFiles: true,
    bareImage: isStatic ? DISTROLESS_STATIC : undefined,
    image,
    hasSamePackages: true,
    packages: ["ca-certificates", ...libraries.packages],
    assumptions: libraries.assumptions,
  });
}

function imageOf(stage: Stage, isStatic: boolean): string | { readonly refusal: string } {
  const { reference } = stage.image!;
  if (stage.base.distribution === "alpine")
    return stage.base.release
      ? `alpine:${stage.base.release}`
      : { refusal: `which release of Alpine \`${reference}\` is built on is not known; its tag can name it` };
  const slim = slimDebianOf(stage.image!);
  return typeof slim !== "string" && isStatic ? "debian:bookworm-slim" : slim;
}

/** Built for musl, which is linked into the program unless a flag says otherwise. */
function isStaticBuild(stage: Stage, commands: readonly BuildCommand[]): boolean | undefined {
  const { text } = stage.dockerfile;
  const own = text.slice(stage.from.range.start, stage.instructions.at(-1)?.range.end);
  if (own.includes("-crt-static")) return stage.base.distribution === "alpine" ? undefined : false;
  if (stage.base.distribution === "alpine") return true;
  const targets = commands
    .filter(({ command }) => command.program === "cargo")
    .flatMap((one) => {
      const words = wordsOf(one);
      const index = words.findIndex((word) => word === "--target" || word.startsWith("--target="));
      return index === -1 ? [] : [words[index]!.split("=")[1] ?? words[index + 1] ?? "$"];
    });
  const target = targets.at(-1) ?? stage.environmentBefore().get("CARGO_BUILD_TARGET") ?? "";
  return target.includes("$") ? undefined : target.includes("musl");
}

/** What the program links to, by the crates in `Cargo.lock`; the slim image has nothing to link to but what is installed. */
function librariesOf(
  stage: Stage,
  release: DebianRelease | undefined,
): { readonly packages: readonly string[]; readonly assumptions: readonly string[] } {
  if (stage.image?.tag?.includes("slim")) return { packages: [], assumptions: [] };
  const lock = manifest(stage, "Cargo.lock") ?? "";
  const crates = [...lock.matchAll(/^name = "([^"]+)"/gm)].map((match) => match[1]!);
  if (crates.length === 0) {
    const runtime = packageFacts("libssl-dev", release).runtime ?? [];
    return {
      packages: runtime,
      assumptions: [
        `The program links to no library but those of ${["libc", ...runtime].map((name) => `\`${name}\``).join(" and ")}; without \`Cargo.lock\`, nothing tells.`,
      ],
    };
  }
  const linked = crates.filter((name) => Object.hasOwn(LINKED, name));
  const packages = linked.flatMap((name) => packageFacts(LINKED[name]!, release).runtime ?? []);
  const others = crates.filter((name) => /[-_]sys$/.test(name) && !linked.includes(name) && !SELF_CONTAINED.test(name));
  return {
    packages: [...new Set(packages)].filter((name) => packageFacts(name, release).inBase !== true),
    assumptions:
      others.length > 0
        ? [
            `${others.map((name) => `\`${name}\``).join(", ")}: the library is linked into the program, or part of the slim image.`,
          ]
        : [],
  };
}

function rustOutputs(stage: Stage, one: BuildCommand): Outputs | undefined {
  const { command, run, directory } = one;
  if (command.program !== "cargo") return undefined;
  const words = wordsOf(one);
  const verb = words.find((word) => !word.startsWith("+") && !word.startsWith("-"));
  const valueOf = (name: string): string | undefined => {
    const index = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
    return index === -1 ? undefined : words[index]!.includes("=") ? words[index]!.split("=")[1] : words[index + 1];
  };
  const environment = stage.environmentBefore(run.instruction);
  if (verb === "install") {
    const root =
      valueOf("--root") ?? environment.get("CARGO_INSTALL_ROOT") ?? environment.get("CARGO_HOME") ?? "/usr/local/cargo";
    const path = inDirectory(root, directory);
    return path ? { directories: [`${path}/bin`] } : undefined;
  }
  if (verb !== "build" && verb !== "b" && verb !== "rustc") return undefined;
  const own = valueOf("--manifest-path")?.replace(/\/?Cargo\.toml$/, "");
  const target = valueOf("--target-dir") ?? environment.get("CARGO_TARGET_DIR") ?? (own ? `${own}/target` : "target");
  const path = inDirectory(target, directory);
  return path ? { directories: [path] } : undefined;
}
