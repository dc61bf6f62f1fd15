import { baseName, type Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { insertCommandAfter } from "./edit.ts";
import { named } from "./options.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";
import { transferOptions } from "./transfer.ts";

export default defineRule({
  id: "leftover-archive",
  category: "efficiency",
  severity: "info",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  concerns: "image",
  mentions: /curl|wget/i,

  *check(dockerfile) {
    for (const run of dockerfile.runs) {
      if (!run.stage.isInImage) continue;
      const downloads = run.commands.flatMap((command) => downloadedNames(command).map((name) => ({ command, name })));
      for (const { command: download, name } of downloads) {
        const unpacking = run.commands
          .filter(({ range }) => range.start > download.range.end)
          .map((command) => ({ command, word: unpackedBy(command, name) }))
          .find(({ word }) => word !== undefined);
        if (!unpacking?.word || isMountedOrDeleted(run, unpacking.command, unpacking.word, name)) continue;
        if (mentionedBelow(run, name)) continue;
        yield {
          at: unpacking.word.range,
          message: `\`${name}\` stays in the layer beside what \`${unpacking.command.program}\` takes out of it`,
          related: [{ at: download.programWord!.range, message: "It is downloaded here" }],
          ...deletion(run, unpacking.command, unpacking.word),
        };
      }
    }
  },
});

/** What is unpacked or installed from one file; `gunzip` and its like take the file away themselves. */
const UNPACKERS = /^(?:tar|bsdtar|unzip|7z|7za|7zr|dpkg|rpm|cpio|unrar)$/;

/** The names of the files that it saves, as they are written. */
function downloadedNames(command: Command): readonly string[] {
  const options = transferOptions(command);
  if (!options) return [];
  const isCurl = command.program === "curl";
  const files = named(options, ...(isCurl ? ["-o", "--output"] : ["-O", "--output-document"]));
  const given = files.flatMap(({ valueText }) => (valueText === undefined ? [] : [plain(valueText)]));
  if (given.length > 0) return given.filter((name) => name !== "-").map(baseName);
  if (isCurl && named(options, "-O", "--remote-name", "--remote-name-all").length === 0) return [];
  // A server may call it otherwise.
  if (named(options, "-J", "--remote-header-name", "--content-disposition", "-i", "--input-file").length > 0) return [];
  return options.operands
    .map(({ text }) => plain(text))
    .filter((url) => !/[?#]/.test(url))
    .map(baseName);
}

/** The word with which a command names the archive that it reads. */
function unpackedBy({ program = "", args }: Command, name: string): ShellWord | undefined {
  if (!UNPACKERS.test(program) || !/\.\w+$/.test(name)) return undefined;
  const [first] = args;
  if (
    /tar$/.test(program) &&
    !args.some(({ value = "" }) => /^-\w*x|^--(?:extract|get)$/.test(value)) &&
    !/^\w*x/.test(first?.value ?? "")
  )
    return undefined;
  if (program === "dpkg" && !args.some(({ value = "" }) => /^-\w*[ix]|^--(?:install|extract)$/.test(value)))
    return undefined;
  if (program === "rpm" && !args.some(({ value = "" }) => /^-\w*[iUF]|^--(?:install|upgrade)/.test(value)))
    return undefined;
  if (program.startsWith("7z") && first?.value !== "x" && first?.value !== "e") return undefined;
  return args.find(({ text }) => !text.startsWith("-") && baseName(plain(text)) === name);
}

function isMountedOrDeleted(run: Run, unpacking: Command, word: ShellWord, name: string): boolean {
  if (run.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) return true;
  const path = plain(word.text);
  return run.commands.some(({ program = "", args, range }) => {
    if (range.start < unpacking.range.start) return false;
    if (/^(?:cp|mv|install)$/.test(program)) return args.some(({ text }) => plain(text).includes(name));
    // `cd .. && rm -rf build` deletes it as well.
    if (!/^(?:rm|find|unlink|trap|make)$/.test(program))
      return range.start > unpacking.range.start && /clean/i.test(program);
    return args.some(({ text }) => {
      const said = plain(text).replace(/\/+$/, "");
      return (
        baseName(said) === name ||
        /[*?[$]/.test(said) ||
        path.startsWith(`${said}/`) ||
        program === "find" ||
        (!said.startsWith("-") && !/\.\w+$/.test(said))
      );
    });
  });
}

/** Another instruction, or what the container starts, speaks of it. */
function mentionedBelow(run: Run, name: string): boolean {
  const { text } = run.stage.dockerfile;
  const { start, end } = run.instruction.range;
  return text.slice(0, start).includes(name) || text.slice(end).includes(name);
}

function deletion(run: Run, unpacking: Command, word: ShellWord): Pick<Finding, "fixes" | "refusal"> {
  const text = `rm ${word.text}`;
  const edit = /\n/.test(word.text) ? undefined : insertCommandAfter(run, text, unpacking);
  if (!edit) return { refusal: "there is no place in this script where another command could simply follow" };
  return { fixes: [assuming(unsafe(`Add \`${text}\``, edit), "Nothing else reads the archive.")] };
}

function plain(text: string): string {
  return text.replace(/["']/g, "");
}
