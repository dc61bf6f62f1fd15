import type { Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import { insertArguments, replace } from "./edit.ts";
import { assuming, defineRule, type Finding, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "apt-command",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3027", "checkov/CKV_DOCKER_9", "kics/run_using_apt", "semgrep/prefer-apt-get"],
  fix: "safe",

  *check(dockerfile) {
    const operations = new Map(dockerfile.packageOperations.map((operation) => [operation.command, operation]));
    for (const { command } of dockerfile.commands) {
      if (command.program !== "apt" || command.args.length === 0) continue;
      yield {
        at: command.programWord!.range,
        message: "`apt` is made for people: how it is called and what it prints may change",
        ...repair(command, operations.get(command)),
      };
    }
  },
});

/** What apt-get does in the same way. */
const SAME = ["install", "update", "remove", "purge", "autoremove", "clean", "autoclean", "distclean"];
const ALMOST = ["reinstall", "source", "build-dep", "download", "changelog", "satisfy", "autopurge"];
const CACHE = ["search", "show", "policy", "depends", "rdepends", "showsrc", "madison", "pkgnames"];

function repair(command: Command, operation: PackageOperation | undefined): Pick<Finding, "fixes" | "refusal"> {
  const verb = operation?.verb.value ?? "";
  const word = command.programWord!;
  const name = (program: string) =>
    replace(
      word,
      command.shell ? word.text.replace(/apt$/, program) : JSON.stringify(word.value!.replace(/apt$/, program)),
    );
  if (SAME.includes(verb)) return { fixes: [safe("Use `apt-get`", name("apt-get"))] };
  // `apt upgrade` installs what an upgraded package newly needs; `apt-get upgrade` does so when told.
  if (verb === "upgrade") {
    const flag = insertArguments(command, operation!.verb, "--with-new-pkgs");
    return { fixes: [safe("Use `apt-get` with `--with-new-pkgs`", name("apt-get"), flag)] };
  }
  if (verb === "full-upgrade") {
    const word = operation!.verb;
    return {
      fixes: [
        safe("Use `apt-get dist-upgrade`", name("apt-get"), replace(word, word.text.replace(verb, "dist-upgrade"))),
      ],
    };
  }
  if (ALMOST.includes(verb))
    return {
      fixes: [
        assuming(unsafe("Use `apt-get`", name("apt-get")), `The \`apt-get\` of this release knows \`${verb}\`, too.`),
      ],
    };
  if (CACHE.includes(verb))
    return {
      fixes: [
        assuming(
          unsafe("Use `apt-cache`", name("apt-cache")),
          "Nothing reads what it prints, which `apt` words differently.",
        ),
      ],
    };
  if (verb === "list") return { refusal: "`dpkg-query --list` and `apt-cache` list packages in a form of their own" };
  return { refusal: "what it is to do here is not known, or only `apt` does it" };
}
