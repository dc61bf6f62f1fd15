/**
 * `npm run compare:buildkit [FILE...]`: asks a Docker daemon for BuildKit's own verdict (`docker build --call=check`) of every
 * example of every page and case, or of files, and prints where Plimsoll says something else. Every image is taken for
 * `debian:bookworm`, which the daemon must have.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lint } from "../server/lint/lint.ts";
import { DEFAULT_SETTINGS } from "../server/lint/settings.ts";
import { Dockerfile } from "../server/model/dockerfile.ts";
import { RULES } from "../server/rules/index.ts";
import { readPage } from "../test/examples.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files: Readonly<Record<string, string | null>>;
}

interface Verdict {
  /** `Rule@line`, where the instruction begins. */
  readonly warnings: ReadonlySet<string>;
  readonly error: string | undefined;
}

const BASE = "debian:bookworm";
const BUILDKIT = "buildkit/";
const AT_ONCE = 3;
/** Errors that only show when a command or the container runs. */
const IS_BUILT = new Set([
  "apt-key",
  "bashism",
  "malformed-exec-form",
  "empty-continuation",
  "unprivileged-install",
  "interactive-apt-install",
  "secret-value",
]);

const cases = readCases();
const folder = mkdtempSync(join(tmpdir(), "plimsoll-buildkit-"));
let disagreements = 0;
try {
  await docker(["image", "inspect", BASE], folder).catch(() => {
    console.error(`No Docker daemon answers that has ${BASE}; nothing was compared.`);
    process.exit(0);
  });
  const queue = cases.entries();
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(queue)));
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${cases.length} compared, ${disagreements} with another verdict`);

async function work(queue: Iterable<[number, Case]>): Promise<void> {
  for (const [index, one] of queue) {
    // The frontend that a `# syntax=` names would have to be pulled.
    const text = one.text.replace(/^#[ \t]*syntax[ \t]*=/gim, "# No syntax:");
    const theirs = await askBuildKit(String(index), { ...one, text });
    const ours = askPlimsoll({ ...one, text });
    const lines = [
      ...[...theirs.warnings].filter((id) => !ours.warnings.has(id)).map((id) => `  BuildKit alone: ${id}`),
      ...[...ours.warnings]
        .filter((id) => !theirs.warnings.has(id))
        // It stops at an error, and has said what comes before it.
        .filter(() => !theirs.error)
        .map((id) => `  Plimsoll alone: ${id}`),
      ...(theirs.error && !ours.error ? [`  BuildKit refuses: ${theirs.error}`] : []),
      ...(ours.error && !theirs.error ? [`  Plimsoll refuses: ${ours.error}`] : []),
    ];
    if (lines.length === 0) continue;
    disagreements++;
    console.log(`${one.name}\n${lines.join("\n")}`);
  }
}

function readCases(): readonly Case[] {
  const files = process.argv.slice(2);
  if (files.length > 0) return files.map((name) => ({ name, text: readFileSync(name, "utf8"), files: {} }));
  const pages = ["server/rules", "test/cases"].flatMap((path) =>
    readdirSync(path)
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${path}/${file}`),
  );
  const seen = new Set<string>();
  return pages.flatMap((path) =>
    readPage(path).examples.flatMap(({ line, text, files }) => {
      const key = JSON.stringify([text, files]);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ name: `${path}:${line}`, text, files }];
    }),
  );
}

async function askBuildKit(name: string, { text, files }: Case): Promise<Verdict> {
  const context = join(folder, name);
  mkdirSync(context);
  for (const [path, content] of Object.entries({ ...files, Dockerfile: text })) {
    if (content === null) continue;
    const target = join(context, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  const images = imagesOf(text).map((image) => `--build-context=${image}=docker-image://${BASE}`);
  const output = await docker(["build", "--network=host", "--call=check,format=json", ...images, "."], context);
  rmSync(context, { recursive: true });
  const start = output.indexOf("{");
  if (start === -1) return { warnings: new Set(), error: output.split("\n").find((line) => /ERROR/.test(line)) };
  const { warnings, buildError } = JSON.parse(output.slice(start)) as {
    warnings: null | readonly { ruleName: string; location?: { ranges?: readonly { start: { line: number } }[] } }[];
    buildError?: { message: string };
  };
  const starts = instructionStarts(text);
  return {
    warnings: new Set(
      (warnings ?? []).map(
        ({ ruleName, location }) => `${ruleName}@${begin(starts, location?.ranges?.[0]?.start.line ?? 1)}`,
      ),
    ),
    error: buildError?.message,
  };
}

function askPlimsoll({ text, files }: Case): Verdict {
  const dockerfile = new Dockerfile(text, { files: { ".dockerignore": null, ...files } });
  const { diagnostics } = lint(dockerfile, RULES, { ...DEFAULT_SETTINGS, preset: "all" });
  const starts = instructionStarts(text);
  const lineOf = (offset: number): number => begin(starts, text.slice(0, offset).split("\n").length);
  return {
    warnings: new Set(
      diagnostics.flatMap(({ rule, range }) =>
        rule.aliases
          .filter((id) => id.startsWith(BUILDKIT))
          .map((id) => `${id.slice(BUILDKIT.length)}@${lineOf(range.start)}`),
      ),
    ),
    error: diagnostics.find(({ severity, rule }) => severity === "error" && !IS_BUILT.has(rule.id))?.message,
  };
}

function imagesOf(text: string): readonly string[] {
  const { stages } = new Dockerfile(text);
  const named = stages.flatMap((stage) => [
    ...(stage.parent ? [] : [stage.image?.reference ?? ""]),
    ...stage.sourceReferences.map(({ name }) => (stages.some((other) => other.isNamed(name)) ? "" : name)),
  ]);
  return [...new Set(named)].filter((name) => /^[a-z0-9][\w./:@-]*[a-z\d]$/.test(name) && name !== "scratch");
}

function instructionStarts(text: string): readonly number[] {
  return new Dockerfile(text).syntax.instructions.map(({ range }) => text.slice(0, range.start).split("\n").length);
}

function begin(starts: readonly number[], line: number): number {
  return starts.findLast((start) => start <= line) ?? line;
}

/** What it prints, however it ends. */
function docker(words: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("docker", [...words], { cwd, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && stdout === "" && words[0] !== "build") reject(error);
      else resolve(stdout === "" ? stderr : stdout);
    });
  });
}
