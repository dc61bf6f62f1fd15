import type { Command } from "../model/command.ts";
import { contains, type Range } from "../syntax/text.ts";
import { mentions, removeArguments } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "unsigned-rpm-packages",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["checkov/CKV2_DOCKER_9", "checkov/CKV2_DOCKER_10", "checkov/CKV2_DOCKER_15"],
  fix: "unsafe",
  assumes: "Every package is signed with a key that the image has.",
  mentions: /gpg|signature|sslverify|digest/i,

  *check(dockerfile) {
    const flags: Range[] = [];
    for (const { run, command } of dockerfile.commands) {
      for (const word of command.args) {
        const written = word.value ?? word.text.replaceAll(/["']/g, "");
        const what = problem(command, written);
        if (!what) continue;
        flags.push(word.range);
        yield {
          at: word.range,
          message: `\`${written}\` switches off ${what}`,
          fixes: [unsafe(`Remove \`${written}\``, removeArguments(run, command, word))],
        };
      }
    }
    for (const { range, match } of mentions(dockerfile, SETTINGS)) {
      if (flags.some((flag) => contains(flag, range))) continue;
      yield {
        at: range,
        message: `\`${match[0]}\` switches off ${/ssl/i.test(match[0]) ? TLS : SIGNATURES}`,
        refusal: "the repository's key or certificate has to be added instead",
      };
    }
  },
});

const SIGNATURES = "the check of the packages' signatures";
const TLS = "the check that the mirror is who it says it is";

/** In a repository's file, in a program's configuration, in a `sed` that writes it. `repo_gpgcheck` is about the index alone. */
const SETTINGS = /(?<!\w)(?:gpgcheck|sslverify)\s*=\s*(?:0|false|no|off)\b/gi;

function problem({ program = "", args }: Command, word: string): string | undefined {
  if (/^(?:yum|dnf|dnf5|dnf-3|microdnf|tdnf|yum-config-manager)$/.test(program)) {
    if (/^--no-?gpgchecks?$/.test(word)) return SIGNATURES;
    const setting = /^--setopt=.*?(gpgcheck|sslverify)=(?:0|false|no|off)$/i.exec(word)?.[1];
    return setting && !/repo_gpgcheck/.test(word) ? (/ssl/i.test(setting) ? TLS : SIGNATURES) : undefined;
  }
  if (program === "zypper") return /^--(?:no-gpg-?checks?|allow-unsigned-rpm)$/.test(word) ? SIGNATURES : undefined;
  const installs = args.some(({ value }) =>
    /^(?:-[a-zA-Z]*[iUF]|--install|--upgrade|--freshen|--import)/.test(value ?? ""),
  );
  if (program === "rpm" && installs)
    return /^--(?:nosignature|nodigest|noverify|nofiledigest)$/.test(word) ? SIGNATURES : undefined;
  return undefined;
}
