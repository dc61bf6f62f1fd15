import { defineRule } from "./rule.ts";
import { isVerification } from "./transfer.ts";

export default defineRule({
  id: "weak-hash",
  category: "security",
  severity: "info",
  weight: "low",
  aliases: ["sonar/S4790"],
  enabled: false,
  strict: true,

  *check(dockerfile) {
    for (const { command } of dockerfile.commands) {
      const { program = "", args, programWord } = command;
      const isSum =
        /^(?:md5|sha1)sum$/.test(program) ||
        (program === "shasum" && !args.some(({ value }) => /^(?:-a\d*|--algorithm.*)$/.test(value ?? "")));
      const isOpenssl =
        program === "openssl" &&
        args.some(({ value }) => /^-?(?:md5|sha1)$/.test(value ?? "")) &&
        args[0]?.value === "dgst";
      // To compare a download, not to tell files apart.
      if (!programWord || !((isSum && isVerification(command)) || isOpenssl)) continue;
      yield {
        at: programWord.range,
        message: `\`${program}\` is no proof: another file with the same ${/md5/.test(program) ? "MD5" : "checksum"} can be made`,
        refusal: "only the publisher can say which SHA-256 checksum is right",
      };
    }
  },
});
