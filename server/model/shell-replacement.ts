/** Whether an instruction may put another shell at `/bin/sh`. */
import type { Instruction } from "../syntax/parse.ts";

/** @param source the text that it stands in. */
export function replacesShell(source: string, instruction: Instruction): boolean {
  switch (instruction.keyword) {
    case "RUN": {
      const text = source.slice(instruction.range.start, instruction.range.end);
      return /\b(?:ln|cp|mv|rm|install|dpkg-divert|update-alternatives)\b[^;&|\n]*\/bin\/sh(?![\w.])|\bdash\/sh\b|\bdpkg-reconfigure\b[^;&|\n]*\bdash\b/.test(
        text.replace(/\\\r?\n/g, " "),
      );
    }
    case "COPY":
    case "ADD": {
      const words = instruction.arguments.map(({ value }) => value);
      const destination = words.at(-1) ?? "";
      if (/^(?:\/usr)?\/bin\/sh$/.test(destination)) return true;
      return (
        /^(?:\/usr)?(?:\/bin)?\/?$/.test(destination) &&
        words.slice(0, -1).some((word) => /^\/$|\/bin\/?$|\/\*$/.test(word))
      );
    }
    default:
      return false;
  }
}
