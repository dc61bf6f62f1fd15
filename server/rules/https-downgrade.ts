import { insertArguments } from "./edit.ts";
import { named } from "./options.ts";
import { assuming, defineRule, unsafe } from "./rule.ts";
import { isVerified, transferOptions, urlsOf } from "./transfer.ts";

export default defineRule({
  id: "https-downgrade",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["sonar/S6506"],
  enabled: false,
  strict: true,
  fix: "unsafe",

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const options = command.program === "curl" ? transferOptions(command) : undefined;
      if (!options || isVerified(run, command)) continue;
      const [follow] = named(options, "-L", "--location", "--location-trusted");
      if (!follow || named(options, "--proto", "--proto-redir", "-K", "--config").length > 0) continue;
      const urls = urlsOf(run, command);
      if (urls.length === 0 || !urls.every(({ value, text }) => /^["']?https:\/\//i.test(value ?? text))) continue;
      if (command.args.some(({ value, text }) => value === undefined && /^["']?[$`]/.test(text))) continue;
      yield {
        at: follow.range,
        message: `\`${follow.name}\` follows the server to \`http://\`, too, where anybody can change what arrives`,
        fixes: [
          assuming(
            unsafe(
              "Add `--proto '=https'`",
              insertArguments(command, command.programWord!, "--proto", command.shell ? "'=https'" : "=https"),
            ),
            "The server sends nobody on to `http://`: the download would fail then.",
          ),
        ],
      };
    }
  },
});
