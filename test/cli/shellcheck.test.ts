/** ShellCheck on the command line. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { needShellCheck, pretend, SHELLCHECK } from "../shellcheck.ts";
import { folderOf, plimsoll } from "./host.ts";

const TEXT = "FROM debian:12\nARG x\nRUN echo $x\n";
const RULES = "--rules=SC2086,root-user";

describe("ShellCheck on the command line", () => {
  const host = { searchPath: dirname(SHELLCHECK) };

  before(function () {
    needShellCheck(this);
  });

  it("is asked where it is installed", async () => {
    const { code, output, errors } = await plimsoll(
      folderOf({ Dockerfile: TEXT }),
      ["check", "-q", "--rules=SC2005,root-user,SC2046"],
      { host },
    );
    assert.deepEqual({ code, output, errors }, { code: 0, output: "", errors: "" });
    const found = await plimsoll(folderOf({ Dockerfile: TEXT }), ["check", "-q", "--preset=recommended"], { host });
    assert.match(
      found.output,
      /^Dockerfile:3:10 info shellcheck\/SC2086\n {2}Double quote .*\n {2}3 \| RUN echo \$x\n.*\^\^$/m,
    );
    assert.doesNotMatch(found.output, /fix.*"\$x"/);
  });

  it("is not asked with --no-shellcheck, by the configuration, for other rules, or to rate and repair", async () => {
    const silent = async (files: object, ...args: readonly string[]) =>
      assert.doesNotMatch((await plimsoll(folderOf({ Dockerfile: TEXT, ...files }), args, { host })).output, /SC2086/);
    await silent({}, "check", "--no-shellcheck");
    await silent({ ".plimsoll.yaml": "shellcheck: off\n" }, "check");
    await silent({}, "check", "--rules=root-user");
    await silent({}, "rate", "Dockerfile");
    await silent({}, "fix", "--unsafe", "--diff", "Dockerfile");
  });

  it("is in all formats, with its page and its repair", async () => {
    const folder = folderOf({ Dockerfile: TEXT });
    const json = JSON.parse((await plimsoll(folder, ["check", "--format=json"], { host })).output);
    const one = json.files[0].diagnostics.find(({ rule }: { rule: string }) => rule === "shellcheck/SC2086");
    assert.equal(one.scored, false);
    assert.deepEqual(one.aliases, ["shellcheck/SC2086"]);
    assert.equal(one.fixes[0].safety, "unsafe");
    const sarif = (await plimsoll(folder, ["check", "--format=sarif"], { host })).output;
    assert.match(sarif, /"helpUri": "https:\/\/www\.shellcheck\.net\/wiki\/SC2086"/);
    const github = (await plimsoll(folder, ["check", "--format=github"], { host })).output;
    assert.match(github, /^::notice file=Dockerfile,line=3,endLine=3,col=10,endColumn=12,title=shellcheck\/SC2086::/m);
  });

  it("takes nothing from the score", async () => {
    const folder = folderOf({ Dockerfile: TEXT });
    const score = async (...args: readonly string[]) =>
      JSON.parse((await plimsoll(folder, ["check", "--format=json", ...args], { host })).output).files[0].score;
    assert.deepEqual(await score(), await score("--no-shellcheck"));
  });
});

describe("what pretends to be ShellCheck, on the command line", () => {
  it("is told of, and the rest is done", async () => {
    const host = { searchPath: dirname(pretend("console.log('hello')")) };
    const folder = folderOf({ Dockerfile: TEXT, "a/Dockerfile": TEXT });
    const { code, output, errors } = await plimsoll(folder, ["check", RULES], { host });
    assert.match(
      errors,
      /^plimsoll: ShellCheck is not asked any more: .* does not print what ShellCheck 0\.7 and later/,
    );
    assert.match(output, /Score/);
    assert.equal(code, 2);
  });

  it("may be missing", async () => {
    const { code, errors } = await plimsoll(folderOf({ Dockerfile: TEXT }), ["check", RULES]);
    assert.deepEqual({ code, errors }, { code: 0, errors: "" });
  });

  it("is not named by a file that comes with the Dockerfile", async () => {
    const program = pretend("require('node:fs').writeFileSync(__dirname + '/run', '')");
    const folder = folderOf({ Dockerfile: TEXT, ".plimsoll.yaml": `shellcheck: ${program}\n` });
    const { code, errors } = await plimsoll(folder, ["check", "-q"]);
    assert.match(errors, /"shellcheck" must be one of "auto", "off"; it is left out/);
    assert.equal(code, 2);
  });

  it("is explained where ours does not, and by ours where it does", async () => {
    const { output } = await plimsoll(folderOf({}), ["explain", "sc2046"]);
    assert.equal(
      output,
      "shellcheck/SC2046 is ShellCheck's; it is explained on https://www.shellcheck.net/wiki/SC2046\n",
    );
    assert.match((await plimsoll(folderOf({}), ["explain", "SC2164"])).output, /unchecked/i);
  });
});
