import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { insertInstructionsAfter, insertInstructionsBefore, keyword } from "./edit.ts";
import { assuming, defineRule, type Edit, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "sudo",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL3004",
    "trivy/DS-0010",
    "checkov/CKV2_DOCKER_1",
    "kics/run_using_sudo",
    "semgrep/no-sudo-in-dockerfile",
    "dockle/DKL-DI-0001",
  ],
  fix: "safe",
  mentions: /sudo/,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const word = sudoOf(command);
      if (!word) continue;
      const user = run.stage.userBefore(run.instruction);
      yield {
        at: word.range,
        message: user?.isRoot
          ? "`sudo` is not needed: the build runs as root already"
          : "`sudo` becomes root behind the back of `USER`, which says who the build runs as",
        ...remedy(run, command, word),
      };
    }
  },
});

function sudoOf({ program, programWord, wrappers }: Command): ShellWord | undefined {
  if (program === "sudo") return programWord;
  return wrappers.find(({ value }) => baseName(value ?? "") === "sudo");
}

function remedy(run: Run, command: Command, word: ShellWord): Pick<Finding, "fixes" | "refusal"> {
  const { stage, instruction } = run;
  const edit = withoutSudo(run, command, word);
  if (typeof edit === "string") return { refusal: edit };
  const user = stage.userBefore(instruction);
  if (user?.isRoot) return { fixes: [safe("Remove `sudo`", edit)] };
  if (!user) {
    // Who can install sudo is root; else the base image brings it, for a user of its own.
    return isInstalled(run)
      ? { fixes: [assuming(unsafe("Remove `sudo`", edit), "The base image's user is root.")] }
      : { refusal: "which user the base image runs as is not known" };
  }
  if (!user.instruction)
    return {
      refusal: `the base image runs as \`${user.name}\`: the command belongs between \`USER root\` and \`USER ${user.name}\``,
    };
  const edits = run.commands
    .filter(({ shell }) => shell?.place !== "substitution")
    .map((one) => {
      const sudo = sudoOf(one);
      return sudo ? withoutSudo(run, one, sudo) : "";
    });
  if (edits.some((one) => typeof one === "string"))
    return {
      refusal: `only a part of the \`RUN\` needs root: it belongs into one of its own, between \`USER root\` and \`USER ${user.name}\``,
    };
  const { syntax } = stage.dockerfile;
  const trigger = instruction.onbuild ? `${keyword(stage, "ONBUILD")} ` : "";
  const back = user.instruction.rest.text;
  return {
    fixes: [
      assuming(
        unsafe(
          "Run it between `USER root` and the user from before",
          insertInstructionsBefore(syntax, instruction, `${trigger}${keyword(stage, "USER")} root`),
          edits as readonly Edit[],
          insertInstructionsAfter(syntax, instruction, `${trigger}${keyword(stage, "USER")} ${back}`),
        ),
        "Nothing of it relies on the home directory or the variables of the user.",
      ),
    ],
  };
}

function isInstalled({ stage, instruction }: Run): boolean {
  return stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      action === "install" &&
      run.instruction.range.start <= instruction.range.start &&
      stage.lineage.includes(run.stage) &&
      packages.some(({ name }) => name === "sudo"),
  );
}

/** Options that make no difference for somebody who is root already: sudo(8). */
const PLAIN = /^(?:-[EHn]+|--preserve-env|--set-home|--non-interactive|--)$/;

/** Takes `sudo` and its options out of a command, or says why not. */
function withoutSudo(run: Run, { words, program, shell }: Command, word: ShellWord): Edit | string {
  let next = words.indexOf(word) + 1;
  while (PLAIN.test(words[next]?.value ?? "")) next++;
  const first = words[next];
  if (program === "sudo" || !first) return "it runs no command";
  const option = first.value ?? first.text;
  if (/^(?:-[ugU]|--user|--group)/.test(option))
    return "it runs the command as another user, as `USER` before the `RUN` does";
  if (option.startsWith("-")) return `\`sudo ${option}\` does more than becoming root`;
  if (/^\w+=/.test(option) && (!shell || words[0] !== word))
    return "the variable before the command is for `sudo` to set";
  const edit = { start: word.range.start, end: first.range.start, text: "" };
  if (run.instruction.comments.some(({ range }) => edit.start < range.start && range.end < edit.end))
    return "a comment would be lost";
  return edit;
}
