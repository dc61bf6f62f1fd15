import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import { CONDA, isCondaImage } from "./conda-environment.ts";
import { insertAfter, insertArguments, prependCommand, removeItem, replace } from "./edit.ts";
import { APT, laterListUses, removeArguments } from "./package-rules.ts";
import { assuming, defineRule, type Edit, type Finding, onRequest, unsafe } from "./rule.ts";

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
      if (run.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) continue;
      const found = run.commands.flatMap((command) => {
        const tool = TOOLS.find(
          ({ program, verb }) => program.test(command.program ?? "") && verb.test(verbOf(command)),
        );
        return tool ? [{ command, tool }] : [];
      })[0];
      if (!found) continue;
      const { command, tool } = found;
      if (foldersOf(tool, run).length === 0) continue;
      const environment = run.stage.environmentBefore(run.instruction);
      if ([...environment.keys()].some((name) => tool.variables.test(name))) continue;
      yield {
        at: { start: command.programWord!.range.start, end: command.programWord!.range.end },
        message: `\`${command.program!.startsWith("python") ? "pip" : command.program}\` downloads everything again whenever this layer is built`,
        ...(run.stage.isInImage ? uponRequest(repair(run, command, tool)) : repair(run, command, tool)),
      };
    }
  },
});

/** In the image's own stages the download must not stay, which other rules see to in their way: a mount is for who asks for it. */
function uponRequest({ fixes, refusal }: Pick<Finding, "fixes" | "refusal">): Pick<Finding, "fixes" | "refusal"> {
  return fixes ? { fixes: fixes.map(onRequest) } : { refusal: refusal! };
}

interface Tool {
  readonly program: RegExp;
  /** The arguments, written together. */
  readonly verb: RegExp;
  /** Variables that put the cache elsewhere. */
  readonly variables: RegExp;
  /** Of root; what depends on the place is computed. */
  readonly folders: readonly string[] | ((run: Run) => readonly string[]);
  /** Two builds at once would disturb each other. */
  readonly isExclusive?: true;
  /** It works with lists of packages, which an earlier layer may have brought. */
  readonly hasLists?: true;
  /** What keeps the tool from keeping its downloads is taken away first. */
  readonly unblocking?: (program: string) => string;
  /** What the command itself needs to keep its downloads. */
  readonly adapting?: (run: Run, command: Command) => readonly Edit[];
}

const NONE = /^(?!)/;

/** Debian's and Ubuntu's images delete what apt downloads; and `apt`, unlike `apt-get`, does so itself: apt.conf(5). */
const UNCLEANING = "rm -f /etc/apt/apt.conf.d/docker-clean";
const KEEPING = "echo 'Binary::apt::APT::Keep-Downloaded-Packages \"true\";' > /etc/apt/apt.conf.d/keep-cache";

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
    // Since version 2: https://yarnpkg.com/configuration/yarnrc#globalFolder
    folders: (run) => (isBerry(run) ? ["/root/.yarn/berry/cache"] : ["/usr/local/share/.cache/yarn"]),
  },
  {
    program: /^pnpm$/,
    verb: /^(?:install|i|add|fetch|deploy)\b/,
    variables: /^(?:npm_config_store_dir|XDG_DATA_HOME)$/i,
    // https://pnpm.io/settings#storedir
    folders: (run) => [`${environmentOf(run, "PNPM_HOME") ?? "/root/.local/share/pnpm"}/store`],
  },
  {
    program: /^bun$/,
    verb: /^(?:install|i|add|ci)\b/,
    variables: /^BUN_INSTALL/,
    folders: ["/root/.bun/install/cache"],
  },
  {
    program: /^poetry$/,
    verb: /^(?:install|sync)\b/,
    variables: /^(?:POETRY_CACHE_DIR|XDG_CACHE_HOME)$/,
    // Beside them are the virtual environments, which have to stay.
    folders: ["/root/.cache/pypoetry/cache", "/root/.cache/pypoetry/artifacts"],
  },
  {
    program: /^apt(?:-get)?$/,
    verb: /^(?:update|install)\b/,
    variables: /^APT_CONFIG$/,
    // https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages
    folders: ["/var/cache/apt", "/var/lib/apt"],
    isExclusive: true,
    hasLists: true,
    unblocking: (program) => (program === "apt" ? `${UNCLEANING} && ${KEEPING}` : UNCLEANING),
  },
  {
    program: /^apk$/,
    verb: /^(?:add|update|upgrade)\b/,
    variables: NONE,
    // The directory alone makes apk keep what it downloads: https://wiki.alpinelinux.org/wiki/Local_APK_cache
    folders: ["/etc/apk/cache"],
    isExclusive: true,
    adapting: updating,
  },
  {
    program: /^(?:dnf|yum|microdnf)$/,
    verb: /^(?:install|update|upgrade|groupinstall|makecache|builddep)\b/,
    variables: NONE,
    folders: rpmFolders,
    isExclusive: true,
    adapting: keeping,
  },
  {
    program: /^zypper$/,
    verb: /^(?:install|in|update|up|dup|patch)\b/,
    variables: NONE,
    folders: ["/var/cache/zypp"],
    isExclusive: true,
    // https://opensuse.github.io/libzypp and zypper(8): packages are removed behind their installation otherwise.
    unblocking: () => "zypper modifyrepo --keep-packages --all",
  },
  {
    program: /^(?:pip[\d.]*|python[\d.]*)$/,
    verb: /^(?:-m pip )?install\b/,
    variables: /^(?:PIP_CACHE_DIR|PIP_NO_CACHE_DIR|XDG_CACHE_HOME)$/,
    folders: ["/root/.cache/pip"],
  },
  {
    program: /^(?:conda|mamba)$/,
    verb: /^(?:install|create|update|env (?:create|update))\b/,
    variables: /^(?:CONDA_PKGS_DIRS|CONDARC|MAMBA_ROOT_PREFIX)$/,
    // Beside what is there of conda's own; files of a mount are copied instead of linked.
    folders: ({ stage }) => (isCondaImage(stage.lineage[0]!) ? [`${CONDA}/pkgs`] : []),
    isExclusive: true,
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
    // The image `composer` has COMPOSER_HOME=/tmp: github.com/composer/docker
    folders: ({ stage }) =>
      stage.lineage[0]!.image?.repository === "composer" ? ["/tmp/cache"] : ["/root/.composer/cache"],
  },
];

const EMPTYING =
  /\bcache (?:clean|purge|clear|prune)|\bclear-?cache|\b(?:conda|mamba) clean\b|^rm .*(?:\.cache|\.npm|\/var\/lib\/apt|\/var\/cache\/(?:apt|apk|dnf|yum|libdnf5|zypp)|\/etc\/apk\/cache)|\b(?:apt|apt-get) (?:auto|dist-?)?clean\b|\b(?:dnf|yum|microdnf|zypper) (?:-\S+ )*(?:clean|cc)\b/;

function foldersOf({ folders }: Tool, run: Run): readonly string[] {
  return typeof folders === "function" ? folders(run) : folders;
}

function removal(run: Run, command: Command): Edit | undefined {
  const script = run.scriptOf(command);
  const item = command.shell?.item;
  // `rm -rf /tmp/x ~/.cache` deletes more than that.
  const isOnly = command.program !== "rm" || command.args.filter(({ text }) => !text.startsWith("-")).length === 1;
  if (!script || !item || item.command !== command.shell || item.index === 0 || !isOnly) return undefined;
  return removeItem(run.stage.dockerfile.syntax, script, item);
}

/** The arguments but the options before the first of them, up to where something is not known. */
function verbOf({ args }: Command): string {
  const words = args.map(({ value, text }) => value ?? text);
  const first = words.findIndex((word) => !word.startsWith("-") || word === "-m");
  return first === -1 ? "" : words.slice(first).join(" ");
}

function isBerry({ stage }: Run): boolean {
  const { files } = stage.dockerfile.context;
  return (
    typeof files?.[".yarnrc.yml"] === "string" ||
    /"packageManager"\s*:\s*"yarn@[2-9]/.test(files?.["package.json"] ?? "")
  );
}

/** apk reads its index anew, and does not do without a cache. */
function updating(run: Run, command: Command): readonly Edit[] {
  const words = command.args.filter(({ value }) => /^(?:--no-cache|--update|--update-cache|-U)$/.test(value ?? ""));
  const uncached = words.filter(({ value }) => value === "--no-cache");
  const [first, ...others] = uncached;
  if (!first) {
    const verb = command.args.find(({ value }) => value === "add" || value === "upgrade");
    const updated = run.commands.some(
      ({ program, args }) => program === "apk" && args.some(({ value }) => value === "update"),
    );
    return words.length > 0 || updated || !verb ? [] : [insertArguments(command, verb, "--update-cache")];
  }
  const removed = words.length > uncached.length ? uncached : others;
  return [
    ...(removed.includes(first) ? [] : [replace(first, first.text.replace("--no-cache", "--update-cache"))]),
    ...removed.map((word) => removeArguments(run, command, word)),
  ];
}

/** dnf and its kin delete packages once they are installed: dnf.conf(5). */
function keeping(_run: Run, command: Command): readonly Edit[] {
  if (command.args.some(({ text }) => text.includes("keepcache"))) return [];
  const verb = command.args.find(({ value }) => value !== undefined && !value.startsWith("-"));
  return verb ? [insertArguments(command, verb, "--setopt=keepcache=1")] : [];
}

/** https://dnf5.readthedocs.io/en/latest/dnf5.conf.5.html: since Fedora 41. `yum` is dnf since RHEL 8. */
function rpmFolders({ stage, commands }: Run): readonly string[] {
  const { distribution, release } = stage.base;
  const major = Number.parseInt(release ?? "", 10);
  if (distribution === "fedora") return [major < 41 ? "/var/cache/dnf" : "/var/cache/libdnf5"];
  const isOld = distribution === "amazon" ? major === 2 : major < 8;
  const isSmall = commands.some(({ program }) => program === "microdnf");
  return [isSmall || isOld ? "/var/cache/yum" : "/var/cache/dnf"];
}

function environmentOf({ stage, instruction }: Run, name: string): string | undefined {
  return stage.environmentBefore(instruction).get(name) ?? undefined;
}

function repair(run: Run, command: Command, tool: Tool): Pick<Finding, "fixes" | "refusal"> {
  const { instruction, stage } = run;
  const folders = foldersOf(tool, run);
  if (stage.userBefore(instruction)?.isRoot !== true)
    return { refusal: "where the cache is, and whose it has to be, depends on a user that is not known to be root" };
  if (tool.hasLists && laterListUses(run).length > 0)
    return { refusal: "a `RUN` below works with the package lists that this one leaves" };
  const firstApt = run.packageOperations.find(({ manager }) => APT.includes(manager));
  if (tool.hasLists && firstApt?.action !== "update")
    return { refusal: "it works with the package lists of an earlier layer, which the mount would hide" };
  const sharing = tool.isExclusive ? ",sharing=locked" : "";
  const mounts = folders.map((folder) => ` --mount=type=cache,target=${folder}${sharing}`).join("");
  const edits: Edit[] = [insertAfter(instruction.flags.at(-1)?.range ?? instruction.keywordRange, mounts)];
  // What empties the cache would empty the mount.
  const emptying = run.commands.filter(({ words }) => EMPTYING.test(words.map(({ text }) => text).join(" ")));
  for (const one of emptying) {
    const edit = removal(run, one);
    if (!edit || emptying.length > 1) return { refusal: "the cache is emptied here as well" };
    edits.push(edit);
  }
  if (tool.unblocking) {
    const first = run.commands.find((one) => one.program === command.program)!;
    const unblocking = tool.unblocking(command.program!);
    const edit = prependCommand(run, unblocking, first);
    if (!edit) return { refusal: `\`${unblocking}\` has to come first, for which there is no place` };
    edits.push(edit);
  }
  for (const one of run.commands)
    if (tool.adapting && one.program === command.program && tool.verb.test(verbOf(one)))
      edits.push(...tool.adapting(run, one));
  for (const other of run.commands)
    for (const word of other.args) if (word.value === "--no-cache-dir") edits.push(removeArguments(run, other, word));
  return {
    fixes: [
      assuming(
        unsafe("Keep the downloads in a cache mount", edits),
        "The image is built with BuildKit, which Docker has used since version 23.",
      ),
    ],
  };
}
