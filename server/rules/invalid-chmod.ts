import { judgedInstructions } from "../model/frontend.ts";
import { replace } from "./edit.ts";
import { defineRule, unsafe } from "./rule.ts";

/** As BuildKit's `dispatchCopy` has it (frontend/dockerfile/dockerfile2llb/convert_copy.go). */
export default defineRule({
  id: "invalid-chmod",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    for (const instruction of judgedInstructions(dockerfile)) {
      const value = /^(?:COPY|ADD)$/.test(instruction.keyword) ? instruction.flag("chmod")?.value : undefined;
      if (!value || value.value.includes("$") || /\{\{|<|%[%{]|@@/.test(value.value)) continue;
      const problem = problemOf(value.value);
      if (!problem) continue;
      const meant = respelt(value.value);
      yield {
        at: value.range,
        message: problem,
        fixes: meant === undefined ? [] : [unsafe(`Write \`${meant}\``, replace(value, meant))],
      };
    }
  },
});

function problemOf(mode: string): string | undefined {
  if (/^[0-7]+$/.test(mode))
    return Number.parseInt(mode, 8) > 0o7777 ? `\`${mode}\` is no mode: the highest is \`7777\`` : undefined;
  if (mode === "" || SYMBOLIC.test(mode)) return undefined;
  return `\`${mode}\` is no mode: an octal one such as \`755\`, and a symbolic one such as \`u+x\`, is`;
}

/** github.com/tonistiigi/dchapes-mode: a clause may have several operators, `u=rw+x`. */
const SYMBOLIC = /^[augo]*(?:[-+=][rstwXxugo]*)+(?:,[augo]*(?:[-+=][rstwXxugo]*)+)*$/;

/** `0o755` -> `755`, `rwxr-xr-x` -> `755`. */
function respelt(mode: string): string | undefined {
  const digits = /^0o([0-7]{3,4})$/i.exec(mode)?.[1];
  if (digits !== undefined) return digits;
  if (!/^-?(?:[r-][w-][x-]){3}$/.test(mode)) return undefined;
  const bits = [...mode.slice(-9)].map((char) => (char === "-" ? 0 : 1));
  return [0, 3, 6].map((at) => bits[at]! * 4 + bits[at + 1]! * 2 + bits[at + 2]!).join("");
}
