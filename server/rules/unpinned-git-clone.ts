import { named, optionNames, readOptions } from "./options.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-git-clone",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: [],
  enabled: false,
  strict: true,

  *check(dockerfile) {
    const all = dockerfile.commands.filter(({ command }) => command.program === "git");
    for (const { run, command } of all) {
      const at = command.args.findIndex(({ value }) => value === "clone");
      if (at === -1 || command.args.slice(0, at).some(({ value }) => value === "help")) continue;
      const options = readOptions(command.args.slice(at + 1), VALUED);
      const [branch] = named(options, "-b", "--branch", "--revision");
      if (branch && !MOVING.test(branch.value ?? "")) continue;
      if (options.operands.length === 0 || options.operands.some(({ text }) => /[@#][0-9a-f]{7,40}\b/.test(text)))
        continue;
      // What is checked out afterwards is what counts.
      const isChosen = all.some(
        (other) =>
          other.run.stage === run.stage &&
          other.command.range.start > command.range.start &&
          other.command.args.some(({ value }) => /^(?:checkout|switch|reset|fetch)$/.test(value ?? "")),
      );
      if (isChosen) continue;
      yield {
        at: branch?.valueRange ?? command.args[at]!.range,
        message: branch
          ? `The branch \`${branch.value}\` is another commit each time somebody pushes to it`
          : "`git clone` takes the newest commit, which is another one each time somebody pushes",
        refusal: "which commit or tag is right is not known",
      };
    }
  },
});

const MOVING = /^(?:main|master|develop|dev|trunk|stable|latest|next|nightly|edge|HEAD)$/;
const VALUED = optionNames(
  "-b --branch -o --origin -c --config -u --upload-pack -j --jobs --depth --reference --template --filter --revision --shallow-since --shallow-exclude --separate-git-dir --server-option --bundle-uri",
);
