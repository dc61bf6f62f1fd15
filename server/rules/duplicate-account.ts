import type { Command } from "../model/command.ts";
import { accountOptions } from "./accounts.ts";
import { named, type Option } from "./options.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "duplicate-account",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: ["dockle/DKL-LI-0002"],
  concerns: "image",
  mentions: /user/i,

  *check(dockerfile) {
    const accounts = dockerfile.commands.flatMap(({ run, command }) => {
      const number = numberOf(command);
      return number === undefined ? [] : [{ run, command, number }];
    });
    for (const [index, { run, command, number: id }] of accounts.entries()) {
      const shared = sharedNumber(command);
      if (!shared) continue;
      const { option, number, isGroup } = shared;
      const isRoot = /^0+$/.test(number);
      const isTaken = accounts
        .slice(0, index)
        .some((other) => other.number === id && run.stage.lineage.includes(other.run.stage));
      // `-o` alone only asks nobody.
      if (!isRoot && !isTaken) continue;
      yield {
        at: option.range,
        message: isRoot
          ? `\`${option.name}\` makes a second ${isGroup ? "group" : "user"} 0, which is root by another name`
          : `\`${option.name}\` gives the number ${number} to a second ${isGroup ? "group" : "account"}, and with it the other's files`,
        ...(isRoot ? { weight: "high" } : { severity: "info" }),
        refusal: "which number is free is not known",
      };
    }
  },
});

interface Shared {
  readonly option: Option;
  readonly number: string;
  readonly isGroup: boolean;
}

function sharedNumber(command: Command): Shared | undefined {
  const options = accountOptions(command);
  const [option] = options && command.program !== "passwd" ? named(options, "-o", "--non-unique") : [];
  // `-o -u $UID` asks for the number that somebody passes, whoever has it.
  const number = numberOf(command);
  if (!option || number === undefined) return undefined;
  return { option, number: number.slice(number.indexOf(":") + 1), isGroup: number.startsWith("true") };
}

/** The number that a command gives out, and whether it is a group's. */
function numberOf(command: Command): string | undefined {
  const options = accountOptions(command);
  const isGroup = command.program?.startsWith("group") ?? false;
  const [id] = options ? named(options, ...(isGroup ? ["-g", "--gid"] : ["-u", "--uid"])) : [];
  return id?.value !== undefined && /^\d+$/.test(id.value) ? `${isGroup}:${id.value}` : undefined;
}
