import { replace } from "./edit.ts";
import { assuming, defineRule, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "secret-mount-mode",
  category: "security",
  severity: "warning",
  weight: "low",
  aliases: ["sonar/S6469"],
  fix: "safe",
  mentions: /mode/i,

  *check(dockerfile) {
    for (const run of dockerfile.runs) {
      for (const { flag, type, options } of run.mounts) {
        const mode = options.get("mode");
        if ((type !== "secret" && type !== "ssh") || mode === undefined || !/^0*[0-7]{1,4}$/.test(mode)) continue;
        if (mode.endsWith("0") || !flag.value) continue;
        const at = dockerfile.text.slice(flag.value.range.start, flag.value.range.end).search(/mode=["']?\d/);
        if (at === -1) continue;
        const start = flag.value.range.start + at + "mode=".length;
        const digits = { start, end: start + mode.length };
        if (dockerfile.text.slice(digits.start, digits.end) !== mode) continue;
        const narrowed = `${mode.slice(0, -1)}0`;
        const edit = replace(digits, narrowed);
        // The owner is root unless `uid` says otherwise.
        const user = run.stage.userBefore(run.instruction);
        const isReader = user?.isRoot || options.has("uid");
        const title = `Use \`${narrowed}\``;
        yield {
          at: digits,
          message: `\`mode=${mode}\` lets every user of the \`RUN\` read the ${type === "ssh" ? "SSH agent's socket" : "secret"}`,
          ...(user && !isReader
            ? { refusal: `\`${user.name}\` could not read it then: the mount has to get the \`uid\` of that user` }
            : {
                fixes: [
                  isReader
                    ? safe(title, edit)
                    : assuming(unsafe(title, edit), "The `RUN` runs as root, to whom the mount belongs."),
                ],
              }),
        };
      }
    }
  },
});
