/** What RUN does to user accounts: the commands, and their options as shadow's and BusyBox's manuals have them. */
import type { Command } from "../model/command.ts";
import { type Options, optionNames, readOptions } from "./options.ts";

const USERADD = optionNames(
  "-u --uid -g --gid -G --groups -d --home-dir --home -s --shell -c --comment -k --skel -e --expiredate -f --inactive -b --base-dir -K --key -p --password -R --root -P --prefix -Z --selinux-user",
);
const USERMOD = optionNames(
  "-u --uid -g --gid -G --groups -d --home -s --shell -c --comment -e --expiredate -f --inactive -p --password -R --root -P --prefix -l --login",
);
const PASSWD = optionNames("-n --mindays -x --maxdays -w --warndays -i --inactive -R --root -P --prefix");
const VALUED: Readonly<Record<string, ReadonlySet<string>>> = {
  useradd: USERADD,
  usermod: USERMOD,
  groupadd: optionNames("-g --gid -K --key -p --password -R --root -P --prefix"),
  groupmod: optionNames("-g --gid -n --new-name -p --password -R --root -P --prefix"),
  passwd: PASSWD,
};

/** The options of `useradd` and its kin; `undefined`: it is another program. */
export function accountOptions({ program = "", args }: Command): Options | undefined {
  const valued = Object.hasOwn(VALUED, program) ? VALUED[program] : undefined;
  return valued && readOptions(args, valued);
}

/** BusyBox's and Debian's have the same names, and options of their own. */
const ADDUSER = optionNames(
  "-h --home -g --gecos -s --shell -G --ingroup -u --uid --gid -k --skel --comment --firstuid --lastuid --firstgid --lastgid --conf",
);
const ADDGROUP = optionNames("-g --gid --firstgid --lastgid --conf");

export interface Account {
  readonly kind: "user" | "group";
  readonly name: string;
}

/** The account that a command makes; `undefined`: it makes none, or its name is not known. */
export function madeAccount(command: Command): Account | undefined {
  const { program = "", args } = command;
  const kind = /^(?:useradd|adduser)$/.test(program)
    ? "user"
    : /^(?:groupadd|addgroup)$/.test(program)
      ? "group"
      : undefined;
  if (!kind) return undefined;
  const options =
    program === "adduser"
      ? readOptions(args, ADDUSER)
      : program === "addgroup"
        ? readOptions(args, ADDGROUP)
        : accountOptions(command);
  const operands = options?.operands ?? [];
  // `adduser user group` adds to a group.
  const name = operands.length === 1 ? operands[0]!.value : undefined;
  return name !== undefined && /^[a-z_][a-z0-9_-]*$/.test(name) ? { kind, name } : undefined;
}
