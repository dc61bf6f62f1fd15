import { APT, nameOf } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "dist-upgrade",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3035",
    "hadolint/DL3005",
    "trivy/DS-0024",
    "semgrep/avoid-apt-get-upgrade",
    "dockle/DKL-DI-0003",
  ],
  mentions: /upgrade|\bdup\b/i,

  *check(dockerfile) {
    for (const operation of dockerfile.packageOperations) {
      const { manager, verb, run } = operation;
      const isUpgrade = APT.includes(manager)
        ? /^(?:dist|full)-upgrade$/.test(verb.value!)
        : manager === "zypper" && /^(?:dist-upgrade|dup)$/.test(verb.value!);
      // How a rolling distribution is updated.
      if (!isUpgrade || /tumbleweed|microos/.test(run.stage.lineage[0]!.image?.repository ?? "")) continue;
      yield {
        at: verb.range,
        message: `\`${nameOf(operation)}\` may replace and remove packages of the base image`,
      };
    }
  },
});
