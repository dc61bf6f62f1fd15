import { accountOptions } from "./accounts.ts";
import { named } from "./options.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "duplicate-account",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: ["dockle/DKL-LI-0002"],
  concerns: "image",

  *check(dockerfile) {
    for (const { command } of dockerfile.commands) {
      const options = accountOptions(command);
      const [shared] = options ? named(options, "-o", "--non-unique") : [];
      if (!options || !shared || command.program === "passwd") continue;
      const isGroup = command.program!.startsWith("group");
      const [id] = named(options, ...(isGroup ? ["-g", "--gid"] : ["-u", "--uid"]));
      // `-o -u $UID` asks for the number that somebody passes, whoever has it.
      if (id?.value === undefined || !/^\d+$/.test(id.value)) continue;
      const isRoot = /^0+$/.test(id.value);
      yield {
        at: shared.range,
        message: isRoot
          ? `\`${shared.name}\` makes a second ${isGroup ? "group" : "user"} 0, which is root by another name`
          : `\`${shared.name}\` gives the number ${id.value} to a second ${isGroup ? "group" : "account"}, and with it the other's files`,
        ...(isRoot ? { weight: "high" } : { severity: "info" }),
        refusal: "which number is free is not known",
      };
    }
  },
});
