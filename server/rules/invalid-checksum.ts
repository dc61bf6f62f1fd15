import { judgedInstructions } from "../model/frontend.ts";
import type { Instruction } from "../syntax/parse.ts";
import { replace } from "./edit.ts";
import { defineRule, type Finding, unsafe } from "./rule.ts";

/** As BuildKit's `dispatchCopy` has it (frontend/dockerfile/dockerfile2llb/convert_copy.go). */
export default defineRule({
  id: "invalid-checksum",
  category: "correctness",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL1000", "sonar/S2260"],
  fix: "unsafe",
  assumes: "What it corrects to is what was meant.",

  *check(dockerfile) {
    for (const instruction of judgedInstructions(dockerfile)) {
      const finding = instruction.keyword === "ADD" ? judge(instruction) : undefined;
      if (finding) yield finding;
    }
  },
});

function judge(instruction: Instruction): Finding | undefined {
  const flag = instruction.flag("checksum");
  const { value } = flag ?? {};
  if (!flag || !value || value.value === "" || /\$|\{\{|<|%[%{]|@@/.test(value.value)) return undefined;
  const bodies = instruction.heredocs.map(({ range }) => range.start);
  const sources = instruction.arguments.slice(0, -1).filter(({ range }) => !bodies.includes(range.start));
  const [source] = sources;
  if (!source) return undefined;
  if (sources.length > 1) return { at: flag.range, message: "`--checksum` is of one source, and there are more" };
  if (source.variables.length > 0) return undefined;
  if (isLocal(source.value)) {
    return {
      at: flag.range,
      message: "`--checksum` is of what is downloaded, and this comes from the build context",
      related: [{ at: source.range, message: "the source" }],
    };
  }
  // Of a Git repository it is a commit.
  if (!/^https?:\/\//i.test(source.value) || /\.git(?:[#?/]|$)|[#?]/.test(source.value)) return undefined;
  const problem = problemOf(value.value);
  if (!problem) return undefined;
  const meant = respelt(value.value);
  return {
    at: value.range,
    message: problem,
    fixes: meant === undefined ? [] : [unsafe(`Write \`${shortened(meant)}\``, replace(value, meant))],
  };
}

/** No URL, and nothing that could be a Git repository. */
function isLocal(source: string): boolean {
  return !/[:@]|\.git|^(?:github|gitlab)\./.test(source) && !/\{\{|<|%[%{]/.test(source);
}

/** The digits of each, in hexadecimal. */
const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Another algorithm may be known to a newer builder. */
function problemOf(checksum: string): string | undefined {
  const [, algorithm, digits = ""] = /^([^:]*):(.*)$/.exec(checksum) ?? [];
  if (algorithm === undefined) return "A checksum begins with its algorithm: `sha256:...`";
  if (/^(?:md5|sha-?1)$/i.test(algorithm))
    return `\`${algorithm}\` is no algorithm that the builder takes: \`sha256\` is`;
  const length = LENGTHS[algorithm];
  if (length === undefined) {
    const known = algorithm.toLowerCase().replace("-", "");
    return known in LENGTHS ? `The algorithm is written \`${known}\`` : undefined;
  }
  if (!/^[0-9a-f]*$/i.test(digits))
    return `The checksum has more in it than the digits \`0\` to \`9\` and \`a\` to \`f\``;
  if (digits.length !== length) return `A ${algorithm} checksum has ${length} digits, and this has ${digits.length}`;
  return digits === digits.toLowerCase() ? undefined : "The digits of a checksum are in lower case";
}

/** With its algorithm, and in lower case; `undefined`: that does not make it right. */
function respelt(checksum: string): string | undefined {
  const [, name = "", digits = ""] = /^(?:(sha-?\d+)[:=])?([0-9a-f]+)$/i.exec(checksum) ?? [];
  const algorithm =
    name === ""
      ? Object.keys(LENGTHS).find((one) => LENGTHS[one] === digits.length)
      : name.toLowerCase().replace("-", "");
  if (algorithm === undefined || LENGTHS[algorithm] !== digits.length) return undefined;
  return `${algorithm}:${digits.toLowerCase()}`;
}

function shortened(checksum: string): string {
  return `${checksum.slice(0, checksum.indexOf(":") + 13)}...`;
}
