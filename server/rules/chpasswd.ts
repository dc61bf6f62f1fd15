import { readsInput } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "chpasswd",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["checkov/CKV2_DOCKER_17", "sonar/S6437", "dockle/DKL-LI-0001"],
  mentions: /passwd/,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const isPasswd = command.program === "passwd" && readsInput(command);
      if (command.program !== "chpasswd" && !isPasswd) continue;
      if (run.mounts.some(({ type }) => type === "secret")) continue;
      yield {
        at: command.programWord!.range,
        message: `\`${command.program}\` gives an account a password that is the same in every container of this image`,
        refusal: "whether anybody logs in with it is not known: a key, or `docker exec`, needs no password",
      };
    }
  },
});
