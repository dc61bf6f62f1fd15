/** What a container's start scripts do that takes root, or a directory that is theirs. */
import type { Command } from "../model/command.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import { startCommands } from "../model/start.ts";
import { type Started, startChain } from "../model/start-script.ts";
import type { ShellWord } from "../syntax/shell.ts";

/** Only root may, or they change what belongs to root. */
const FOR_ROOT =
  /^(?:chown|chgrp|useradd|userdel|usermod|groupadd|groupdel|groupmod|adduser|addgroup|deluser|delgroup|passwd|chpasswd|apt-get|apt|apk|dnf|yum|microdnf|zypper|dpkg|dpkg-reconfigure|rpm|mount|umount|ip6?tables(?:-\w+)?|nft|sysctl|modprobe|setcap|update-ca-certificates|update-ca-trust|ldconfig|locale-gen|a2(?:en|dis)(?:mod|site|conf)|phpenmod|docker-php-ext-\w+|crontab|rc-service|rc-update|systemctl|update-alternatives|su|runuser|sudo)$/;
/** Directories of the system, of which none is for a program to write. */
const SYSTEM = /^\/(?:etc|usr|bin|sbin|lib\w*|root|boot|sys|proc)(?:\/|$)/;
/** Everybody may write there. */
const ANYBODY = /^\/(?:tmp|var\/tmp|dev)(?:\/|$)|^\/proc\/(?:self|1|\$\$)\/fd\//;

/** They make file systems, networks or other containers. */
const SYSTEM_PROGRAMS = /^(?:litefs|rclone|sshfs|s3fs|tailscaled|openvpn|wg-quick|mount|dockerd|containerd)$/;
/** Packages of servers that begin as root, when a script starts them. */
const ROOT_PACKAGES =
  /^(?:supervisor|nginx(?:-\w+)?|apache2|cron|openssh-server|redis(?:-server)?|postgresql(?:-[\d.]+)?|(?:default-)?mysql-server|mariadb-server|mongodb-org|rsyslog|haproxy|fail2ban)$/;
/** What is asked for root, or to change what root has made. */
const CHANGING =
  /^(?:chown|chmod|mkdir|cp|mv|ln|install|touch|tee|apt-get|apk|useradd|adduser|usermod|groupmod|mount|sysctl|iptables|update-ca-certificates|ldconfig)$/;
/** Of language images: they only choose what to start. */
const HARMLESS = /^docker-(?:php-)?entrypoint(?:\.sh)?$/;

/** A path that a start script writes. */
export interface ScriptWrite {
  readonly path: string;
  /** `mkdir`: it is a directory, which may be made before. */
  readonly isDirectory: boolean;
  readonly by: string;
}

/** A command of a start script that only root can run, as the begin of a sentence: "`start.sh` calls `chown`". */
export function rootDeed(stage: Stage): string | undefined {
  for (const { program, command, within } of startChain(stage)) {
    const found = [program, ...command.wrappers.map(({ value = "" }) => value)].find((name) => FOR_ROOT.test(name));
    if (within && found) return `\`${nameOf(within)}\` calls \`${found}\``;
  }
  return undefined;
}

/** A script comes first of which nobody here knows what it does. */
export function unknownScript(stage: Stage): string | undefined {
  const isKnown = ({ program }: Started): boolean => stage.base.role === "language" && HARMLESS.test(program);
  return startChain(stage).find((one) => one.isScript && !one.script && !isKnown(one))?.name;
}

/**
 * What the container's own command does that root alone may do.
 * @param directories what is given to the user.
 */
export function needOfCommand(stage: Stage, directories: readonly string[]): string | undefined {
  const isGiven = (path = ""): boolean => directories.some((directory) => normalise(path).startsWith(`${directory}/`));
  for (const { program = "", args, shell } of startCommands(stage)) {
    if (SYSTEM_PROGRAMS.test(program)) return `\`${program}\` changes the system around it, which takes root`;
    const target = shell?.redirects.find(
      ({ operator, target: word }) =>
        operator.includes(">") && !/^(?:&|\d+$|-$|["']?\/(?:dev|tmp)\/)/.test(word?.text ?? "-"),
    )?.target;
    if (target && !isGiven(target.value)) return `the command writes to \`${target.text}\``;
    if (shell && (CHANGING.test(program) || (program === "sed" && args.some(({ text }) => /^-\w*i/.test(text)))))
      return `the command changes files with \`${program}\``;
  }
  const script = unknownScript(stage);
  const server = stage.dockerfile.packageOperations
    .filter(({ run, action }) => action === "install" && stage.lineage.includes(run.stage))
    .flatMap(({ packages }) => packages)
    .find(({ name }) => ROOT_PACKAGES.test(name ?? ""))?.name;
  return script && server ? `\`${script}\` may start \`${server}\`, which begins as root` : undefined;
}

/** What the start scripts write, as far as it can be told; what everybody may write is not among it. */
export function scriptWrites(stage: Stage): readonly ScriptWrite[] {
  const writes: ScriptWrite[] = [];
  const moving = new Set<Started>();
  for (const { command, within } of startChain(stage)) {
    if (!within) continue;
    if (/^(?:cd|pushd)$/.test(command.program ?? "")) moving.add(within);
    const workdir = moving.has(within) ? undefined : stage.workdirBefore();
    for (const { word, isDirectory } of writtenWords(command)) {
      const value = valueOf(stage, word);
      const path = value && (isAbsolute(value) ? value : workdir && `${workdir}/${value}`);
      if (path && /^\/[\w./@+-]*$/.test(path) && !ANYBODY.test(path))
        writes.push({ path: normalise(path), isDirectory, by: nameOf(within) });
    }
  }
  return writes;
}

export function isSystemDirectory(path: string): boolean {
  return SYSTEM.test(path);
}

function nameOf({ name }: Started): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function writtenWords({ program = "", args, shell }: Command): readonly {
  readonly word: ShellWord;
  readonly isDirectory: boolean;
}[] {
  const redirected = (shell?.redirects ?? []).flatMap(({ operator, target }) =>
    target && /^(?:&?>>?\|?|>\|)$/.test(operator) && !/^[&\d]/.test(target.text)
      ? [{ word: target, isDirectory: false }]
      : [],
  );
  const plain = args.filter(({ text }) => !/^["']?-/.test(text));
  const files = (words: readonly ShellWord[]): typeof redirected =>
    words.map((word) => ({ word, isDirectory: program === "mkdir" }));
  if (/^(?:tee|touch|mkdir)$/.test(program)) return [...redirected, ...files(plain)];
  if (/^(?:cp|mv|ln|install|rsync)$/.test(program) && plain.length > 1)
    return [...redirected, ...files(plain.slice(-1))];
  if (program === "chmod") return [...redirected, ...files(plain.slice(1))];
  const inPlace = program === "sed" && args.some(({ text }) => /^-[a-zA-Z]*i|^--in-place/.test(text));
  return inPlace ? [...redirected, ...files(plain.slice(-1))] : redirected;
}

/** With the variables that ENV sets; a script's own are not known. */
function valueOf(stage: Stage, { value, text }: ShellWord): string | undefined {
  if (value !== undefined) return value;
  const environment = stage.environmentBefore();
  const plain = text.replace(/^"(.*)"$/s, "$1").replace(/\$(?:(\w+)|\{(\w+)\})/g, (match, one, other) => {
    return environment.get(one ?? other) ?? match;
  });
  return plain.includes("$") || /["'`*?]/.test(plain) ? undefined : plain;
}
