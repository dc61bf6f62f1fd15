import { replace } from "./edit.ts";
import { clauses, type FileMode, fileModes, octal } from "./file-mode.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "setuid-bit",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["sonar/S2612", "dockle/CIS-DI-0008"],
  fix: "unsafe",
  assumes: "Nobody but its owner needs the owner's rights to run it.",
  concerns: "image",
  mentions: /chmod/i,

  *check(dockerfile) {
    for (const found of fileModes(dockerfile)) {
      const bits = specialBits(found.mode);
      if (bits === 0) continue;
      // On a directory, setgid hands the group on to new files; setuid means nothing.
      if (isDirectory(found)) continue;
      const owner = (bits & 4) !== 0;
      yield {
        at: found.range,
        message: `\`${found.mode}\` lets whoever runs the file act as its ${owner ? "owner" : "group"}`,
        ...(owner ? {} : { severity: "info", weight: "low" }),
        ...remedy(found),
      };
    }
  },
});

/** 4: setuid, 2: setgid. */
function specialBits(mode: string): number {
  const digits = octal(mode);
  if (digits) return digits[0] & 6;
  let bits = 0;
  for (const { who, operator, permissions } of clauses(mode) ?? []) {
    if (!permissions.includes("s")) continue;
    const named = who === "" || who.includes("a") ? 6 : (who.includes("u") ? 4 : 0) | (who.includes("g") ? 2 : 0);
    bits = operator === "-" ? bits & ~named : bits | named;
  }
  return bits;
}

function isDirectory({ command, targets, stage, instruction }: FileMode): boolean {
  if (!command) return false;
  if (command.program === "mkdir" || command.program === "find") return true;
  if (command.args.some(({ value }) => /^-\w*[Rd]|^--(?:recursive|directory)$/.test(value ?? ""))) return true;
  const made = stage.dockerfile.commands
    .filter(
      ({ run, command: one }) => one.program === "mkdir" && run.instruction.range.start <= instruction.range.start,
    )
    .flatMap(({ command: one }) => one.args.map(({ text }) => text.replace(/\/+$/, "")));
  return targets.length > 0 && targets.every(({ text }) => /\/["']?$/.test(text) || made.includes(text));
}

function remedy({ mode, range, command }: FileMode): Pick<Finding, "fixes" | "refusal"> {
  const digits = octal(mode);
  if (!digits) return { refusal: "a program that needs a right of root can get that one alone: `setcap`" };
  const plain = digits.slice(1).join("");
  const text = command && !command.shell ? JSON.stringify(plain) : plain;
  return { fixes: [unsafe(`Use \`${plain}\``, replace(range, text))] };
}
