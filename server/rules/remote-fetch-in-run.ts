import { named } from "./options.ts";
import { defineRule } from "./rule.ts";
import { transferOptions, urlsOf } from "./transfer.ts";

export default defineRule({
  id: "remote-fetch-in-run",
  category: "maintainability",
  severity: "info",
  weight: "none",
  aliases: ["sonar/S7026"],
  enabled: false,
  strict: true,

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      const options = transferOptions(command);
      const only = run.commands.length === 1;
      // A file for this RUN alone is better fetched and deleted there.
      if (!options || !only || named(options, ...MORE).length > 0) continue;
      const urls = urlsOf(run, command);
      if (urls.length !== 1 || !/^["']?https?:\/\//.test(urls[0]!.value ?? urls[0]!.text)) continue;
      const isSaved =
        command.program === "curl" ? named(options, "-o", "-O", "--output", "--remote-name").length > 0 : true;
      if (!isSaved || named(options, "-o", "--output", "-O", "--output-document").some(({ value }) => value === "-"))
        continue;
      yield {
        at: command.programWord!.range,
        message: `\`${command.program}\` fetches a file that \`ADD\` would fetch without a program, and again when it changes`,
        refusal: "`ADD --checksum` wants the file's checksum, which only the publisher can give",
      };
    }
  },
});

/** What ADD cannot do. */
const MORE = [
  "-u",
  "--user",
  "-H",
  "--header",
  "-d",
  "--data",
  "-X",
  "--request",
  "-b",
  "--cookie",
  "-x",
  "--proxy",
  "-E",
  "--cert",
  "--post-data",
  "--password",
  "-F",
  "--form",
  "-i",
  "--input-file",
  "-r",
  "--recursive",
  "-T",
];
