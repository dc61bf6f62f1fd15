import assert from "node:assert/strict";
import { COMMANDS } from "../../server/cli/commands.ts";
import { renderMarkdown } from "../../server/cli/markdown.ts";
import { suggestion } from "../../server/cli/suggestion.ts";
import { folderOf, plimsoll } from "./host.ts";

describe("plimsoll", () => {
  it("shows the commands, on standard error when it was given none", async () => {
    const help = await plimsoll(folderOf({}), ["--help"]);
    for (const { name } of COMMANDS) assert.match(help.output, new RegExp(`^  ${name} `, "m"));
    assert.deepEqual(help, { code: 0, output: help.output, errors: "" });
    assert.deepEqual(await plimsoll(folderOf({}), []), { code: 2, output: "", errors: help.output });
    assert.deepEqual(await plimsoll(folderOf({}), ["help"]), help);
  });

  for (const { name, options } of COMMANDS) {
    it(`shows the options of ${name}`, async () => {
      const help = await plimsoll(folderOf({}), [name, "--help"]);
      assert.match(help.output, new RegExp(`^Usage: plimsoll ${name}`));
      for (const option of options) assert.ok(help.output.includes(`--${option.name}`), option.name);
      for (const line of help.output.split("\n")) assert.ok(line.length <= 120, line);
      assert.deepEqual([help.code, help.errors], [0, ""]);
      assert.deepEqual(await plimsoll(folderOf({}), ["help", name]), help);
      assert.deepEqual(await plimsoll(folderOf({}), [name, "-h"]), help);
    });
  }

  const mistakes: readonly [args: readonly string[], message: string][] = [
    [["chek"], '"chek" is not a command; did you mean check?'],
    [["lint-everything"], '"lint-everything" is not a command; `plimsoll --help` lists the commands'],
    [["Dockerfile"], '"Dockerfile" is not a command; to check it: plimsoll check Dockerfile'],
    [["--frmat"], '"--frmat" is not a command; `plimsoll --help` lists the commands'],
    [["rules", "DL3015"], 'rules takes no operands; leave out "DL3015"'],
    [["explain"], "explain needs a rule; `plimsoll explain --help` shows how it is used"],
    [["explain", "recomended-package"], 'there is no rule "recomended-package"; did you mean recommended-packages?'],
    [["explain", "dl3O15"], 'there is no rule "dl3O15"; did you mean DL3015?'],
    [["explain", "something"], 'there is no rule "something"; `plimsoll rules` lists them'],
  ];
  for (const [args, message] of mistakes) {
    it(`says what is wrong with \`${args.join(" ")}\``, async () => {
      const outcome = await plimsoll(folderOf({ Dockerfile: "" }), args);
      assert.deepEqual(outcome, { code: 2, output: "", errors: `plimsoll: ${message}\n` });
    });
  }
});

describe("plimsoll explain", () => {
  it("prints the page of a rule, by its id or alias", async () => {
    const byId = await plimsoll(folderOf({}), ["explain", "recommended-packages"]);
    assert.match(byId.output, /^Recommended packages\n\n`recommended-packages` · efficiency · info · /);
    assert.match(byId.output, /^ {2}Reported:\n {4}FROM debian:12\n/m);
    assert.deepEqual(await plimsoll(folderOf({}), ["explain", "hadolint/dl3015"]), byId);
  });

  it("sets Markdown plainly", () => {
    const page = [
      "# A title",
      "",
      "<!-- facts -->",
      "`id` · info",
      "<!-- /facts -->",
      "",
      "Some **strong** words with `code that stays whole` and [a link](https://example.org), over",
      "two lines.",
      "",
      "- one item that is long enough for two lines",
      "- [https://a.b](https://a.b)",
      "",
      "| a | b |",
      "| --- | --- |",
      "",
      "````dockerfile bad {}",
      "FROM a",
      "",
      "```",
      "````",
    ];
    assert.equal(
      renderMarkdown(page.join("\n"), (_, text) => text, 40),
      `A title

\`id\` · info

Some strong words with
\`code that stays whole\` and a link
(https://example.org), over two lines.

- one item that is long enough for two
  lines
- https://a.b

| a | b |
| --- | --- |

  Reported:
    FROM a

    \`\`\`
`,
    );
  });
});

describe("suggestions", () => {
  it("are near what was given, whatever the case", () => {
    assert.equal(suggestion("Chekc", ["fix", "check"]), "check");
    assert.equal(suggestion("x", ["fix", "check"]), undefined);
    assert.equal(suggestion("DL3O08", ["DL3008", "DL3009"]), "DL3008");
  });
});
