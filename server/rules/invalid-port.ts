import { defineRule } from "./rule.ts";

export default defineRule({
  id: "invalid-port",
  category: "correctness",
  severity: "error",
  weight: "medium",
  aliases: ["hadolint/DL3011", "trivy/DS-0008", "kics/unix_ports_out_of_range", "semgrep/invalid-port"],

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "EXPOSE") continue;
        for (const word of instruction.arguments) {
          const port = stage.resolve(word, instruction);
          const problem = port ? problemOf(port) : undefined;
          if (problem) yield { at: word.range, message: problem };
        }
      }
    }
  },
});

function problemOf(text: string): string | undefined {
  const [range = "", protocol, ...more] = text.slice(text.lastIndexOf(":") + 1).split("/");
  const [start = "", end, ...others] = range.split("-");
  if (more.length > 0 || others.length > 0 || !/^\d+$/.test(start) || (end !== undefined && !/^\d+$/.test(end))) {
    return `\`${text}\` is no port`;
  }
  const tooHigh = [start, end].find((port) => port !== undefined && Number(port) > 65535);
  if (tooHigh !== undefined) return `There is no port ${tooHigh}: the highest is 65535`;
  if (end !== undefined && Number(end) < Number(start)) return `The range \`${range}\` ends before it begins`;
  return protocol && !/^(?:tcp|udp|sctp)$/i.test(protocol)
    ? `\`${protocol}\` is no protocol: \`tcp\`, \`udp\` and \`sctp\` are`
    : undefined;
}
