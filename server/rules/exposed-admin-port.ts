import { removeInstruction, removeWord } from "./edit.ts";
import { assuming, changing, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "exposed-admin-port",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["trivy/DS-0004", "checkov/CKV_DOCKER_1", "kics/exposing_port_22", "sonar/S6473"],
  fix: "unsafe",
  concerns: "image",
  mentions: /expose/i,

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "EXPOSE") continue;
        for (const word of instruction.arguments) {
          const [, first, last] =
            /^(?:.*:)?(\d+)(?:-(\d+))?(?:\/tcp)?$/i.exec(stage.resolve(word, instruction) ?? "") ?? [];
          if (first === undefined) continue;
          const found = PORTS.filter(([port]) => Number(first) <= port && port <= Number(last ?? first));
          if (found.length === 0) continue;
          const [port, service, kind] = found[0]!;
          const isOnly = instruction.arguments.length === 1;
          const edit = isOnly ? removeInstruction(dockerfile.syntax, instruction) : removeWord(dockerfile.syntax, word);
          yield {
            at: word.range,
            message: `Port ${port} is that of ${service}, which lets whoever gets in do anything in the container`,
            ...(kind === "desktop" ? { severity: "info", weight: "low" } : {}),
            ...(last !== undefined
              ? { refusal: "the range has other ports, too" }
              : isOnly && instruction.comments.length > 0
                ? { refusal: "a comment would be lost" }
                : {
                    fixes: [
                      assuming(
                        changing(unsafe(`Take port ${port} out`, edit), "EXPOSE"),
                        `Nobody connects by ${service}: \`docker exec\` and \`kubectl exec\` open a shell without it.`,
                      ),
                    ],
                  }),
          };
        }
      }
    }
  },
});

/** https://www.iana.org/assignments/service-names-port-numbers; 5800 is VNC in a browser. */
const PORTS: readonly (readonly [port: number, service: string, kind: "shell" | "desktop"])[] = [
  [22, "SSH", "shell"],
  [23, "Telnet", "shell"],
  [3389, "RDP", "desktop"],
  [5800, "VNC", "desktop"],
  [5900, "VNC", "desktop"],
];
