import { accountOptions } from "./accounts.ts";
import { named, optionNames, readOptions } from "./options.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "named-user",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3066"],
  enabled: false,
  strict: true,
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    const instruction = finalStage?.last("USER");
    if (!finalStage || !instruction || finalStage.base.distribution === "windows") return;
    // Who builds may pass a number.
    const given = finalStage.effective(instruction).filter(({ keyword }) => keyword === "ARG");
    const isGiven = instruction.arguments
      .flatMap(({ variables }) => variables)
      .some(({ name }) => given.some(({ pairs }) => pairs.some(({ key }) => key.value === name)));
    if (isGiven) return;
    const user = finalStage.expand(instruction.rest.text, instruction)?.trim().split(":")[0];
    if (!user || /^\d+$/.test(user) || user === "root") return;
    // Somebody who reads the Dockerfile finds the number.
    const isNumbered = finalStage.lineage
      .flatMap((stage) => stage.runs)
      .some((run) =>
        run.commands.some((command) => {
          const options =
            accountOptions(command) ?? (command.program === "adduser" ? readOptions(command.args, ADDUSER) : undefined);
          return (
            options &&
            named(options, "-u", "--uid").length > 0 &&
            options.operands.some((word) => run.resolve(word).some(({ value }) => value === user))
          );
        }),
      );
    if (isNumbered) return;
    const own = finalStage.instructions.includes(instruction);
    yield {
      at: own ? instruction.rest.range : (finalStage.imageWord ?? finalStage.from).range,
      message: `Kubernetes cannot tell that \`${user}\` is not root, and refuses to start it where it has to know`,
      refusal: `the number of \`${user}\` is not in this file: \`id -u ${user}\` in the image shows it`,
    };
  },
});

const ADDUSER = optionNames(
  "-h --home -g --gecos -s --shell -G --ingroup --gid -u --uid -k --firstuid --lastuid --conf --add_extra_groups --comment",
);
