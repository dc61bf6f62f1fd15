import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../../server/cli/arguments.ts";
import { CHECK } from "../../server/cli/commands.ts";
import { settingsOf } from "../../server/cli/settings.ts";
import { combineSettings, isEnabled } from "../../server/lint/settings.ts";
import { RULES } from "../../server/rules/index.ts";
import { CLEAN, folderOf, plimsoll, TWO_FINDINGS, TWO_RULES } from "./host.ts";

describe("plimsoll check", () => {
  it("shows each finding with its place, and the score", async () => {
    const folder = folderOf({ "a/Dockerfile": TWO_FINDINGS });
    const { code, output, errors } = await plimsoll(folder, ["check", TWO_RULES]);
    assert.equal(
      output,
      `a/Dockerfile:2:1 info maintainer-instruction
  \`MAINTAINER\` is deprecated; a label says the same
  2 | MAINTAINER Ada
    | ^^^^^^^^^^^^^^
  fix: Write it as the label \`org.opencontainers.image.authors\`

a/Dockerfile:3:13 info recommended-packages
  \`apt-get install\` also installs the packages that are only recommended
  3 | RUN apt-get install -y vim
    |             ^^^^^^^
  fix (unsafe): Add \`--no-install-recommends\`
    assumes: Nothing needs a package that is only recommended.

a/Dockerfile: Score 9.4 · Security 10.0 · Efficiency 8.6 · Maintainability 9.5
  2 findings: 2 info; 1 fixable with \`plimsoll fix a/Dockerfile\`, 1 more with \`--unsafe\`
`,
    );
    assert.equal(errors, "");
    assert.equal(code, 0);
  });

  it("prints the findings alone with --quiet", async () => {
    const folder = folderOf({ "a.Dockerfile": CLEAN, "b.Dockerfile": TWO_FINDINGS });
    const { output } = await plimsoll(folder, ["check", TWO_RULES, "--quiet"]);
    assert.deepEqual(output.match(/^\S.*$/gm), [
      "b.Dockerfile:2:1 info maintainer-instruction",
      "b.Dockerfile:3:13 info recommended-packages",
    ]);
  });

  it("says so when nothing is found", async () => {
    const folder = folderOf({ Dockerfile: CLEAN, "b.dockerfile": CLEAN });
    const { output } = await plimsoll(folder, ["check", TWO_RULES]);
    assert.match(output, /^Dockerfile: Score 10\.0 · .*\n {2}No findings$/m);
    assert.match(output, /^2 files: No findings$/m);
  });

  it("prints the files in the order of their paths, whatever that of the operands, and each once", async () => {
    const folder = folderOf({ "b/Dockerfile": TWO_FINDINGS, "a/Dockerfile": TWO_FINDINGS, Dockerfile: TWO_FINDINGS });
    const { output } = await plimsoll(folder, ["check", TWO_RULES, "b", "./a/Dockerfile", "Dockerfile", "a"]);
    assert.deepEqual(output.match(/^.*(?=: Score)/gm), ["Dockerfile", "a/Dockerfile", "b/Dockerfile"]);
  });

  describe("exits with", () => {
    const cases: readonly [args: string, code: number][] = [
      ["", 0],
      ["--fail-on never", 0],
      ["--fail-on error", 0],
      ["--fail-on warning", 0],
      ["--fail-on info", 1],
      ["--fail-on hint", 1],
      ["--min-score 9.4", 0],
      ["--min-score 9.5", 1],
      ["--min-score 10 --fail-on never", 1],
    ];
    for (const [args, expected] of cases) {
      it(`${expected} for two findings of severity info and a score of 9.4, given ${args || "no options"}`, async () => {
        const folder = folderOf({ Dockerfile: TWO_FINDINGS });
        const { code, errors } = await plimsoll(folder, ["check", TWO_RULES, ...args.split(" ").filter(Boolean)]);
        assert.equal(code, expected);
        assert.equal(errors, "");
      });
    }

    it("1 for a warning, without options", async () => {
      const folder = folderOf({ Dockerfile: "FROM debian\n" });
      assert.equal((await plimsoll(folder, ["check", "--rules", "hadolint/DL3006"])).code, 1);
    });
  });

  describe("which rules run", () => {
    it("are those that --rules names, by id or alias, with or without the tool", async () => {
      const folder = folderOf({ Dockerfile: TWO_FINDINGS });
      for (const name of ["recommended-packages", "DL3015", "hadolint/DL3015", "trivy/ds-0029"]) {
        const { output } = await plimsoll(folder, ["check", "--quiet", "--rules", name]);
        assert.match(output, /^Dockerfile:3:13 info recommended-packages\n/);
        assert.doesNotMatch(output, /maintainer/);
      }
    });

    it("are all with --rules all and --preset all", () => {
      const off = { ...RULES[0]!, enabled: false };
      for (const args of [[], ["--rules=all"], ["--rules=DL3015,all"], ["--preset=all"]]) {
        const { settings, problems } = settingsOf(readArguments(CHECK, args));
        assert.deepEqual(problems, []);
        assert.equal(isEnabled(off, combineSettings(settings)), args.length > 0, args.join(" "));
      }
    });
  });

  describe("standard input", () => {
    it("is read for -", async () => {
      const { output, code } = await plimsoll(folderOf({}), ["check", TWO_RULES, "-"], { input: TWO_FINDINGS });
      assert.match(output, /^-:2:1 info maintainer-instruction$/m);
      assert.equal(code, 0);
    });

    it("has the name of --stdin-path, and the files beside it", async () => {
      const folder = folderOf({ "app/Dockerfile": "" });
      const args = ["check", TWO_RULES, "--stdin-path", "app/Dockerfile", "-"];
      const { output } = await plimsoll(folder, args, { input: TWO_FINDINGS });
      assert.match(output, /^app\/Dockerfile:2:1 /m);
    });
  });

  describe("what cannot run is told, exits with 2, and the rest goes on:", () => {
    const good = { "z/Dockerfile": TWO_FINDINGS };
    const cases: readonly {
      readonly what: string;
      readonly files?: Readonly<Record<string, string | Uint8Array>>;
      readonly args: readonly string[];
      readonly message: string | RegExp;
    }[] = [
      {
        what: "a missing file",
        args: ["nowhere/Dockerfile"],
        message: 'plimsoll: cannot read "nowhere/Dockerfile": there is no such file; check the path\n',
      },
      {
        what: "a folder without Dockerfiles",
        files: { "empty/readme.md": "" },
        args: ["empty"],
        message:
          'plimsoll: there is no Dockerfile in "empty"; name the file itself if it has another name or is in .gitignore\n',
      },
      {
        what: "bytes that are not UTF-8",
        files: { "a/Dockerfile": Buffer.from("FROM debian:12\n# caf\xe9\n", "latin1") },
        args: ["a"],
        message: 'plimsoll: "a/Dockerfile" is not UTF-8; save it as UTF-8\n',
      },
      {
        what: "UTF-16",
        files: { "a/Dockerfile": Buffer.from("\ufeffFROM debian:12\n", "utf16le") },
        args: ["a"],
        message: 'plimsoll: "a/Dockerfile" is not UTF-8 but UTF-16; save it as UTF-8\n',
      },
      {
        what: "a file that is too large",
        files: { "a/Dockerfile": "#".repeat(4 * 1024 * 1024 + 1) },
        args: ["a"],
        message: 'plimsoll: "a/Dockerfile" is larger than 4 MB, which no Dockerfile is; it is left out\n',
      },
      {
        what: "an unknown rule",
        args: ["--rules", "no-such-rule,recomended-packages"],
        message:
          'plimsoll: there is no rule "no-such-rule"; `plimsoll rules` lists them\nplimsoll: there is no rule "recomended-packages"; did you mean recommended-packages?\n',
      },
      {
        what: "a path through a file",
        files: { file: "" },
        args: ["file/Dockerfile"],
        message: 'plimsoll: cannot read "file/Dockerfile": a part of its path is a file; check the path\n',
      },
    ];
    for (const { what, files = {}, args, message } of cases) {
      it(what, async () => {
        const folder = folderOf({ ...good, ...files });
        const rules = args[0] === "--rules" ? ["--rules", `${args[1]},maintainer-instruction`] : [TWO_RULES, ...args];
        const { code, output, errors } = await plimsoll(folder, ["check", ...rules, "z"]);
        assert.equal(errors, message);
        assert.match(output, /^z\/Dockerfile:2:1 info maintainer-instruction$/m);
        assert.equal(code, 2);
      });
    }

    it("a symbolic link that leads in a circle", async () => {
      const folder = folderOf(good);
      symlinkSync("circle", join(folder, "circle"));
      const { code, output, errors } = await plimsoll(folder, ["check", TWO_RULES, "circle", "z"]);
      assert.equal(errors, 'plimsoll: cannot read "circle": its symbolic links lead in a circle; remove them\n');
      assert.match(output, /^z\/Dockerfile:2:1/m);
      assert.equal(code, 2);
    });

    it("2 wins over 1", async () => {
      const folder = folderOf(good);
      const { code } = await plimsoll(folder, ["check", TWO_RULES, "--fail-on=info", "nowhere", "z"]);
      assert.equal(code, 2);
    });
  });

  describe("nothing runs with", () => {
    const cases: readonly [args: readonly string[], message: string][] = [
      [["--formt", "json"], "check has no option --formt; did you mean --format?"],
      [["--zzzzzzzz"], "check has no option --zzzzzzzz; `plimsoll check --help` lists the options"],
      [["-z"], "check has no option -z; `plimsoll check --help` lists the options"],
      [["--format", "xml"], '--format takes one of text, json, sarif, github; not "xml"'],
      [["--format"], "option '--format <value>' argument missing; `plimsoll check --help` lists the options"],
      [["--quiet=yes"], "option '-q, --quiet' does not take an argument; `plimsoll check --help` lists the options"],
      [["--fail-on", "fatal"], '--fail-on takes one of error, warning, info, hint, never; not "fatal"'],
      [["--preset", "some"], '--preset takes one of recommended, strict, security, all; not "some"'],
      [["--min-score", "high"], '--min-score takes a number from 0 to 10; not "high"'],
      [["--min-score", "11"], '--min-score takes a number from 0 to 10; not "11"'],
      [["--min-score", ""], '--min-score takes a number from 0 to 10; not ""'],
      [["--context", "nowhere"], '--context "nowhere" is not a folder; check the path'],
      [["--rules", "no-such-rule"], 'there is no rule "no-such-rule"; `plimsoll rules` lists them'],
      [["--rules", " , "], "--rules names no rule; `plimsoll rules` lists them"],
    ];
    for (const [args, message] of cases) {
      it(JSON.stringify(args.join(" ")), async () => {
        const folder = folderOf({ Dockerfile: TWO_FINDINGS });
        const outcome = await plimsoll(folder, ["check", ...args]);
        assert.deepEqual(outcome, { code: 2, output: "", errors: `plimsoll: ${message}\n` });
      });
    }

    it("no Dockerfile in the current folder", async () => {
      const { code, output, errors } = await plimsoll(folderOf({ "readme.md": "" }), ["check"]);
      assert.equal(
        errors,
        "plimsoll: there is no Dockerfile in the current folder; name the file itself if it has another name or is in .gitignore\n",
      );
      assert.deepEqual([code, output], [2, ""]);
    });
  });
});
