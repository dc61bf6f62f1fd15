import { accountOptions } from "./accounts.ts";
import { insertArguments } from "./edit.ts";
import { named } from "./options.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "useradd-log",
  category: "efficiency",
  severity: "warning",
  weight: "medium",
  aliases: ["hadolint/DL3046"],
  fix: "safe",
  concerns: "image",
  mentions: /useradd/,

  *check(dockerfile) {
    for (const { command } of dockerfile.commands) {
      const options = command.program === "useradd" ? accountOptions(command) : undefined;
      const [id] = options ? named(options, "-u", "--uid") : [];
      if (!options || !/^\d{6,}$/.test(id?.value ?? "") || named(options, "-l", "--no-log-init").length > 0) continue;
      // A variable may hold the option.
      if (
        command.args.some(({ value, text }) => value === undefined && /^["']?[$`]/.test(text) && !isName(options, text))
      )
        continue;
      yield {
        at: id!.valueRange ?? id!.range,
        message: `For a number this large, \`useradd\` writes ${megabytes(Number(id!.value))} MB of empty log into the layer`,
        fixes: [safe("Add `--no-log-init`", insertArguments(command, command.programWord!, "--no-log-init"))],
      };
    }
  },
});

/** A place in lastlog and one in faillog for each number up to it, sparse on a disk but not in a layer: lastlog(8), faillog(5). */
function megabytes(id: number): number {
  return Math.round((id * (292 + 32)) / 1e6);
}

/** The name of the account comes last, or is quoted. */
function isName(options: NonNullable<ReturnType<typeof accountOptions>>, text: string): boolean {
  return (
    text.startsWith('"') ||
    options.options.some(({ valueText }) => valueText === text) ||
    options.operands.at(-1)?.text === text
  );
}
