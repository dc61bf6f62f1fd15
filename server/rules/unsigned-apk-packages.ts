import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { optionNames, readOptions } from "./options.ts";
import { removeArguments } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "unsigned-apk-packages",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_7"],
  fix: "unsafe",
  assumes: "Every package is signed with a key that the image has.",
  mentions: /untrusted/i,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "apk") continue;
      for (const word of command.args) {
        if (word.value !== "--allow-untrusted") continue;
        const packages = readOptions(command.args.slice(1), VALUED).operands;
        // What the build makes itself, in another stage, nobody else has signed.
        const isOwn =
          packages.length > 0 &&
          packages.every(({ text }) => /^["']?\/.*\.apk/.test(text)) &&
          run.stage.sourceReferences.some(({ name }) => dockerfile.stages.some((stage) => stage.isNamed(name))) &&
          !dockerfile.commands.some(({ command: { program } }) => /^(?:curl|wget)$/.test(program ?? ""));
        yield {
          ...(isOwn ? { severity: "info", weight: "low" } : {}),
          at: word.range,
          message: "`--allow-untrusted` lets apk install packages whose signature it cannot check",
          ...(isForeign(run, command, packages)
            ? { refusal: "apk refuses what no key in `/etc/apk/keys` has signed: the key has to come first" }
            : { fixes: [unsafe("Remove `--allow-untrusted`", removeArguments(run, command, word))] }),
        };
      }
    }
  },
});

/** It is a file, or from a repository of somebody else, and nothing brings a key. */
function isForeign({ stage }: Run, { args }: Command, packages: readonly ShellWord[]): boolean {
  const isElsewhere =
    packages.some(({ text }) => /\.apk["']?$|:\/\//.test(text)) ||
    args.some(({ text }) => /^(?:-X|--repository)(?:$|=)/.test(text));
  return isElsewhere && !stage.dockerfile.text.includes("/etc/apk/keys");
}

const VALUED = optionNames("-t --virtual -X --repository -p --root --arch --keys-dir --cache-dir");
