import type { Stage } from "../model/stage.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import { replace } from "./edit.ts";
import { defineRule, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "add-instead-of-copy",
  category: "maintainability",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL3020",
    "trivy/DS-0005",
    "checkov/CKV_DOCKER_4",
    "kics/add_instead_of_copy",
    "semgrep/prefer-copy-over-add",
    "sonar/S7029",
    "dockle/CIS-DI-0009",
  ],
  fix: "safe",
  assumes: "No file that the pattern matches is an archive, which `ADD` would unpack.",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ADD" || instruction.heredocs.length > 0) continue;
        // Only ADD knows these.
        if (instruction.flags.some(({ name }) => !SHARED_FLAGS.includes(name))) continue;
        const sources = instruction.arguments.slice(0, -1).map((word) => kindOf(word, stage, instruction));
        if (!sources.some((kind) => kind === "file" || kind === "glob") || sources.includes("unknown")) continue;
        const { keywordRange } = instruction;
        const written = dockerfile.text.slice(keywordRange.start, keywordRange.end);
        const copy = replace(keywordRange, written === "add" ? "copy" : "COPY");
        const title = "Write `COPY`";
        yield {
          at: keywordRange,
          message: "`ADD` copies local files as `COPY` does, but would also unpack an archive or download a URL",
          ...(sources.includes("special")
            ? { refusal: "another source is an archive or a URL, which `COPY` does not unpack or download" }
            : { fixes: [sources.includes("glob") ? unsafe(title, copy) : safe(title, copy)] }),
        };
      }
    }
  },
});

const SHARED_FLAGS = ["chown", "chmod", "link", "exclude"];
const ARCHIVE = /\.(?:tar|Z|bz2|gz|lz|lzma|tZ|tb2|tbz2?|tgz|tlz|tpz|txz|xz|zst|tzst)$/i;
const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)|\.git(?:#.*)?$/i;

/** `special`: what ADD treats in its own way. `glob`: a pattern that an archive may match. */
function kindOf(word: Word, stage: Stage, instruction: Instruction): "file" | "glob" | "special" | "unknown" {
  const path = stage.resolve(word, instruction);
  if (path === undefined) return "unknown";
  if (REMOTE.test(path) || ARCHIVE.test(path)) return "special";
  return /[*?[]/.test(path) && !/\.[A-Za-z]\w*$/.test(path) ? "glob" : "file";
}
