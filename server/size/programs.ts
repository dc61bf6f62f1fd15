/** What a command adds beside packages of Debian: nothing to speak of, or something that cannot be known, in words. */
import { baseName, type Command } from "../model/command.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { ShellWord } from "../syntax/shell.ts";

/** A noun phrase for what a command adds and nobody knows; `undefined`: it adds next to nothing. */
export function unknownOf(command: Command, operation: PackageOperation | undefined): string | undefined {
  const { program, args } = command;
  const words = args.map(({ value, text }) => value ?? text);
  if (operation) {
    const { manager, action, verb } = operation;
    if (action === "install" || action === "upgrade") return `what ${manager} installs`;
    if (action === "remove" || action === "clean" || action === "update") return undefined;
    return isSilent(manager, verb.value) ? undefined : `what \`${manager} ${verb.value}\` makes`;
  }
  if (program === undefined) return command.words.length === 0 ? undefined : "what a command in a variable does";
  if (words.some((word) => /^(?:--version|--help|-V)$/.test(word))) return undefined;
  if (DOWNLOADERS.has(program)) return `what ${program} downloads`;
  if (program === "git")
    return words.some((word) => word === "clone" || word === "submodule") ? "what git clones" : undefined;
  if (program === "uv" && words[0] === "pip") return "what uv installs";
  if (program === "dpkg")
    return words.some((word) => /^(?:-i|--install|--unpack)$/.test(word)) ? "what dpkg installs" : undefined;
  if (program === "install")
    return words.some((word) => /^-\w*d|^--directory$/.test(word)) ? undefined : "what `install` writes";
  const inner = innerOf(program, args);
  if (inner) return unknownOf(inner, undefined);
  if (/^(?:apt|apt-get|aptitude|pip3?|npm|gem|apk)$/.test(program) && words.includes("install"))
    return `what ${program} installs`;
  if (LITTLE.has(program)) return undefined;
  return `what \`${program}\` writes`;
}

/** What `xargs` or `find -exec` runs. */
function innerOf(program: string, args: readonly ShellWord[]): Command | undefined {
  const values = args.map(({ value }) => value ?? "");
  let start = -1;
  if (program === "find") start = values.findIndex((value) => /^-(?:exec|ok)(?:dir)?$/.test(value)) + 1 || -1;
  else if (program === "xargs")
    start = values.findIndex(
      (value, index) =>
        !value.startsWith("-") && !/^-[aEIdLnPs]$|^--(?:arg-file|delimiter|max-\w+)$/.test(values[index - 1] ?? ""),
    );
  const word = args[start];
  if (!word) return undefined;
  const words = args.slice(start);
  const name = word.value === undefined ? undefined : baseName(word.value);
  const range = { start: word.range.start, end: words.at(-1)!.range.end };
  return { range, program: name, programWord: word, args: words.slice(1), words, wrappers: [], shell: undefined };
}

const DOWNLOADERS: ReadonlySet<string> = new Set(["curl", "wget", "aria2c", "axel", "lwp-download"]);

/** Subcommands that write nothing worth counting. */
function isSilent(manager: string, verb: string | undefined): boolean {
  return (
    /^(?:config|version|--version|list|show|info|env|freeze|check|audit|search|help|set|lock)$/.test(verb ?? "") &&
    manager !== ""
  );
}

/** Programs that write a few kilobytes, or take away. */
const LITTLE: ReadonlySet<string> = new Set(
  (
    "[ [[ : true false test echo printf cd pushd popd set unset export local readonly declare alias eval exit return shift trap umask ulimit " +
    "wait sleep read shopt source . exec mkdir rmdir rm ln touch chmod chown chgrp mv find xargs sed awk grep egrep fgrep tr cut sort uniq head tail wc cat " +
    "tee basename dirname readlink realpath ls pwd which command type id whoami hostname uname date env groupadd useradd adduser addgroup usermod " +
    "groupmod userdel groupdel deluser delgroup passwd chpasswd chsh gpasswd apt-mark apt-key apt-config apt-cache add-apt-repository " +
    "dpkg-reconfigure dpkg-query dpkg-divert dpkg-statoverride debconf-set-selections update-alternatives update-ca-certificates update-rc.d " +
    "ldconfig ldd setcap getcap strip systemctl service a2enmod a2dismod a2ensite a2dissite a2enconf a2disconf phpenmod phpdismod sync stat file md5sum sha1sum sha256sum " +
    "sha512sum shasum diff cmp getent nproc arch lsb_release python2 gpgconf kill pkill killall mkfifo mknod visudo corepack"
  ).split(" "),
);
