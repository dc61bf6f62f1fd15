import type { Stage } from "../model/stage.ts";
import { startCommands } from "../model/start.ts";
import { dropsPrivileges, remedy, rootServerOf } from "./application-user.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "missing-user",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: [
    "trivy/DS-0002",
    "checkov/CKV_DOCKER_3",
    "kics/missing_user_instruction",
    "semgrep/missing-user",
    "semgrep/missing-user-entrypoint",
    "sonar/S6471",
    "dockle/CIS-DI-0001",
  ],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    if (!finalStage?.imageWord) return;
    // What its triggers do, they do as the user that it leaves.
    if (finalStage.instructions.some((instruction) => instruction.onbuild)) return;
    const user = finalStage.userBefore();
    if (!user?.isRoot || user.instruction || dropsPrivileges(finalStage) !== false) return;
    const isForOthers = isToWorkIn(finalStage);
    const result = isForOthers
      ? { refusal: "it starts no program of its own, and what is built on it may need root" }
      : remedy(finalStage);
    yield {
      ...(isForOthers
        ? { severity: "info", weight: "none" }
        : // What goes on as another user is root's for a moment.
          isRootsBusiness(rootServerOf(finalStage))
          ? { severity: "info", weight: "low" }
          : {}),
      at: finalStage.imageWord.range,
      message: "The container runs as root: no `USER` is set, and the base image sets none",
      ...("fix" in result ? { fixes: [result.fix] } : { refusal: result.refusal }),
    };
  },

  *unknowns({ finalStage }) {
    if (!finalStage?.imageWord) return;
    const user = finalStage.userBefore();
    if (!user)
      yield `Whether the container runs as root: what user \`${finalStage.lineage[0]!.imageWord?.text}\` sets is not known.`;
    else if (user.isRoot && dropsPrivileges(finalStage) === undefined) {
      yield "Whether the program runs as root: the image has a program for dropping privileges, which its start script may use.";
    }
  },
});

function isRootsBusiness(server: string | undefined): boolean {
  return server !== undefined && !/^(?:service|systemd|init|dockerd|containerd)$/.test(server);
}

/** It starts nothing, or a shell or an interpreter alone: others build on it, or work in it. */
function isToWorkIn(stage: Stage): boolean {
  const isStarted = stage.lineage.some(({ instructions }) =>
    instructions.some(({ keyword }) => /^(?:CMD|ENTRYPOINT|EXPOSE|HEALTHCHECK)$/.test(keyword)),
  );
  if (!isStarted) return stage.isScratch || stage.base.role === "system" || stage.base.role === "language";
  const instruction = stage.last("CMD");
  const words = startCommands(stage).length > 0 && instruction?.json ? instruction.json.map(({ value }) => value) : [];
  return (
    words.length === 1 &&
    /^(?:\/(?:usr\/)?bin\/)?(?:(?:ba|da|a|z)?sh|python\d?|node|irb|iex|ghci|julia|jshell|R)$/.test(words[0]!)
  );
}
