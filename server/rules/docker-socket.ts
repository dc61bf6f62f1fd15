import { defineRule } from "./rule.ts";
import { volumes } from "./volume-rules.ts";

export default defineRule({
  id: "docker-socket",
  category: "security",
  severity: "warning",
  weight: "high",
  aliases: ["semgrep/dockerfile-dockerd-socket-mount", "dockle/DKL-DI-0002"],
  fix: "unsafe",
  assumes: "Who starts the container mounts the socket there if it is wanted.",
  concerns: "image",
  mentions: /docker\.sock/i,

  check: volumes(
    (path) => /(?:^|\/)docker\.sock$|\/containerd\.sock$|\/podman\.sock$|\/crio\.sock$/.test(path),
    () => "Whoever may write to this socket may do anything to the machine that runs the container",
  ),
});
