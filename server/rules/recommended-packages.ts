import { hasCertificates, wantsCertificates } from "./certificates.ts";
import { compilerCompanions, sshCompanion } from "./compiler-companions.ts";
import { insertArguments, insertListed } from "./edit.ts";
import { isConfigured } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "recommended-packages",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [
    "hadolint/DL3015",
    "trivy/DS-0029",
    "kics/apt_get_not_avoiding_additional_packages",
    "semgrep/missing-no-install-recommends",
    "sonar/S6500",
  ],
  fix: "unsafe",
  assumes: "Nothing needs a package that is only recommended.",
  concerns: "image",

  *check(dockerfile) {
    for (const install of dockerfile.packageOperations) {
      if (!/^apt(?:-get)?$/.test(install.manager) || install.action !== "install") continue;
      // Who asks for them in so many words wants them.
      if (install.has("--no-install-recommends", "--install-recommends") !== false) continue;
      if (install.command.args.some(({ text }) => SETTING.test(text)) || isConfigured(install, SETTING)) continue;

      // A program may rely on a package that it only recommends.
      const edits = [insertArguments(install.command, install.verb, "--no-install-recommends")];
      const last = install.packages.at(-1);
      const wanted = [
        ...compilerCompanions(install),
        ...sshCompanion(install),
        ...(wantsCertificates(install.packages.map(({ name }) => name)) && !hasCertificates(install)
          ? ["ca-certificates"]
          : []),
      ];
      if (last && wanted.length > 0)
        edits.push(insertListed(install.run.stage.dockerfile.syntax, install.command, last.word, ...wanted));
      yield {
        at: install.verb.range,
        message: `\`${install.manager} install\` also installs the packages that are only recommended`,
        fixes: [unsafe("Add `--no-install-recommends`", edits)],
      };
    }
  },
});

const SETTING = /APT::Install-Recommends["']?[\s=]*["'\\]*(?:false|0|no|off)/i;
