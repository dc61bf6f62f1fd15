import { judgedInstructions } from "../model/frontend.ts";
import { closest } from "../model/similar.ts";
import type { Instruction } from "../syntax/parse.ts";
import { replace } from "./edit.ts";
import { changing, defineRule, type Fix, unsafe } from "./rule.ts";

/** As github.com/moby/sys/signal has them for Linux; `RTMIN+n` and `RTMAX-n` besides. */
const SIGNALS =
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX".split(
    " ",
  );

export default defineRule({
  id: "invalid-stop-signal",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    for (const instruction of judgedInstructions(dockerfile)) {
      const { keyword, rest } = instruction;
      if (keyword !== "STOPSIGNAL" || rest.text === "" || /\$|\{\{|<|%[%{]|@@/.test(rest.text)) continue;
      const { value, range } = instruction.word(rest, { start: 0, end: rest.text.length });
      if (isSignal(value)) continue;
      yield { at: range, message: `There is no signal \`${value}\``, fixes: repairs(instruction, value) };
    }
  },
});

function isSignal(text: string): boolean {
  if (/^[-+]?\d+$/.test(text)) return Number(text) !== 0;
  const name = text.toUpperCase().replace(/^SIG/, "");
  return /^(?:RTMIN\+(?:[1-9]|1[0-5])|RTMAX-(?:[1-9]|1[0-4]))$/.test(name) || SIGNALS.includes(name);
}

function repairs({ rest }: Instruction, value: string): readonly Fix[] {
  // The whole line is its name, a comment at its end too.
  const [first = "", more] = value.split(/\s+#/);
  const names = /^SIG/i.test(first) ? SIGNALS.map((name) => `SIG${name}`) : SIGNALS;
  const meant = more !== undefined && isSignal(first.trim()) ? first.trim() : closest(first.trim(), names);
  if (meant === undefined) return [];
  return [changing(unsafe(`Write \`${meant}\``, replace(rest.rangeOf(0, rest.text.length), meant)), "STOPSIGNAL")];
}
