import { defineRule } from "./rule.ts";

export default defineRule({
  id: "copy-from-self",
  category: "correctness",
  severity: "error",
  weight: "medium",
  aliases: [
    "hadolint/DL3023",
    "trivy/DS-0006",
    "kics/copy_from_references_current_from_alias",
    "semgrep/copy-from-own-alias",
  ],
  judges: "stage",

  *check({ stages }) {
    for (const stage of stages) {
      for (const { instruction, name, range, kind } of stage.sourceReferences) {
        const isOwn = /^\d+$/.test(name) ? kind === "copy" && Number(name) === stage.index : stage.isNamed(name);
        if (!isOwn || instruction.onbuild) continue;
        yield {
          at: range,
          message: `\`${name}\` is this stage itself, which cannot be ${kind === "copy" ? "copied from" : "mounted"}`,
          related: stage.name ? [{ at: stage.name.range, message: "the stage" }] : [],
        };
      }
    }
  },
});
