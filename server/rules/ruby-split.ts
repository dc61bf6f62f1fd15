/**
 * What Bundler leaves for the final stage. Ruby's image sets `GEM_HOME` and `BUNDLE_APP_CONFIG` to `/usr/local/bundle`:
 * https://github.com/docker-library/ruby/blob/master/Dockerfile.template, https://bundler.io/man/bundle-config.1.html
 */
import { normalise } from "../model/stage.ts";
import { listsDevelopment } from "./development-groups.ts";
import { insertArguments, keyword, replace } from "./edit.ts";
import type { Edit } from "./rule.ts";
import { type Building, NO_DEVELOPMENT, type SplitPart } from "./split-part.ts";

const BUNDLE = "/usr/local/bundle";

/** What is installed by Bundler and RubyGems; or why it is not known where that is. */
export function rubyPart(building: Building): SplitPart | string {
  const { stage } = building;
  const builds = building.builds("bundle", "gem");
  if (builds.length === 0) return {};
  if (stage.image?.repository !== "ruby" || stage.image.registry !== "docker.io")
    return "where gems are installed in this base image is not known";
  if (builds.some(({ step }) => stage.userBefore(step.run.instruction)?.isRoot !== true))
    return "gems are installed by another user than root";
  const { directory } = builds.at(-1)!.step;
  const variables = stage.environmentBefore();
  const own = variables.get("BUNDLE_PATH");
  if (own === null || variables.get("GEM_HOME") !== undefined) return "where gems are installed is not known";
  const isVendored =
    Boolean(variables.get("BUNDLE_DEPLOYMENT")) ||
    builds.some(({ command }) =>
      command.args.some(({ value }) => /^(?:--)?(?:deployment|path)(?:=|$)/.test(value ?? "")),
    );
  if (isVendored && own === undefined && directory === undefined) return "where gems are installed is not known";
  const edits: Edit[] = [];
  for (const { operation, command } of builds) {
    if (operation?.verb.value !== "config") continue;
    const words = command.args.map(({ value }) => value);
    if (words.includes("--local") || words.some((word) => word?.startsWith("build."))) continue;
    const global = command.args.find(({ value }) => value === "--global");
    const set = command.args.find(({ value }) => value === "set") ?? operation.verb;
    // Otherwise it is kept in root's home directory, which is not copied.
    edits.push(global ? replace(global, "--local") : insertArguments(command, set, "--local"));
  }
  const needless = building.needless("bundle").filter(listsDevelopment);
  return {
    shared: needless.length > 0 ? [`${keyword(stage, "ENV")} BUNDLE_WITHOUT="development:test"`] : [],
    assumptions: needless.length > 0 ? [NO_DEVELOPMENT] : [],
    outputs: [
      BUNDLE,
      ...(own ? [normalise(own.startsWith("/") ? own : `${directory}/${own}`)] : []),
      ...(isVendored && own === undefined ? [`${directory}/vendor/bundle`] : []),
    ],
    edits,
  };
}
