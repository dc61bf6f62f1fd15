import { defineRule } from "./rule.ts";
import { secretVariables, usesOf, withoutSecret } from "./secret-variables.ts";

export default defineRule({
  id: "secret-in-env",
  category: "security",
  severity: "warning",
  weight: "critical",
  aliases: [
    "hadolint/DL3064",
    "buildkit/SecretsUsedInArgOrEnv",
    "trivy/DS-0031",
    "kics/passwords_and_secrets",
    "sonar/S6472",
    "dockle/CIS-DI-0010",
  ],
  fix: "unsafe",

  *check(dockerfile) {
    for (const secret of secretVariables(dockerfile, "ENV")) {
      const { name, judgement, form, pair, stage } = secret;
      const isDefault = judgement.verdict === "placeholder";
      // A build that only wants something there, such as Prisma an address of a database.
      if (isDefault && !stage.isInImage) continue;
      const uses = usesOf(secret);
      const place = stage.isInImage ? "the image, where everyone who has it can read it" : "the build's cache";
      yield {
        at: pair.range,
        message: isDefault
          ? `\`${name}\` gives the image a secret that everybody knows`
          : form
            ? `\`${name}\` puts ${form} into ${place}`
            : `\`${name}\` puts a secret into ${place}`,
        // In another stage it is not in the image, but in the build's cache.
        ...(stage.isInImage ? (form ? { severity: "error" } : {}) : { severity: "info" }),
        ...(isDefault ? { weight: "high" } : stage.isInImage ? {} : { weight: "medium" }),
        ...(uses.other
          ? { refusal: `\`${uses.other.keyword}\` needs its value, which a secret mount cannot give it` }
          : withoutSecret(secret, uses)),
      };
    }
  },
});
