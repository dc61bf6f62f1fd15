import { defineRule } from "./rule.ts";
import { volumes } from "./volume-rules.ts";

export default defineRule({
  id: "system-volume",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["dockle/DKL-DI-0002"],
  fix: "unsafe",
  assumes: "Who starts the container mounts it there if it is wanted.",
  concerns: "image",
  mentions: /volume/i,

  check: volumes(
    // systemd in a container wants its cgroup.
    (path) => /^\/(?:(?:dev|proc|sys|boot)(?:\/.*)?)?$/.test(path) && !path.startsWith("/sys/fs/cgroup"),
    (path) => `\`${path}\` belongs to the system: as a volume, it hides what the kernel shows there`,
  ),
});
