import { baseName } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { parseShell } from "../syntax/shell.ts";
import type { Range } from "../syntax/text.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-healthcheck-program",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  concerns: "container",
  judges: "stage",

  *check({ finalStage: stage }) {
    const instruction = stage?.last("HEALTHCHECK");
    if (!stage || !instruction || instruction.onbuild || !stage.instructions.includes(instruction)) return;
    const called = programOf(stage, instruction);
    const lacking = lackingIn(stage);
    if (!called || !lacking?.programs.includes(called.name)) return;
    if (stage.effective().some((one) => mayBring(stage, one, called.name))) return;
    yield {
      at: called.at,
      message: `\`${called.name}\` is not in the image, so that the container is never healthy`,
      refusal: lacking.instead,
    };
  },
});

type Program = "curl" | "wget" | "nc";

/** What the check runs first, unless it knows an alternative. */
function programOf(stage: Stage, { rest }: Instruction): { readonly name: Program; readonly at: Range } | undefined {
  const { text } = stage.dockerfile;
  const head = /^CMD\s+/i.exec(rest.text)?.[0].length;
  if (head === undefined) return undefined;
  const exec = /^\[\s*"([^"\\]+)"/.exec(rest.text.slice(head));
  if (exec) {
    const from = head + exec[0].length - exec[1]!.length - 1;
    const name = baseName(exec[1]!);
    return isProgram(name) ? { name, at: rest.rangeOf(from, from + exec[1]!.length) } : undefined;
  }
  if (!stage.shellBefore().posix) return undefined;
  const { commands, errors } = parseShell(rest.slice(text, head));
  const [first, ...others] = commands;
  const name = baseName(first?.name ?? "");
  if (!first || errors.length > 0 || !isProgram(name)) return undefined;
  // `curl ... || wget ...`
  if (others.some((other) => other.name === undefined || !/^(?:exit|true|false|grep|test|\[)$/.test(other.name)))
    return undefined;
  return { name, at: first.words[0]!.range };
}

function isProgram(name: string): name is Program {
  return name === "curl" || name === "wget" || name === "nc";
}

interface Lacking {
  readonly programs: readonly Program[];
  readonly instead: string;
}

/**
 * Which of the three an image does not have; `undefined`: not known. From github.com/docker-library (what a `-slim` image
 * downloads with is purged again), alpinelinux/docker-alpine and GoogleContainerTools/distroless, 2026-11.
 */
function lackingIn(stage: Stage): Lacking | undefined {
  const root = stage.lineage[0]!;
  const all: readonly Program[] = ["curl", "wget", "nc"];
  const nothing = "the image has no program for it: let the server check itself, by an option of its own";
  if (root.isScratch) return { programs: all, instead: nothing };
  const { registry, repository = "", tag = "latest", facts } = root.image ?? {};
  if (registry === "gcr.io" && repository.startsWith("distroless/"))
    return tag.includes("debug") ? undefined : { programs: all, instead: nothing };
  if (registry !== "docker.io") return undefined;
  if (
    /^(?:alpine|busybox)$/.test(repository) ||
    (/^(?:python|node|ruby|golang|rust)$/.test(repository) && facts?.distribution === "alpine")
  )
    return { programs: ["curl"], instead: "BusyBox has `wget`: `wget -q --spider <url>` does the same" };
  if (/^(?:debian|ubuntu)$/.test(repository))
    return { programs: all, instead: "the image has no program for it: install one, or let the server check itself" };
  if (!/slim/.test(tag)) return undefined;
  switch (repository) {
    case "python":
      return {
        programs: all,
        instead: "Python can ask: `python -c \"import urllib.request as r; r.urlopen('<url>', timeout=3)\"`",
      };
    case "node":
      return {
        programs: all,
        instead:
          "Node.js can ask: `node -e \"fetch('<url>').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))\"`",
      };
    case "ruby":
      return {
        programs: all,
        instead:
          "Ruby can ask: `ruby -rnet/http -e \"exit Net::HTTP.get_response(URI('<url>')).is_a?(Net::HTTPSuccess)\"`",
      };
    default:
      return undefined;
  }
}

/** It may put the program into the image: unless it is known not to. */
function mayBring(stage: Stage, instruction: Instruction, program: Program): boolean {
  const { text } = stage.dockerfile;
  const owner = stage.lineage.find(({ instructions }) => instructions.includes(instruction)) ?? stage;
  if (instruction.keyword === "RUN") {
    const run = owner.runOf(instruction);
    const written = text.slice(instruction.range.start, instruction.range.end);
    return !run || !isInnocent(run) || new RegExp(`\\b${program}\\b`).test(written);
  }
  if (!/^(?:COPY|ADD)$/.test(instruction.keyword)) return false;
  const paths = instruction.arguments.map((word) => owner.resolve(word, instruction));
  const target = paths.pop();
  if (target === undefined || paths.includes(undefined)) return true;
  if (paths.some((path) => [program, "busybox"].includes(baseName(path!.replace(/\/+$/, ""))))) return true;
  // A folder of the system may get anything, by a folder or a pattern; a file is what it is called.
  if (!/^\/?$|^\/(?:usr|bin|sbin|lib|opt|nix|root)(?:\/|$)/.test(target) || /^\/opt\/[^/]+/.test(target)) return false;
  return paths.some(
    (path) => !/\.\w+$|^\/?(?:uv|uvx)$/.test(baseName(path!)) || /[*?[]/.test(path!) || instruction.keyword === "ADD",
  );
}

const INNOCENT =
  /^(?:npm|npx|yarn|pnpm|corepack|node|pip3?|uv|poetry|bundle|gem|go|cargo|python3?|mkdir|touch|chown|chmod|useradd|groupadd|adduser|addgroup|usermod|rm|set|true|echo|cd|test|\[|sed|apt-get|apt|apk)$/;

/** System packages that bring neither themselves nor by what they depend on. */
const OTHER_PACKAGES =
  /^(?:ca-certificates|tini|dumb-init|gosu|su-exec|tzdata|locales|openssl|make|gcc|g\+\+|build-base|build-essential|musl-dev|libffi-dev|libpq-dev|libpq5|libpq|libssl-dev|openssl-dev|postgresql-client|postgresql-dev|sqlite3?|sqlite-libs|libgcc|libstdc\+\+|libstdc\+\+6|libc6-compat|gcompat|procps|unzip|zip|xz-utils|gettext|pkg-config|python3|bash|jq|ffmpeg|libgomp1|libgl1|libglib2\.0-0)$/;

function isInnocent(run: Run): boolean {
  if (run.instruction.heredocs.length > 0 || run.commands.length === 0) return false;
  if (
    !run.commands.every(
      ({ program, words }) => program !== undefined && INNOCENT.test(program) && words[0]?.value !== undefined,
    )
  )
    return false;
  return run.packageOperations.every(
    ({ manager, action, packages }) =>
      !/^(?:apt-get|apt|apk)$/.test(manager) ||
      action !== "install" ||
      packages.every(({ name }) => name !== undefined && OTHER_PACKAGES.test(name)),
  );
}
