import type { Dockerfile } from "../model/dockerfile.ts";
import { removeInstruction } from "./edit.ts";
import { type Finding, safe, unsafe } from "./rule.ts";

/** The instructions of a stage that a later one of the same keyword makes dead. */
export function* deadInstructions(
  dockerfile: Dockerfile,
  keyword: "CMD" | "ENTRYPOINT" | "HEALTHCHECK",
): Generator<Finding> {
  const { syntax } = dockerfile;
  for (const { instructions } of dockerfile.stages) {
    // One without anything behind it is being typed.
    const same = instructions.filter((one) => one.keyword === keyword && !one.onbuild && one.rest.text !== "");
    const last = same.pop();
    for (const dead of same) {
      const edit = removeInstruction(syntax, dead);
      yield {
        at: dead.range,
        message: `Only the last \`${keyword}\` of a stage counts, so this one does nothing`,
        related: [{ at: last!.range, message: "the one that counts" }],
        fixes: [(dead.comments.length > 0 ? unsafe : safe)(`Delete this \`${keyword}\``, edit)],
      };
    }
  }
}
