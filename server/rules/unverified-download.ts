import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { defineRule } from "./rule.ts";
import { isVerified } from "./transfer.ts";

export default defineRule({
  id: "unverified-download",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: [
    "checkov/CKV_DOCKER_4",
    "kics/curl_or_wget_instead_of_add",
    "semgrep/prefer-copy-over-add",
    "dockle/CIS-DI-0009",
  ],
  mentions: /add/i,

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ADD" || instruction.flag("checksum") || isVerifiedLater(stage, instruction))
          continue;
        for (const word of instruction.arguments.slice(0, -1)) {
          const url = stage.resolve(word, instruction) ?? word.value;
          if (!/^(?:https?|ftp):\/\//i.test(url) || isRepository(url)) continue;
          yield {
            at: word.range,
            message: "`ADD` takes whatever this address has to offer when the image is built",
            refusal: "only the publisher can say which checksum is right: `ADD --checksum=sha256:...` compares with it",
          };
        }
      }
    }
  },
});

/** https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository */
function isRepository(url: string): boolean {
  return /\.git(?:[?#]|$)/i.test(url);
}

/** A RUN behind it compares a checksum or a signature. */
function isVerifiedLater(stage: Stage, instruction: Instruction): boolean {
  return stage.runs.some((run) => run.instruction.range.start > instruction.range.start && isVerified(run));
}
