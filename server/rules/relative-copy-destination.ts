import { isAbsolute } from "../model/stage.ts";
import { insertBefore } from "./edit.ts";
import { defineRule, safe } from "./rule.ts";

export default defineRule({
  id: "relative-copy-destination",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3045"],
  fix: "safe",

  *check({ stages }) {
    for (const stage of stages) {
      // A `WORKDIR` would answer for all of them.
      let isFirst = true;
      for (const instruction of stage.instructions) {
        const { keyword } = instruction;
        if (keyword !== "COPY" && keyword !== "ADD") continue;
        const words = instruction.arguments;
        if (words.length < 2) continue;
        const destination = words.at(-1)!;
        const path = stage.resolve(destination, instruction);
        if (path === undefined || path === "" || isAbsolute(path) || stage.last("WORKDIR", instruction)) continue;
        const { start } = destination.range;
        const place = /^["']/.test(destination.text) ? start + 1 : start;
        // `./x` behind a slash would be right, but not readable.
        const isKnown = stage.workdirBefore(instruction) === "/" && !path.startsWith(".");
        yield {
          at: destination.range,
          message: `\`${path}\` is relative to the working directory of the base image`,
          ...(isFirst ? {} : { weight: "none" }),
          ...(isKnown
            ? { fixes: [safe("Write the absolute path", insertBefore({ start: place, end: place }, "/"))] }
            : { refusal: "a `WORKDIR` above would say where that is" }),
        };
        isFirst = false;
      }
    }
  },
});
