import { removeWord } from "./edit.ts";
import { changing, defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "redundant-platform",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3065", "buildkit/RedundantTargetPlatform"],
  fix: "safe",
  tag: "unnecessary",

  *check({ stages, syntax, globalArguments }) {
    // Set by the file itself, it is another platform.
    if (typeof globalArguments.get("TARGETPLATFORM") === "string") return;
    for (const { from } of stages) {
      const platform = from.flag("platform");
      if (
        !platform?.value ||
        !/^(["']?)\$(?:TARGETPLATFORM|\{TARGETPLATFORM(?::?-[^}]*)?\})\1$/.test(platform.value.text)
      )
        continue;
      if (platform.value.text.startsWith("'")) continue;
      yield {
        at: platform.range,
        message: "The target platform is the default",
        fixes: [changing(safe("Delete the flag", removeWord(syntax, platform)), "images")],
      };
    }
  },
});
