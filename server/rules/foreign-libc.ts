import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Range } from "../syntax/text.ts";
import { buildCommands } from "./build-command.ts";
import { insertBefore } from "./edit.ts";
import { cgoOf } from "./go-artefact.ts";
import { manifest } from "./manifest.ts";
import { named, readOptions } from "./options.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "foreign-libc",
  category: "correctness",
  severity: "warning",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  judges: "stage",

  *check({ stages }) {
    for (const stage of stages) {
      const here = libraryOf(stage);
      if (!here || hasBoth(stage)) continue;
      for (const copy of stage.instructions) {
        const from = copy.keyword === "COPY" && !copy.onbuild ? copy.flag("from")?.value?.value : undefined;
        const source = from === undefined ? undefined : stage.dockerfile.findStage(from, stage);
        const there = source && libraryOf(source);
        if (!source || !there || there === here || hasBoth(source)) continue;
        for (const word of copy.arguments.slice(0, -1)) {
          const path = locate(stage.resolve(word, copy), "/");
          const made = path === undefined ? undefined : source.runs.flatMap((run) => madeBy(run, path, there)).at(-1);
          const modules = made ? undefined : path && nativeModules(source, path);
          if (modules) {
            yield {
              at: word.range,
              message: `\`${modules.name}\` in it is built for ${there} in \`${from}\`, and this stage has ${here}: it does not load here`,
              related: [{ at: modules.at, message: "it is installed here" }],
              refusal: "which distribution is meant for both stages is not known",
            };
            continue;
          }
          if (!made) continue;
          yield {
            at: word.range,
            message: `\`${made.program}\` links it to ${there} in \`${from}\`, and this stage has ${here === "none" ? "no C library" : here}: it does not start here`,
            related: [{ at: made.at, message: "it is made here" }],
            ...(made.remedy ?? { refusal: "which distribution is meant for both stages is not known" }),
          };
        }
      }
    }
  },
});

/** `none`: what runs there must bring it. */
type Library = "glibc" | "musl" | "none";

function libraryOf(stage: Stage): Library | undefined {
  const { base, image } = stage;
  if (stage.isScratch || (image?.registry === "gcr.io" && /^distroless\/static(?:-debian\d+)?$/.test(image.repository)))
    return "none";
  if (base.distribution === "alpine") return "musl";
  return /^(?:debian|ubuntu|fedora|rhel|amazon|suse|arch)$/.test(base.distribution ?? "") ? "glibc" : undefined;
}

/** Something in the stage is about the other library, or about linking without one. */
function hasBoth(stage: Stage): boolean {
  const { text } = stage.dockerfile;
  return stage.lineage.some(({ instructions }) =>
    instructions.some(({ range }) =>
      /musl|glibc|gcompat|libc6-compat|\blibc6\b|static|ld-linux|patchelf|RUSTFLAGS|LDFLAGS|CARGO_BUILD|crt-/i.test(
        text.slice(range.start, range.end).replace(/\bmusl-dev\b|\blibc6-dev\b/g, ""),
      ),
    ),
  );
}

/** Packages whose program is fetched or built for the libc of the machine that installs them (their own documentation, 2026-11). */
const NATIVE_PACKAGES = ["sharp", "better-sqlite3", "sqlite3", "canvas", "node-sass", "sass-embedded", "re2"];

/** The package among the dependencies that makes `node_modules` the libc's own; `undefined`: there is none, or nothing is known. */
function nativeModules(source: Stage, path: string): { readonly name: string; readonly at: Range } | undefined {
  const manifest = source.dockerfile.context.files?.["package.json"];
  const list = manifest && /"dependencies"\s*:\s*\{([^}]*)\}/.exec(manifest)?.[1];
  const name = list && NATIVE_PACKAGES.find((one) => list.includes(`"${one}"`));
  const install = source.dockerfile.packageOperations.find(
    ({ run, manager, action }) =>
      source.lineage.includes(run.stage) && /^(?:npm|yarn|pnpm)$/.test(manager) && action === "install",
  );
  const workdir = install && source.workdirBefore(install.run.instruction);
  const isTaken = workdir !== undefined && (path === workdir || path === `${workdir}/node_modules`);
  return name && install && isTaken ? { name, at: install.command.range } : undefined;
}

interface Made {
  readonly program: string;
  readonly at: Range;
  readonly remedy?: Pick<Finding, "fixes" | "refusal">;
}

/** The commands of a RUN that make the program at a path, and link it to the library of their system. */
function madeBy(run: Run, path: string, library: Library): readonly Made[] {
  const { stage, instruction } = run;
  const workdir = stage.workdirBefore(instruction);
  const moves = run.commands.some(({ program }) => /^(?:cd|pushd)$/.test(program ?? ""));
  if (moves || run.onbuild) return [];
  return run.commands.flatMap((command) => {
    const { program = "", args, range } = command;
    if (args.some(({ value }) => value === undefined)) return [];
    if (/^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)$/.test(program)) {
      if (args.some(({ value }) => /^-(?:c|S|E|shared)$|^@/.test(value!))) return [];
      const [output] = named(readOptions(args, new Set(["-o"])), "-o");
      return locate(output?.value, workdir) === path ? [{ program, at: range }] : [];
    }
    if (program === "go") return goMade(run, command, path, library);
    // For musl, Rust links statically unless told otherwise: https://doc.rust-lang.org/reference/linkage.html
    if (program !== "cargo" || args[0]?.value !== "build" || library === "musl" || workdir === undefined) return [];
    if (args.some(({ value }) => /^--(?:target|target-dir|config|manifest-path|profile)(?:=|$)|^-C/.test(value!)))
      return [];
    const folder = args.some(({ value }) => value === "--release" || value === "-r") ? "release" : "debug";
    const head = normalise(`${workdir}/target/${folder}`);
    return path.startsWith(`${head}/`) && !path.slice(head.length + 1).includes("/")
      ? [{ program: "cargo build", at: range }]
      : [];
  });
}

/** Modules that take `net` along, which asks the C library for names where cgo is on: https://pkg.go.dev/net#hdr-Name_Resolution */
const NET_MODULES =
  /^\s*(?:require\s+)?(?:github\.com\/(?:gin-gonic\/gin|labstack\/echo|gofiber\/fiber|go-chi\/chi|gorilla\/mux|valyala\/fasthttp|lib\/pq|jackc\/pgx|go-sql-driver\/mysql|redis\/go-redis|go-redis\/redis)|google\.golang\.org\/grpc|go\.mongodb\.org\/mongo-driver|gorm\.io\/driver\/(?:postgres|mysql))(?:\/v\d+)? v\S+[ \t]*$/m;

/** A Go program for the platform of the builder, which has a C compiler: cgo is on unless something turns it off. */
function goMade(run: Run, command: Command, path: string, library: Library): readonly Made[] {
  const { stage, instruction } = run;
  const { args, shell } = command;
  const [output] = named(readOptions(args, new Set(["-o"])), "-o");
  if (args[0]?.value !== "build" || library !== "glibc" || stage.lineage[0]!.image?.repository !== "golang") return [];
  if (locate(output?.value, stage.workdirBefore(instruction)) !== path) return [];
  const environment = stage.environmentBefore(instruction);
  const assigned = run.commands.flatMap((one) => one.shell?.assignments ?? []).map(({ name }) => name);
  if ([...environment.keys(), ...assigned].some((name) => /^(?:GOARCH|GOOS|GOFLAGS|CC)$/.test(name))) return [];
  if (args.some(({ value = "" }) => /netgo|osusergo|linkmode/.test(value))) return [];
  const cgo = cgoOf(stage, buildCommands(stage));
  const needsNet = NET_MODULES.test(manifest(stage, "go.mod") ?? "");
  if (cgo !== "needed" && (cgo !== "unset" || !needsNet)) return [];
  const made = { program: "go build", at: command.range };
  if (cgo === "needed" || !shell || !command.programWord) return [made];
  const fix = unsafe("Build it without cgo: `CGO_ENABLED=0`", insertBefore(command.programWord, "CGO_ENABLED=0 "));
  return [{ ...made, remedy: { fixes: [assuming(fix, 'No Go file of the project itself says `import "C"`.')] } }];
}

function locate(path: string | undefined, workdir: string | undefined): string | undefined {
  if (path === undefined || path === "" || /[*?[~$]/.test(path)) return undefined;
  if (isAbsolute(path)) return normalise(path);
  return workdir === undefined ? undefined : normalise(`${workdir}/${path}`);
}
