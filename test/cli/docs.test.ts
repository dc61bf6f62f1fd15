/** What docs/cli.md shows is what comes out; `UPDATE=1` writes it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../../server/cli/commands.ts";
import { folderOf, plimsoll } from "./host.ts";

const PAGE = "docs/cli.md";
const BLOCK = /^```console\n\$ plimsoll (.*)\n([\s\S]*?)^```$/gm;

describe(PAGE, () => {
  const page = readFileSync(PAGE, "utf8");
  const dockerfile = /^```dockerfile\n([\s\S]*?)^```$/m.exec(page)![1]!;
  const outputs = new Map<string, string>();

  for (const [, args, shown] of page.matchAll(BLOCK)) {
    it(`shows what \`plimsoll ${args}\` prints`, async () => {
      const { output, errors } = await plimsoll(folderOf({ Dockerfile: dockerfile }), args!.split(" "));
      outputs.set(args!, errors + output);
      if (!process.env["UPDATE"]) assert.equal(shown, errors + output);
    });
  }

  it("shows the help of every command", () => {
    for (const { name } of COMMANDS) assert.ok(page.includes(`\n$ plimsoll ${name} --help\n`), name);
  });

  after(() => {
    if (!process.env["UPDATE"]) return;
    const written = page.replace(
      BLOCK,
      (_, args: string) => `\`\`\`console\n$ plimsoll ${args}\n${outputs.get(args)}\`\`\``,
    );
    if (written !== page) writeFileSync(PAGE, written);
  });
});
