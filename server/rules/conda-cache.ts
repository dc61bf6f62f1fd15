import { leftoverCaches } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "conda-cache",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [],
  fix: "safe",
  concerns: "image",
  mentions: /conda|mamba/,

  check: leftoverCaches({
    managers: ["conda"],
    isMeant: (operation) =>
      (operation.verb.value !== "env" || /^(?:create|update)$/.test(operation.packages[0]?.name ?? "")) &&
      operation.has("--dry-run", "--download-only") === false,
    folders: /\/pkgs\b|\.conda\b|^\/(?:opt|root)\/(?:[\w.-]+\/)?$/,
    cleans: (cleaner) =>
      cleaner.action === "clean" && cleaner.has("-a", "--all", "-t", "--tarballs", "-p", "--packages") !== false,
    leaves: "what it downloads",
    command: ({ command }) => `${command.program} clean ${command.program === "conda" ? "-afy" : "--all --yes"}`,
  }),
});
