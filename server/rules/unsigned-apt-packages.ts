import { replace } from "./edit.ts";
import { APT, mentions, removeArguments } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "unsigned-apt-packages",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_8", "checkov/CKV2_DOCKER_11"],
  fix: "unsafe",
  assumes: "Every package is signed with a key that the image has.",
  mentions: /unauthenticated|trusted|force-yes|insecure/i,

  *check(dockerfile) {
    for (const operation of dockerfile.packageOperations) {
      const { run, command, manager } = operation;
      if (!APT.includes(manager)) continue;
      for (const word of command.args) {
        if (!FLAGS.includes(word.value ?? "")) continue;
        const isForced = word.value === "--force-yes";
        const answers = isForced && operation.has("-y", "--yes", "--assume-yes", "-qq") === false;
        const yes = command.shell ? "-y" : '"-y"';
        yield {
          at: word.range,
          message: `\`${word.value}\` lets apt install packages that nobody has signed`,
          fixes: [
            answers
              ? unsafe("Use `-y`", replace(word, yes))
              : unsafe(`Remove \`${word.value}\``, removeArguments(run, command, word)),
          ],
        };
      }
    }
    for (const { range, match } of mentions(dockerfile, SETTINGS)) {
      if (
        match[1] !== undefined &&
        /^\s*\S*(?:file|copy|cdrom):/.test(match.input!.slice(match.index! + match[0].length))
      )
        continue;
      yield {
        at: range,
        message:
          match[1] === undefined
            ? "Apt is told to install packages that nobody has signed"
            : "Apt is told to trust this repository whoever has signed it, if anybody",
        refusal: "the repository's key has to be added instead: `[signed-by=...]`",
      };
    }
  },
});

const FLAGS = ["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"];

/** In `sources.list` (first group) and in `apt.conf`. */
const SETTINGS =
  /(\[[^\]\n]*\btrusted=yes\b[^\]\n]*\]|^Trusted:[ \t]*yes\b)|(?:AllowUnauthenticated|AllowInsecureRepositories|AllowWeakRepositories)["']?[\s=]*["'\\]*(?:true|1|yes|on)\b/gim;
