import { hasFlag } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { dropsPrivileges, rootServerOf } from "./application-user.ts";
import { replace } from "./edit.ts";
import { type Clause, clauses, type FileMode, fileModes, octal } from "./file-mode.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "world-writable",
  category: "security",
  severity: "warning",
  weight: "medium",
  aliases: ["sonar/S2612"],
  fix: "unsafe",
  concerns: "image",
  mentions: /chmod|umask/i,

  *check(dockerfile) {
    for (const found of fileModes(dockerfile)) {
      if (!letsOthersWrite(found.mode) || isTemporary(found)) continue;
      yield { at: found.range, message: `\`${found.mode}\` lets every user write to it`, ...remedy(found) };
    }
  },
});

/** The same RUN deletes it again. */
function isTemporary({ run, command, targets }: FileMode): boolean {
  const later =
    run?.commands.filter(({ program, range }) => program === "rm" && range.start > command!.range.start) ?? [];
  return (
    targets.length > 0 &&
    targets.every((target) => later.some(({ args }) => args.some(({ text }) => text === target.text)))
  );
}

/** Except in a sticky directory such as `/tmp`, where nobody touches the files of another. */
function letsOthersWrite(mode: string): boolean {
  const digits = octal(mode);
  if (digits) return (digits[3] & 2) !== 0 && (digits[0] & 1) === 0;
  const parts = clauses(mode) ?? [];
  if (parts.some(({ operator, permissions }) => operator !== "-" && permissions.includes("t"))) return false;
  let writes = false;
  for (const part of parts) {
    // Without `ugoa`, the umask takes the right away.
    if (!/[oa]/.test(part.who)) continue;
    const has = part.permissions.includes("w");
    if (part.operator === "=") writes = has;
    else if (has) writes = part.operator === "+";
  }
  return writes;
}

function remedy(found: FileMode): Pick<Finding, "fixes" | "refusal"> {
  const { mode, range, command, stage, instruction } = found;
  // Triggers are about the image that is built on this one.
  const trigger = stage.instructions.findLast((one) => one.keyword === "USER" && one.onbuild && instruction.onbuild);
  const writer = trigger?.rest.text.trim() ?? (stage.dockerfile.finalStage && writerOf(stage.dockerfile.finalStage));
  if (isForData(found) && writer !== "root" && !isOwnedBy(found, writer)) return give(found, writer);
  const isRecursive = command?.program === "chmod" && hasFlag(command.args, "-R", "--recursive") === true;
  const narrowed = isRecursive ? narrowTree(mode) : narrow(mode);
  if (narrowed === undefined) return { refusal: "nothing else is left of the mode" };
  const text = command && !command.shell ? JSON.stringify(narrowed) : narrowed;
  return {
    fixes: [
      assuming(
        unsafe(`Use \`${narrowed}\``, replace(range, text)),
        "Whoever writes there owns it: `COPY --chown`, or `chown` in the `RUN`.",
        ...(narrowed.includes("X") && !mode.includes("X")
          ? ["Of the files there, those that are to be run are executable already."]
          : []),
      ),
    ],
  };
}

/** A folder, as far as its name says: nobody writes to a program, whoever runs it. */
function isForData({ command, targets }: FileMode): boolean {
  return command !== undefined && targets.some(({ value, text }) => !/\.\w+$|(?:^|\/)s?bin\//.test(value ?? text));
}

/** Whom the container's program runs as; `undefined`: not known. */
function writerOf(stage: Stage): string | undefined {
  const user = stage.userBefore();
  if (!user?.isRoot) return user?.instruction?.rest.text.trim() ?? user?.name;
  const drops = dropsPrivileges(stage);
  if (drops === false && rootServerOf(stage) === undefined) return "root";
  return drops ? stage.base.users?.[0] : undefined;
}

/** The files are the writer's already: it makes them, or is given them in the same RUN. */
function isOwnedBy({ stage, instruction, run }: FileMode, writer: string | undefined): boolean {
  const name = writer?.split(":")[0];
  if (name === undefined) return false;
  const given = run?.commands.filter(({ program }) => program === "chown" || program === "install") ?? [];
  return (
    stage.userBefore(instruction)?.name === name ||
    given.some(({ args }) => args.some(({ value }) => value?.split(":")[0] === name))
  );
}

/** The writer gets what everybody could write. */
function give(
  { stage, instruction, command, range }: FileMode,
  writer: string | undefined,
): Pick<Finding, "fixes" | "refusal"> {
  if (writer === undefined) return { refusal: "who writes there, and would have to own it, is not known" };
  const isThere = /^\d+(?::\d+)?$/.test(writer) || stage.base.users?.includes(writer) || writer === "www-data";
  const isPlain =
    command?.program === "chmod" && command.shell?.place === "chain" && command.programWord?.text === "chmod";
  if (!isThere || !isPlain || stage.userBefore(instruction)?.isRoot !== true)
    return { refusal: `\`${writer}\` writes there, and would have to own it` };
  return {
    fixes: [
      assuming(
        unsafe(`Give it to \`${writer}\``, replace(command.programWord!, "chown"), replace(range, writer)),
        `Nobody but \`${writer}\` writes there.`,
      ),
    ],
  };
}

/** The mode with which only the owner writes: 755 for 777, `u+w` for `a+w`. */
function narrow(mode: string): string | undefined {
  const digits = octal(mode);
  if (digits) {
    const [, user, group, others] = digits;
    const head = mode.slice(0, Math.max(mode.length - 3, 0));
    return `${head}${user}${group === others ? group & 5 : group}${others & 5}`;
  }
  const parts = clauses(mode)!.flatMap(narrowClause);
  return parts.length > 0 ? parts.join(",") : undefined;
}

/** For all below a folder: who may enter it need not run the files in it, which is what `X` says. */
function narrowTree(mode: string): string | undefined {
  const digits = octal(mode);
  if (!digits) return narrow(mode)?.replaceAll("x", "X");
  const [special, user, group, others] = digits;
  // What is executable by some only, or has a special bit, is meant to be so.
  if (special !== 0 || [user, group, others].some((one) => (one & 1) !== (user & 1))) return narrow(mode);
  const letters = (rights: number): string =>
    `${rights & 4 ? "r" : ""}${rights & 2 ? "w" : ""}${rights & 1 ? "X" : ""}`;
  const kept = group === others ? group & 5 : group;
  if (kept === (others & 5)) return `u=${letters(user)},go=${letters(kept)}`;
  return `u=${letters(user)},g=${letters(kept)},o=${letters(others & 5)}`;
}

function narrowClause({ who, operator, permissions }: Clause): readonly string[] {
  if (operator === "-" || !/[oa]/.test(who) || !permissions.includes("w")) return [`${who}${operator}${permissions}`];
  const others = permissions.replaceAll("w", "");
  const owner = /[ua]/.test(who) ? [`u${operator}${permissions}`] : [];
  const group =
    who.includes("g") && who.includes("u") ? "go" : who.includes("a") ? "go" : who.includes("g") ? "go" : "o";
  return [...owner, ...(others !== "" || operator === "=" ? [`${group}${operator}${others}`] : [])];
}
