/** Where an instruction names a stage or an image as the source of files: `COPY --from=`, `RUN --mount=from=`. */
import type { Instruction, Word } from "../syntax/parse.ts";
import type { Range } from "../syntax/text.ts";

export interface SourceReference {
  readonly instruction: Instruction;
  /** As it is written, without quotes. */
  readonly name: string;
  /** Of the name. */
  readonly range: Range;
  /** `copy`: COPY's `--from`; `mount`: the `from` of a RUN's `--mount`. */
  readonly kind: "copy" | "mount";
}

/** In the order of the text; a name that is still empty is left out. */
export function sourceReferencesOf(source: string, instruction: Instruction): readonly SourceReference[] {
  const references: SourceReference[] = [];
  for (const { name: flag, value } of instruction.flags) {
    if (!value) continue;
    if (flag === "from" && instruction.keyword === "COPY" && value.value !== "") {
      references.push({ instruction, name: value.value, range: withoutQuotes(value), kind: "copy" });
    } else if (flag === "mount" && instruction.keyword === "RUN") {
      const match = /(?:^|[,"'])from=([^,"'\s\\]+)/di.exec(source.slice(value.range.start, value.range.end));
      if (!match) continue;
      const [start, end] = match.indices![1]!;
      const range = { start: value.range.start + start, end: value.range.start + end };
      references.push({ instruction, name: match[1]!, range, kind: "mount" });
    }
  }
  return references;
}

function withoutQuotes({ range, text }: Word): Range {
  const isQuoted = /^(["']).*\1$/s.test(text) && text.length > 1;
  return isQuoted ? { start: range.start + 1, end: range.end - 1 } : range;
}
