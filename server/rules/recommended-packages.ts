import type { PackageOperation } from "../model/packages.ts";
import { insertArguments, insertListed } from "./edit.ts";
import { onlyRecommended } from "./only-recommended.ts";
import { isConfigured } from "./package-rules.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

const ASSUMPTION = "Nothing needs a package that is only recommended.";

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
  assumes: ASSUMPTION,
  concerns: "image",

  *check(dockerfile) {
    for (const install of dockerfile.packageOperations) {
      if (!/^apt(?:-get)?$/.test(install.manager) || install.action !== "install") continue;
      // Who asks for them in so many words wants them.
      if (install.has("--no-install-recommends", "--install-recommends") !== false) continue;
      if (install.command.args.some(({ text }) => SETTING.test(text)) || isConfigured(install, SETTING)) continue;

      yield {
        at: install.verb.range,
        message: `\`${install.manager} install\` also installs the packages that are only recommended`,
        ...repair(install),
      };
    }
  },
});

const SETTING = /APT::Install-Recommends["']?[\s=]*["'\\]*(?:false|0|no|off)/i;

/** A program may rely on a package that it only recommends. */
function repair(install: PackageOperation): Pick<Finding, "fixes" | "refusal"> {
  const { wanted, assumptions, hollow } = onlyRecommended(install);
  if (hollow) return { refusal: `much of what makes up \`${hollow}\` is only recommended: name what you use of it` };
  const edits = [insertArguments(install.command, install.verb, "--no-install-recommends")];
  const last = install.packages.at(-1);
  if (last && wanted.length > 0)
    edits.push(insertListed(install.run.stage.dockerfile.syntax, install.command, last.word, ...wanted));
  const fix = unsafe("Add `--no-install-recommends`", edits);
  return { fixes: [assumptions.length > 0 ? assuming(fix, ASSUMPTION, ...assumptions) : fix] };
}
