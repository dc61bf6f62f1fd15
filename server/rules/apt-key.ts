import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "apt-key",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  tag: "deprecated",
  mentions: /apt-key/,

  *check(dockerfile) {
    const files = new Set<string>();
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "apt-key") continue;
      const verb = command.args.find(({ value }) => /^(?:add|adv)$/.test(value ?? ""));
      if (!verb) continue;
      const isGone = GONE.test(run.stage.base.release ?? "");
      yield {
        at: { start: command.programWord!.range.start, end: verb.range.end },
        message: isGone
          ? `This release of ${run.stage.base.distribution === "ubuntu" ? "Ubuntu" : "Debian"} has no \`apt-key\` any more`
          : "A key that `apt-key` adds is trusted for every repository; the command is gone from newer releases",
        ...(isGone ? { severity: "error" as const } : {}),
        ...repair(run, command, files),
      };
    }
  },
});

/** apt 2.9.19 (2024-12) took it out. */
const GONE = /^(?:trixie|forky|sid|2[56]\.\d\d)$/;

/** @param files the names that are taken. */
function repair(run: Run, command: Command, files: Set<string>): Pick<Finding, "fixes" | "refusal"> {
  const { shell } = command;
  const { pipeline } = shell ?? {};
  const [source, target] = pipeline?.commands ?? [];
  const url = /https?:\/\/([\w.-]+)\S*/.exec(source?.words.map(({ value }) => value).join(" ") ?? "");
  const operator = pipeline?.operators[0];
  const isPlain = command.args.map(({ value }) => value).join(" ") === "add -" && shell?.redirects.length === 0;
  if (!shell || pipeline?.commands.length !== 2 || target !== shell || !isPlain || !url || !operator)
    return { refusal: "which file the key should be in depends on where it comes from" };
  if (
    run.stage.dockerfile.syntax.comments.some(
      ({ range }) => operator.start < range.start && range.start < shell.range.end,
    )
  )
    return { refusal: "a comment would be lost" };
  const sudo = command.wrappers.some(({ value }) => value === "sudo");
  const name = url[1]!.split(".").slice(-2)[0]!;
  const { text: all } = run.stage.dockerfile;
  let file = "";
  for (let i = 1; file === "" || files.has(file) || all.includes(file); i++)
    file = `/etc/apt/trusted.gpg.d/${name}${i === 1 ? "" : `-${i}`}.asc`;
  files.add(file);
  const text = sudo ? `| sudo tee ${file} > /dev/null` : `> ${file}`;
  return {
    fixes: [
      assuming(
        unsafe(`Save it as \`${file}\``, { start: operator.start, end: shell.range.end, text }),
        "The key is in text form (`-----BEGIN PGP PUBLIC KEY BLOCK-----`); `signed-by` in the list of the repository would narrow it further.",
      ),
    ],
  };
}
