import { dropsPrivileges, remedy } from "./application-user.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "root-user",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: [
    "hadolint/DL3002",
    "trivy/DS-0002",
    "checkov/CKV_DOCKER_8",
    "kics/last_user_is_root",
    "semgrep/last-user-is-root",
    "sonar/S6471",
    "dockle/CIS-DI-0001",
  ],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    const user = finalStage?.userBefore();
    if (!finalStage || !user?.isRoot || !user.instruction || dropsPrivileges(finalStage) !== false) return;
    const result = remedy(finalStage);
    // The USER may stand in a stage that this one is built on.
    const own = finalStage.instructions.includes(user.instruction);
    yield {
      at: own ? user.instruction.rest.range : (finalStage.imageWord ?? finalStage.from).range,
      message: own
        ? "The container runs as root: the last `USER` says so"
        : "The container runs as root, as the stage that it is built on says",
      ...("fix" in result ? { fixes: [result.fix] } : { refusal: result.refusal }),
    };
  },
});
