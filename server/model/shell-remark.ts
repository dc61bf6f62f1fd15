/** `# hadolint shell=powershell`: tells of a shell that the base image sets. https://github.com/hadolint/hadolint#non-posix-shells */
import type { Syntax } from "../syntax/parse.ts";

export interface ShellRemark {
  /** Where the comment begins. */
  readonly start: number;
  readonly shell: string;
}

/** In the order of the text. Inside an instruction it means nothing. */
export function shellRemarksOf({ comments, instructions }: Syntax): readonly ShellRemark[] {
  return comments.flatMap((comment) => {
    const shell = /^hadolint\s+shell\s*=\s*(\S+)/.exec(comment.text)?.[1];
    if (shell === undefined || instructions.some((one) => one.comments.includes(comment))) return [];
    return { start: comment.range.start, shell };
  });
}
