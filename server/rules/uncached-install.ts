import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { insertAfter } from "./edit.ts";
import { removeArguments } from "./package-rules.ts";
import { assuming, defineRule, type Edit, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "uncached-install",
  category: "efficiency",
  severity: "hint",
  weight: "low",
  aliases: [],
  fix: "unsafe",
  enabled: false,

  *check(dockerfile) {
    for (const run of dockerfile.runs) {
      // In the image's own stages the download must not stay at all, which is what other rules are about.
      if (run.stage.isInImage || run.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) continue;
      const found = run.commands.flatMap((command) => {
        const tool = TOOLS.find(
          ({ program, verb }) => program.test(command.program ?? "") && verb.test(verbOf(command)),
        );
        return tool ? [{ command, tool }] : [];
      })[0];
      if (!found) continue;
      const { command, tool } = found;
      const environment = run.stage.environmentBefore(run.instruction);
      if ([...environment.keys()].some((name) => tool.variables.test(name))) continue;
      yield {
        at: { start: command.programWord!.range.start, end: command.programWord!.range.end },
        message: `\`${command.program!.startsWith("python") ? "pip" : command.program}\` downloads everything again whenever this layer is built`,
        ...repair(run, tool),
      };
    }
  },
});

interface Tool {
  readonly program: RegExp;
  /** The arguments, written together. */
  readonly verb: RegExp;
  /** Variables that put the cache elsewhere. */
  readonly variables: RegExp;
  /** Of root. */
  readonly folders: readonly string[];
}

const TOOLS: readonly Tool[] = [
  {
    program: /^npm$/,
    verb: /^(?:ci|ic|i|in|install|add|clean-install)\b/,
    variables: /^npm_config_cache$/i,
    folders: ["/root/.npm"],
  },
  {
    program: /^yarn$/,
    verb: /^(?:install|add)?(?: |$)/,
    variables: /^YARN_/,
    folders: ["/usr/local/share/.cache/yarn"],
  },
  {
    program: /^(?:pip[\d.]*|python[\d.]*)$/,
    verb: /^(?:-m pip )?install\b/,
    variables: /^(?:PIP_CACHE_DIR|PIP_NO_CACHE_DIR|XDG_CACHE_HOME)$/,
    folders: ["/root/.cache/pip"],
  },
  {
    program: /^uv$/,
    verb: /^(?:sync|pip install)\b/,
    variables: /^(?:UV_CACHE_DIR|UV_NO_CACHE|XDG_CACHE_HOME)$/,
    folders: ["/root/.cache/uv"],
  },
  {
    program: /^go$/,
    verb: /^(?:mod download|build|install)\b/,
    variables: /^(?:GOMODCACHE|GOCACHE|GOFLAGS)$/,
    folders: ["/go/pkg/mod", "/root/.cache/go-build"],
  },
  {
    program: /^cargo$/,
    verb: /^(?:build|fetch|install)\b/,
    variables: /^CARGO_HOME$/,
    folders: ["/usr/local/cargo/registry", "/usr/local/cargo/git/db"],
  },
  {
    program: /^mvnw?$/,
    verb: /\b(?:package|install|verify|compile|dependency:\S+)\b/,
    variables: /^MAVEN_OPTS$/,
    folders: ["/root/.m2"],
  },
  { program: /^gradlew?$/, verb: /\S/, variables: /^GRADLE_USER_HOME$/, folders: ["/root/.gradle"] },
  {
    program: /^dotnet$/,
    verb: /^(?:restore|build|publish)\b/,
    variables: /^NUGET_PACKAGES$/,
    folders: ["/root/.nuget/packages"],
  },
  {
    program: /^composer$/,
    verb: /^install\b/,
    variables: /^COMPOSER_(?:CACHE_DIR|HOME)$/,
    folders: ["/root/.composer/cache"],
  },
];

/** The arguments but the options before the first of them, up to where something is not known. */
function verbOf({ args }: Command): string {
  const words = args.map(({ value, text }) => value ?? text);
  const first = words.findIndex((word) => !word.startsWith("-") || word === "-m");
  return first === -1 ? "" : words.slice(first).join(" ");
}

function repair(run: Run, { folders }: Tool): Pick<Finding, "fixes" | "refusal"> {
  const { instruction, stage } = run;
  if (stage.userBefore(instruction)?.isRoot !== true)
    return { refusal: "where the cache is, and whose it has to be, depends on a user that is not known to be root" };
  if (
    run.commands.some(({ words }) =>
      /\bcache (?:clean|purge|clear|prune)|\bclear-?cache|\.cache|\.npm/.test(words.map(({ text }) => text).join(" ")),
    )
  )
    return { refusal: "the cache is emptied here as well" };
  const mounts = folders.map((folder) => ` --mount=type=cache,target=${folder}`).join("");
  const edits: Edit[] = [insertAfter(instruction.flags.at(-1)?.range ?? instruction.keywordRange, mounts)];
  for (const other of run.commands)
    for (const word of other.args) if (word.value === "--no-cache-dir") edits.push(removeArguments(run, other, word));
  return {
    fixes: [
      assuming(
        unsafe("Keep the downloads in a cache mount", edits),
        "the image is built with BuildKit, which Docker has used since version 23",
      ),
    ],
  };
}
