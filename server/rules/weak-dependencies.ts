import { insertArguments } from "./edit.ts";
import { isConfigured, nameOf, operationsOf } from "./package-rules.ts";
import { defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "weak-dependencies",
  category: "efficiency",
  severity: "info",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  assumes: "Nothing needs a package that is only recommended.",
  concerns: "image",
  mentions: /dnf/i,

  *check(dockerfile) {
    for (const install of operationsOf(dockerfile.packageOperations, ["dnf", "microdnf"], ["install"])) {
      if (!install.run.stage.isInImage || install.scope !== undefined) continue;
      const setting = /\binstall_weak_deps["']?\s*=/i;
      if (install.command.args.some(({ text }) => setting.test(text)) || isConfigured(install, setting)) continue;
      if (install.args.some(({ value }) => value === undefined)) continue;
      const option = "--setopt=install_weak_deps=False";
      yield {
        at: install.verb.range,
        message: `\`${nameOf(install)}\` also installs the packages that are only recommended`,
        // A program may rely on a package that it only recommends.
        fixes: [unsafe(`Add \`${option}\``, insertArguments(install.command, install.verb, option))],
      };
    }
  },
});
