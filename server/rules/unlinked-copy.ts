import type { Command } from "../model/command.ts";
import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { insertAfter } from "./edit.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "unlinked-copy",
  category: "efficiency",
  severity: "hint",
  weight: "none",
  aliases: [],
  fix: "unsafe",
  enabled: false,
  refactoring: true,

  *check({ stages }) {
    for (const stage of stages) {
      const changes = stage.lineage
        .flatMap(({ runs }) => runs.flatMap(({ commands }) => commands))
        .filter(({ program }) => CHANGING.test(program ?? ""));
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "COPY" || instruction.flag("link") || instruction.arguments.length < 2) continue;
        yield {
          at: instruction.keywordRange,
          message: "With `--link`, this layer would not depend on those below it",
          ...repair(stage, instruction, changes),
        };
      }
    }
  },
});

/** Links in many images, and folders with an owner or a mode of their own: https://www.debian.org/doc/manuals/debian-reference/ch01 */
const SPECIAL = /^\/(?:bin|sbin|lib\w*|var\/run|var\/lock|tmp|var\/tmp|run|root|home\/[^/]+)(?:\/|$)/;
/** What gives folders another owner or mode, or makes links of them. */
const CHANGING = /^(?:chown|chmod|chgrp|ln|install|useradd|adduser|usermod|setfacl)$/;

function repair(stage: Stage, copy: Instruction, changes: readonly Command[]): Pick<Finding, "fixes" | "refusal"> {
  const owner = copy.flag("chown")?.value;
  const isNumbered = /^\d+(?::\d+)?$/.test((owner && stage.resolve(owner, copy)) ?? "");
  if (owner && !isNumbered) return { refusal: "with `--link`, the `COPY` does not see the names of the image's users" };
  const folder = folderOf(stage, copy);
  if (folder === undefined) return { refusal: "where it copies to is not known" };
  if (SPECIAL.test(`${folder}/`))
    return {
      refusal: `\`--link\` makes the folders anew, and \`${folder}\` is a link in many images, or has a mode of its own`,
    };
  const change = changes.find(
    ({ args, range }) =>
      range.start < copy.range.start &&
      args.some(({ value }) => value === undefined || touches(normalise(value), folder) || !isAbsolute(value)),
  );
  if (change)
    return {
      refusal: `\`--link\` makes the folders anew, without what \`${change.program}\` above may have done to them`,
    };
  return {
    fixes: [
      assuming(
        unsafe("Add `--link`", insertAfter(copy.flags.at(-1)?.range ?? copy.keywordRange, " --link")),
        `Up to \`${folder}\`, no folder of the base image is a link, and each is root's with the mode 0755.`,
        "The builder knows `--link`: Dockerfile 1.4 and later, which Docker has built in since version 23.",
      ),
    ],
  };
}

/** The folder that files are put into. */
function folderOf(stage: Stage, copy: Instruction): string | undefined {
  const target = stage.resolve(copy.arguments.at(-1)!, copy);
  if (!target) return undefined;
  const workdir = stage.workdirBefore(copy);
  if (!isAbsolute(target) && workdir === undefined) return undefined;
  const whole = isAbsolute(target) ? target : `${workdir}/${target}`;
  return normalise(/(?:^|\/)\.{0,2}$/.test(target) || copy.arguments.length > 2 ? whole : `${whole}/..`);
}

/** One is the other, or lies inside of it. */
function touches(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || folder.startsWith(path === "/" ? path : `${path}/`);
}
