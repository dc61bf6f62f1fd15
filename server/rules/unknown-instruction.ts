import { isDockerFrontend } from "../model/frontend.ts";
import { closest } from "../model/similar.ts";
import { type Instruction, KEYWORDS } from "../syntax/parse.ts";
import { insertAfter, replace } from "./edit.ts";
import { changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";

export default defineRule({
  id: "unknown-instruction",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",
  judges: "stage",

  *check({ syntax }) {
    if (!isDockerFrontend(syntax)) return;
    // A template that a Dockerfile is made of.
    if (syntax.instructions.some(({ keyword }) => /^(?:\{\{|\{%|<%|%%)/.test(keyword))) return;
    for (const [index, outer] of syntax.instructions.entries()) {
      const instruction = outer.trigger ?? outer;
      if (KEYWORDS.has(instruction.keyword)) continue;
      const isLast = index === syntax.instructions.length - 1;
      if (isLast && isBeingTyped(instruction)) continue;
      yield {
        at: instruction.keywordRange,
        ...judge(syntax.text, syntax.escape, instruction, syntax.instructions[index - 1]),
      };
    }
  },
});

function isBeingTyped({ keyword, rest }: Instruction): boolean {
  return rest.text === "" && [...KEYWORDS].some((known) => known.startsWith(keyword));
}

function judge(
  text: string,
  escape: string,
  { keyword, keywordRange, onbuild }: Instruction,
  before: Instruction | undefined,
): Omit<Finding, "at"> {
  const written = text.slice(keywordRange.start, keywordRange.end);
  const message = "This is no instruction";
  // `RUN a &&`, and the next line at once.
  const gap = before && !onbuild ? text.slice(before.range.end, keywordRange.start) : "";
  if (before && /^[ \t]*\r?\n[ \t]*$/.test(gap) && /(?:&&|\|\||[|,;])$/.test(before.rest.text)) {
    return {
      message: `${message}, and the line above is not continued`,
      fixes: [all(unsafe("Continue the line above", insertAfter(before.rest.range, ` ${escape}`)))],
    };
  }
  const begun = [...KEYWORDS].filter((known) => known.startsWith(keyword));
  const suggestion = closest(keyword, KEYWORDS) ?? (begun.length === 1 ? begun[0] : undefined);
  if (!suggestion) return { message };
  const wanted = written === written.toLowerCase() ? suggestion.toLowerCase() : suggestion;
  return { message, fixes: [all(unsafe(`Write \`${suggestion}\``, replace(keywordRange, wanted)))] };
}

/** It may turn out to be anything. */
function all(fix: Fix): Fix {
  return changing(
    fix,
    ...(["stages", "images", "USER", "CMD", "ENTRYPOINT", "EXPOSE", "VOLUME"] as const),
    ...(["WORKDIR", "HEALTHCHECK", "STOPSIGNAL", "ENV", "LABEL"] as const),
  );
}
