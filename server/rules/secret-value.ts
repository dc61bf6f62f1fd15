import { contains } from "../syntax/text.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "secret-value",
  category: "security",
  severity: "error",
  weight: "critical",
  aliases: ["kics/passwords_and_secrets", "dockle/CIS-DI-0010"],

  *check({ context, syntax }) {
    for (const secret of context.secrets ?? []) {
      const instruction = syntax.instructions.find(({ range }) => contains(range, secret));
      const inner = instruction?.trigger ?? instruction;
      // Those of ENV and ARG are reported with the variable that holds them.
      const isVariable =
        (inner?.keyword === "ENV" || inner?.keyword === "ARG") &&
        inner.pairs.some(({ value }) => value && contains(value.range, secret));
      if (isVariable) continue;
      const where = instruction ? "the file, and into the image's layers or history" : "the file";
      yield {
        at: { start: secret.start, end: secret.end },
        message: secret.placeholder
          ? `This looks like ${secret.kind}, if only a default`
          : `This is ${secret.kind}: it gets into ${where}`,
        ...(secret.placeholder ? { severity: "info", weight: "low" } : {}),
      };
    }
  },
});
