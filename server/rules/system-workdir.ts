import { normalise } from "../model/stage.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "system-workdir",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["trivy/DS-0030"],

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "WORKDIR") continue;
        const path = stage.expand(instruction.rest.text, instruction);
        if (!path?.startsWith("/")) continue;
        const folder = normalise(path);
        if (!/^\/(?:proc|sys|dev|boot)(?:\/|$)/.test(folder)) continue;
        const isDescriptor = /^\/proc\/(?:self|\d+|thread-self)\/(?:fd|cwd|root)(?:\/|$)/.test(folder);
        yield {
          at: instruction.rest.range,
          message: isDescriptor
            ? `\`${folder}\` is how CVE-2024-21626 gets out of the container, to the machine's files`
            : `\`${folder}\` belongs to the system: what is written there is not in the image, or changes the kernel's view`,
          ...(isDescriptor ? { severity: "error", weight: "critical" } : {}),
          refusal: "where the files should be instead is not known",
        };
      }
    }
  },
});
