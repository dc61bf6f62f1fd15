import type { PackageOperation } from "../model/packages.ts";
import type { User } from "../model/stage.ts";
import { insertInstructionsAfter, insertInstructionsBefore, keyword } from "./edit.ts";
import { nameOf, operationsOf } from "./package-rules.ts";
import { assuming, changing, defineRule, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "unprivileged-install",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: [],
  fix: "unsafe",

  *check(dockerfile) {
    const operations = operationsOf(
      dockerfile.packageOperations,
      ["apt-get", "apt", "aptitude", "apk", "dnf", "microdnf", "yum", "zypper"],
      ["install", "update", "upgrade", "remove"],
    );
    const seen = new Set<unknown>();
    for (const operation of operations) {
      const { run, command } = operation;
      const user = run.stage.userBefore(run.instruction);
      if (!user || user.isRoot || !needsRoot(operation) || seen.has(run)) continue;
      seen.add(run);
      yield {
        at: { start: command.range.start, end: operation.verb.range.end },
        message: `\`${nameOf(operation)}\` needs root, but ${
          user.instruction ? `the build runs as \`${user.name}\` here` : `the base image's user is \`${user.name}\``
        }, so it fails`,
        // An old version of the image may have been another.
        ...(user.instruction ? {} : { severity: "warning", weight: "medium" }),
        ...(user.instruction
          ? { related: [{ at: user.instruction.range, message: "From here on it is another user" }] }
          : {}),
        fixes: [asRoot(operation, user)],
      };
    }
  },
});

/** It changes the system, certainly runs, and its failure is not accepted. */
function needsRoot(operation: PackageOperation): boolean {
  const { run, command } = operation;
  if (command.wrappers.some(({ value }) => value === "sudo")) return false;
  if (command.shell && !/^(?:chain|subshell)$/.test(command.shell.place)) return false;
  const others = [
    "-s",
    "--simulate",
    "--just-print",
    "--dry-run",
    "--recon",
    "--no-act",
    "--print-uris",
    "--download-only",
    "-d",
    "--help",
    "-h",
    "--version",
  ];
  const elsewhere = ["--root", "-p", "--usermode", "--installroot", "--downloadonly", "--assumeno", "-R"];
  if (operation.has(...others, ...elsewhere) !== false) return false;
  if (operation.action === "update" && /^(?:dnf|microdnf|yum)$/.test(operation.manager)) return false;
  const script = run.scriptOf(command);
  const next = command.shell && script?.items[command.shell.item.index + 1];
  return next?.operator !== "||";
}

function asRoot({ run }: PackageOperation, user: User): Fix {
  const { stage, instruction } = run;
  const { syntax } = stage.dockerfile;
  const trigger = instruction.onbuild ? `${keyword(stage, "ONBUILD")} ` : "";
  const line = (name: string): string => `${trigger}${keyword(stage, "USER")} ${name}`;
  const back = user.instruction?.rest.text ?? user.name;
  const fix = assuming(
    unsafe(
      `Run it between \`USER root\` and \`USER ${back}\``,
      insertInstructionsBefore(syntax, instruction, line("root")),
      insertInstructionsAfter(syntax, instruction, line(back)),
    ),
    `The other commands of this \`RUN\` may run as root, and what they write may belong to it.`,
  );
  return user.instruction ? fix : changing(fix, "USER");
}
