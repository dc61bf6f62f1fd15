import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "nonsensical-command",
  category: "maintainability",
  severity: "info",
  weight: "none",
  aliases: ["hadolint/DL3001", "kics/run_utilities_and_posix_commands", "semgrep/nonsensical-command"],

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const { program = "" } = command;
      const why = Object.hasOwn(COMMANDS, program) ? COMMANDS[program] : undefined;
      if (!why || hasSense(run, command)) continue;
      yield { at: command.programWord!.range, message: `\`${program}\` ${why}` };
    }
  },
});

const LOOKS = "looks at the machine that builds, which says nothing about the container";
const WAITS = "waits for somebody at a keyboard, whom a build does not have";
const ENDS = "starts something that ends with the `RUN`: the container starts its program by `CMD`";

const COMMANDS: Readonly<Record<string, string>> = {
  free: LOOKS,
  ps: LOOKS,
  top: LOOKS,
  htop: LOOKS,
  ifconfig: LOOKS,
  kill: "stops a process, of which a build has none but its own",
  shutdown: "has no machine to shut down",
  reboot: "has no machine to restart",
  mount: "needs a right that a build does not have",
  service: ENDS,
  systemctl: ENDS,
  ssh: "needs a key and somebody who trusts the other machine, and leaves traces of both",
  vim: WAITS,
  vi: WAITS,
  nano: WAITS,
};

function hasSense(run: Run, command: Command): boolean {
  const { program, args, shell } = command;
  const others = run.commands.filter(({ range }) => range.start > command.range.start);
  const isAsking = args.some(({ value }) => /^(?:--?[Vv]ersion|-V|--help)$/.test(value ?? ""));
  if (isAsking) return true;
  switch (program) {
    // Only links: https://www.freedesktop.org/software/systemd/man/systemctl.html
    case "systemctl":
      return args.some(({ value }) =>
        /^(?:enable|disable|mask|unmask|set-default|preset|is-enabled|--root.*)$/.test(value ?? ""),
      );
    // What it starts is used in the same RUN, or was started there.
    case "service":
      return others.length > 0 || run.commands.some((other) => other !== command && other.program === "service");
    case "kill":
    case "ps":
      return run.scripts.some(({ text }) =>
        /(?<![&>|])&(?![&>\d])|\b(?:service|nohup|start-stop-daemon|pg_ctl)\b/.test(text.text),
      );
    case "mount":
      return run.instruction.flag("security")?.value?.value === "insecure";
    case "ssh":
      return run.mounts.some(({ type }) => type === "ssh" || type === "secret");
    // `vim +PlugInstall +qall`, `vim -c q`, in a script
    case "vim":
    case "vi":
      return args.some(({ value }) => /^(?:[+]|-(?:e|E|s|S|c|es|Es)$|--headless)/.test(value ?? ""));
    default:
      return shell?.place === "substitution";
  }
}
