import { defineRule } from "./rule.ts";
import { secretVariables, usesOf, withoutSecret } from "./secret-variables.ts";

export default defineRule({
  id: "secret-in-arg",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: [
    "hadolint/DL3064",
    "buildkit/SecretsUsedInArgOrEnv",
    "trivy/DS-0031",
    "kics/passwords_and_secrets",
    "semgrep/secret-in-build-arg",
    "sonar/S6472",
    "dockle/CIS-DI-0010",
  ],
  fix: "unsafe",

  *check(dockerfile) {
    for (const secret of secretVariables(dockerfile, "ARG")) {
      const { name, judgement, form, pair } = secret;
      const uses = usesOf(secret);
      // Without a value here and a RUN that names it, it may never be given, or only pass through.
      const isPossible = judgement.verdict === "possible" && uses.runs.length === 0;
      yield {
        at: pair.range,
        message:
          judgement.verdict === "secret"
            ? `\`${name}\` has ${form ?? "a secret"} as its default, which everyone can read`
            : `\`${name}\` is for a secret, and the values of build arguments stay in the image's history`,
        ...(form ? { severity: "error", weight: "critical" } : isPossible ? { severity: "info", weight: "low" } : {}),
        ...(uses.other
          ? { refusal: `\`${uses.other.keyword}\` needs its value, which a secret mount cannot give it` }
          : uses.runs.length === 0
            ? { refusal: "no RUN names it, so that where the value is needed is not known" }
            : withoutSecret(secret, uses)),
      };
    }
  },
});
