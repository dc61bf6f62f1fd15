import { isAbsolute, normalise, type Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { insertBefore, replace } from "./edit.ts";
import { assuming, changing, defineRule, type Fix, safe, unsafe } from "./rule.ts";

export default defineRule({
  id: "relative-workdir",
  category: "correctness",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL3000",
    "buildkit/WorkdirRelativePath",
    "trivy/DS-0009",
    "checkov/CKV_DOCKER_10",
    "kics/workdir_path_not_absolute",
    "semgrep/use-absolute-workdir",
    "sonar/S7021",
  ],
  fix: "safe",
  assumes: "The build argument in the `WORKDIR` above has no other value than here.",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "WORKDIR" || instruction.rest.text === "") continue;
        const path = stage.expand(instruction.rest.text, instruction);
        if (path === undefined || path === "" || isAbsolute(path)) continue;
        const isFirst = !stage.last("WORKDIR", instruction);
        const directory = stage.workdirBefore(instruction);
        yield {
          at: instruction.rest.range,
          message: isFirst
            ? `\`${path}\` is relative to the working directory of the base image`
            : `\`${path}\` is relative to the \`WORKDIR\` above it`,
          ...(isFirst ? {} : { severity: "hint" }),
          ...repair(stage, instruction, path, directory),
        };
      }
    }
  },
});

function repair(
  stage: Stage,
  instruction: Instruction,
  path: string,
  directory: string | undefined,
): { fixes?: Fix[]; refusal?: string } {
  const { rest, comments } = instruction;
  if (path.startsWith("~")) return { refusal: "`WORKDIR` knows no home directories: this is a directory called `~`" };
  if (stage.base.distribution === "windows") return { refusal: "which drive is meant is not known" };
  if (comments.length > 0) return { refusal: "a comment stands inside of the instruction" };
  const isPlain = rest.text === path;
  // `../x` behind a prefix would be right, but not readable.
  if (!isPlain && /^\.\.?(?:\/|$)/.test(path)) return { refusal: "the path is made of variables or quotes" };
  const above = directory ?? assumedDirectory(stage, instruction);
  if (above === undefined) return { refusal: "what the `WORKDIR` above says is not known" };
  const absolute = normalise(`${above}/${path}`);
  const start = rest.rangeOf(/^["']/.test(rest.text) ? 1 : 0, 1);
  const edit = isPlain ? replace(rest.range, absolute) : insertBefore(start, above === "/" ? "/" : `${above}/`);
  const title = isPlain ? `Write \`${absolute}\`` : "Write the absolute path";
  // A build argument may move it.
  const isFixed = stage
    .effective(instruction)
    .every((one) => one.keyword !== "WORKDIR" || !one.rest.text.includes("$"));
  const fix =
    directory === undefined
      ? assuming(unsafe(title, edit), "The base image's working directory is `/`.")
      : (isFixed ? safe : unsafe)(title, edit);
  return { fixes: [changing(fix, "WORKDIR")] };
}

/** Where a stage is, if its base image starts in `/`: relative paths add up. */
function assumedDirectory(stage: Stage, instruction: Instruction): string | undefined {
  let directory: string | undefined = "/";
  for (const one of stage.effective(instruction)) {
    if (one.keyword !== "WORKDIR" || one === instruction) continue;
    const path = stage.expand(one.rest.text, one);
    if (path === undefined || directory === undefined) directory = undefined;
    else directory = isAbsolute(path) ? normalise(path) : normalise(`${directory}/${path}`);
  }
  return directory;
}
