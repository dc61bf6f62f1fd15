/** What ShellCheck says, from the program to the place in the Dockerfile. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findShellCheck, type Limits, ShellCheck } from "../../server/context/shellcheck.ts";
import { applyEdits, fix } from "../../server/lint/fix.ts";
import { type Diagnostic, lint, type Report } from "../../server/lint/lint.ts";
import { rate } from "../../server/lint/score.ts";
import { combineSettings, type Settings } from "../../server/lint/settings.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { scriptsOf } from "../../server/model/script.ts";
import { RULES } from "../../server/rules/index.ts";
import { needShellCheck, pretend, SHELLCHECK } from "../shellcheck.ts";

async function check(
  text: string,
  { settings = {}, folder = "/" }: { settings?: Partial<Settings>; folder?: string } = {},
): Promise<Report> {
  const checker = new ShellCheck(SHELLCHECK, folder);
  await checker.check(scriptsOf(new Dockerfile(text)));
  assert.equal(checker.problem, undefined);
  return lint(new Dockerfile(text, { scriptComments: checker.known }), RULES, combineSettings(settings));
}

const isTheirs = ({ rule }: Diagnostic): boolean => rule.id.startsWith("shellcheck/");

/** `SC2046 $(ls)` for each of its findings. */
function shown({ diagnostics, dockerfile }: Report): readonly string[] {
  return diagnostics
    .filter(isTheirs)
    .map(({ rule, range }) => `${rule.id.slice(11)} ${dockerfile.text.slice(range.start, range.end)}`);
}

describe("ShellCheck's findings", () => {
  before(function () {
    needShellCheck(this);
  });

  const places: readonly [name: string, text: string, ...expected: string[]][] = [
    ["in a RUN", "FROM debian:12\nRUN echo $(ls)\n", "SC2005 $(ls)", "SC2046 $(ls)"],
    [
      "behind continuations, comments in them and characters outside of the BMP",
      'FROM debian:12\nRUN echo "é𝒳" && \\\n# ü\n\n  # more\n\techo "𝒳" $(ls) \\\n  "x"\n',
      "SC2046 $(ls)",
    ],
    ["over a continuation", "FROM debian:12\nRUN echo a $(ls \\\n  -l)\n", "SC2046 $(ls \\\n  -l)"],
    ["with the other escape", "# escape=`\nFROM debian:12\nRUN echo a `\n  $(ls)\n", "SC2046 $(ls)"],
    ["with Windows' line ends", "FROM debian:12\r\nRUN echo a \\\r\n  b $(ls)\r\n", "SC2046 $(ls)"],
    ["in a heredoc", 'FROM debian:12\nRUN <<EOF\necho "a"\necho b $(ls)\nEOF\n', "SC2046 $(ls)"],
    ["in a heredoc without tabs", "FROM debian:12\nRUN <<-EOF\n\techo a\n\techo b $(ls)\n\tEOF\n", "SC2046 $(ls)"],
    [
      "in a heredoc that names its shell",
      "FROM debian:12\nRUN <<EOF\n#!/bin/bash\necho b $(ls)\nEOF\n",
      "SC2046 $(ls)",
    ],
    ["in a heredoc for bash", "FROM debian:12\nRUN bash <<EOF\nA=(1 2)\necho $A\nEOF\n", "SC2086 $A", "SC2128 $A"],
    ["behind ONBUILD", "FROM debian:12\nONBUILD RUN echo b $(ls)\n", "SC2046 $(ls)"],
    ["in CMD", "FROM debian:12\nCMD echo b $(ls)\n", "SC2046 $(ls)"],
    ["in ENTRYPOINT", "FROM debian:12\nENTRYPOINT echo b $(ls)\n", "SC2046 $(ls)"],
    ["in HEALTHCHECK", "FROM debian:12\nHEALTHCHECK --timeout=3s CMD echo b $(ls)\n", "SC2046 $(ls)"],
    ["not in the exec form", 'FROM debian:12\nCMD ["sh", "-c", "echo b $(ls)"]\nHEALTHCHECK CMD ["echo", "$(ls)"]\n'],
    ["not for PowerShell", 'FROM debian:12\nSHELL ["pwsh", "-c"]\nRUN echo b $(ls)\nCMD echo b $(ls)\n'],
    ["not in a heredoc for Python", "FROM python:3\nRUN python3 <<EOF\nprint('$(ls)')\nEOF\n"],
    ["not about sources", "FROM debian:12\nRUN . /etc/os-release && echo hello\n"],
  ];
  for (const [name, text, ...expected] of places) {
    it(`stand where they belong: ${name}`, async () => assert.deepEqual(shown(await check(text)), expected));
  }

  it("know the variables of ENV and ARG, and of secrets", async () => {
    const run = 'RUN --mount=type=secret,id=x,env=token echo "$one $two $token $http_proxy $other"\n';
    const text = `FROM debian:12\nENV one=1\nARG two\n${run}`;
    const all = await check(text, { settings: { rules: { SC2154: "off" } } });
    assert.deepEqual(shown(all), []);
    const settings: Partial<Settings> = { only: ["SC2154"] };
    const { diagnostics } = await check(text, { settings });
    assert.deepEqual(
      diagnostics.map(({ range }) => text.slice(range.start, range.end)),
      ["$other"],
    );
    assert.deepEqual(shown(await check(text.replace("debian:12", "python:3"), { settings })), []);
  });

  it("see no blanks in what ENV sets to one word", async () => {
    const text = 'FROM debian:12\nENV one=1 two="1 2"\nRUN echo a $one $two\n';
    assert.deepEqual(shown(await check(text)), ["SC2086 $two"]);
  });

  it("mind `set -e` of the shell", async () => {
    const text = (shell: string) => `FROM debian:12\nSHELL ["/bin/bash", "${shell}"]\nRUN cd /tmp; ls\n`;
    assert.deepEqual(shown(await check(text("-c"))), ["SC2164 cd /tmp"]);
    assert.deepEqual(shown(await check(text("-ec"))), []);
  });

  it("about what a shell lacks are for a shell that is known", async () => {
    const text = (image: string) => `FROM ${image}\nRUN [ -v x ]\n`;
    assert.deepEqual(shown(await check(text("debian:12"))), ["SC3016 -v"]);
    for (const image of ["alpine:3.22", "fedora:42", "example.com/unknown:1"])
      assert.deepEqual(shown(await check(text(image))), [], image);
  });

  it("are ours where one of our rules says the same of the same place", async () => {
    const { diagnostics } = await check("FROM debian:12\nRUN cd /x; ls\n");
    const found = diagnostics.filter(({ rule }) => rule.aliases.includes("shellcheck/SC2164"));
    assert.deepEqual(
      found.map(({ rule }) => rule.id),
      ["unchecked-cd"],
    );
  });

  it("have their severity, take no points, and lead to their page", async () => {
    const text = "FROM debian:12\nRUN for f in $(ls); do echo $(ls) $f `ls`; done\n";
    const report = await check(text);
    const severities = new Map(report.diagnostics.map(({ rule, severity }) => [rule.id, severity]));
    assert.equal(severities.get("shellcheck/SC2045"), "error");
    assert.equal(severities.get("shellcheck/SC2046"), "warning");
    assert.equal(severities.get("shellcheck/SC2086"), "info");
    assert.equal(severities.get("shellcheck/SC2006"), "hint");
    const plain = lint(new Dockerfile(text), RULES, combineSettings());
    assert.deepEqual(rate(report.diagnostics).score, rate(plain.diagnostics).score);
    const link = report.diagnostics.find(({ rule }) => rule.id === "shellcheck/SC2086")?.rule.link;
    assert.equal(link, "https://www.shellcheck.net/wiki/SC2086");
  });

  const accepting: readonly [name: string, before: string, inside?: string][] = [
    ["hadolint's", "# hadolint ignore=SC2046,SC2005\n"],
    ["hadolint's for the file", "# hadolint global ignore=SC2046,SC2005\n# x\n"],
    ["ours", "# plimsoll ignore SC2046, shellcheck/SC2005: wanted\n"],
    ["ours for the file", "# plimsoll global ignore shellcheck/SC2046 sc2005\n"],
    ["ShellCheck's", "# shellcheck disable=SC2046,SC2005 # wanted\n"],
    ["ShellCheck's with a range", "# shellcheck shell=sh disable=SC2000-SC2099\n"],
    ["ShellCheck's for all", "# shellcheck disable=all\n"],
    ["ShellCheck's inside", "", "  # shellcheck disable=SC2046,SC2005\n"],
  ];
  for (const [name, above, inside = ""] of accepting) {
    it(`are accepted by comments: ${name}`, async () => {
      const text = `FROM debian:12\n${above}RUN ls && \\\n${inside}  echo $(ls)\n`;
      const report = await check(text);
      assert.deepEqual(shown(report), []);
      assert.equal(report.accepted.filter(isTheirs).length, 2);
    });
  }

  it("and ours are accepted by ShellCheck's comments alike, as far as these reach", async () => {
    const accepted = async (text: string) =>
      (await check(text)).diagnostics.filter(({ rule }) => rule.id === "unchecked-cd").length;
    const comment = "# shellcheck disable=SC2164\n";
    assert.equal(await accepted("FROM debian:12\nRUN cd /x; ls; cd /y; ls\n"), 2);
    assert.equal(await accepted(`FROM debian:12\n${comment}RUN cd /x; ls; cd /y; ls\n`), 0);
    assert.equal(await accepted(`FROM debian:12\nRUN cd /x; ls; \\\n${comment}cd /y; ls; cd /z; ls\n`), 2);
    const heredoc = (first: string, second: string) =>
      `FROM debian:12\nRUN <<EOF\n${first}cd /x\n${second}cd /y\nls\nEOF\n`;
    assert.equal(await accepted(heredoc("", "")), 2);
    assert.equal(await accepted(heredoc(comment, "")), 0);
    assert.equal(await accepted(heredoc("", comment)), 1);
  });

  it("follow the settings", async () => {
    const text = "FROM debian:12\nRUN cd /x; ls && echo $(ls)\n";
    const found = async (settings: Partial<Settings>) => shown(await check(text, { settings }));
    assert.deepEqual(await found({ rules: { SC2046: "off" } }), ["SC2005 $(ls)"]);
    assert.deepEqual(await found({ rules: { "shellcheck/SC2005": "off", sc2046: "off" } }), []);
    assert.deepEqual(await found({ preset: "security" }), []);
    assert.deepEqual(await found({ only: ["root-user"] }), []);
    assert.deepEqual(await found({ rules: { "unchecked-cd": "off" } }), ["SC2005 $(ls)", "SC2046 $(ls)"]);
    const { diagnostics } = await check(text, { settings: { rules: { SC2046: "error" } } });
    assert.equal(diagnostics.find(({ rule }) => rule.id === "shellcheck/SC2046")?.severity, "error");
  });

  it("are repaired as ShellCheck does, by hand alone", async () => {
    const text = "FROM debian:12\nARG x\nRUN echo a $x\\\n  && rm `ls`\n";
    const { diagnostics, dockerfile } = await check(text);
    const repaired = (code: string) => {
      const [first] = diagnostics.find(({ rule }) => rule.id === `shellcheck/${code}`)!.fixes;
      return [first!.title, first!.safety, applyEdits(text, first!.edits)];
    };
    assert.deepEqual(repaired("SC2086"), [
      'Write `"$x"`',
      "unsafe",
      'FROM debian:12\nARG x\nRUN echo a "$x"\\\n  && rm `ls`\n',
    ]);
    assert.deepEqual(repaired("SC2006")[2], "FROM debian:12\nARG x\nRUN echo a $x\\\n  && rm $(ls)\n");
    const settings = combineSettings({ only: ["SC2006"] });
    assert.equal(fix(text, RULES, settings, "unsafe", dockerfile.context).text, text);
  });

  it("lie in the text, and their repairs too, wherever it is cut off", async () => {
    const text =
      'FROM debian:12\nENV a="1 2"\nRUN <<EOF\necho $a\nEOF\nRUN echo `ls` $a && \\\n# x\n cd /x; [ $a == 1 ]\nCMD echo $a\n';
    for (let end = 0; end <= text.length; end += 3) {
      const { diagnostics } = await check(text.slice(0, end));
      for (const { range, fixes } of diagnostics)
        for (const one of [range, ...fixes.flatMap(({ edits }) => edits)])
          assert.ok(0 <= one.start && one.start <= one.end && one.end <= end, text.slice(0, end));
    }
  });

  it("heed the .shellcheckrc of the folder", async () => {
    const folder = dirname(pretend(""));
    writeFileSync(join(folder, ".shellcheckrc"), "disable=SC2005\n");
    assert.deepEqual(shown(await check("FROM debian:12\nRUN echo $(ls)\n", { folder })), ["SC2046 $(ls)"]);
  });
});

describe("the program of ShellCheck", () => {
  const scripts = scriptsOf(new Dockerfile("FROM debian:12\nRUN echo one\nRUN echo two\n"));
  const EMPTY = `process.stdin.resume().on("end", () => console.log('{"comments":[]}'));`;

  async function problemWith(program: string, limits: Partial<Limits> = {}): Promise<string | undefined> {
    const checker = new ShellCheck(program, dirname(program), limits);
    await checker.check(scripts);
    assert.equal(checker.wants(scripts), false);
    return checker.problem;
  }

  it("is asked once for each script, without a shell, by standard input", async () => {
    const program = pretend(
      `require("node:fs").appendFileSync(__dirname + "/log", JSON.stringify(process.argv.slice(2)) + "\\n");${EMPTY}`,
    );
    const checker = new ShellCheck(program, dirname(program));
    assert.equal(checker.wants(scripts), true);
    await checker.check([...scripts, ...scripts]);
    await checker.check(scripts);
    assert.equal(checker.wants(scripts), false);
    assert.equal(checker.known.size, 2);
    const { readFileSync } = await import("node:fs");
    const line = '["--format=json1","--color=never","--shell=dash","-"]\n';
    assert.equal(readFileSync(join(dirname(program), "log"), "utf8"), line + line);
  });

  it("that is too slow is stopped", async () => {
    assert.match(
      (await problemWith(pretend("setInterval(() => {}, 1000)"), { time: 300 }))!,
      /^ShellCheck is not asked any more: .* takes longer than 0\.3 seconds\. Mend it, or set /,
    );
  });

  it("that prints without an end is stopped", async () => {
    const endless = pretend(`setInterval(() => process.stdout.write("x".repeat(65536)), 1)`);
    assert.match((await problemWith(endless, { output: 100_000 }))!, /prints without an end/);
  });

  it("that prints something else is not asked again", async () => {
    for (const output of ["hello", "[]", '{"comments":{}}', '{"comments":[1]}'])
      assert.match((await problemWith(pretend(`console.log(${JSON.stringify(output)})`)))!, /does not print what/);
  });

  it("that fails is not asked again", async () => {
    assert.match((await problemWith(pretend("process.exit(3)")))!, /fails with exit code 3/);
    assert.match((await problemWith("/nowhere/shellcheck"))!, /cannot be run/);
  });

  it("that puts findings outside of the script is not believed", async () => {
    const wild = {
      file: "-",
      line: 99,
      endLine: 99,
      column: 1,
      endColumn: 2,
      level: "error",
      code: 1,
      message: "x",
      fix: null,
    };
    const far = { ...wild, line: 1, endLine: 2, column: 5000, endColumn: 9000 };
    const odd = { ...far, level: "loud" };
    const other = { ...far, file: "/etc/profile", line: 1, endLine: 1, column: 1 };
    const program = pretend(
      `console.log(${JSON.stringify(JSON.stringify({ comments: [wild, far, odd, other, {}] }))})`,
    );
    const checker = new ShellCheck(program, dirname(program));
    await checker.check(scripts);
    assert.equal(checker.problem, undefined);
    const text = "FROM debian:12\nRUN echo one\n";
    const { diagnostics } = lint(new Dockerfile(text, { scriptComments: checker.known }), RULES, combineSettings());
    assert.equal(diagnostics.filter(isTheirs).length, 1);
    for (const { range } of diagnostics) assert.ok(range.start <= range.end && range.end <= text.length);
  });

  it("that is cancelled leaves nothing behind", async () => {
    const program = pretend("setInterval(() => {}, 1000)");
    const checker = new ShellCheck(program, dirname(program));
    const controller = new AbortController();
    const done = checker.check(scripts, controller.signal);
    controller.abort();
    await done;
    assert.equal(checker.problem, undefined);
    assert.equal(checker.known.size, 0);
  });

  it("forgets the oldest scripts", async () => {
    const program = pretend(EMPTY);
    const checker = new ShellCheck(program, dirname(program), { scripts: 1, processes: 1 });
    await checker.check(scripts);
    assert.equal(checker.known.size, 1);
  });

  it("is found in PATH, by whole paths alone, or where the setting says", () => {
    const program = pretend("");
    const folder = dirname(program);
    assert.deepEqual(findShellCheck("auto", `relative::.:/nowhere:${folder}`), { program });
    assert.equal(findShellCheck("auto", "/nowhere"), undefined);
    assert.equal(findShellCheck("off", folder), undefined);
    assert.deepEqual(findShellCheck(program, ""), { program });
    for (const wrong of ["/nowhere/shellcheck", "shellcheck", folder, ""]) {
      const found = findShellCheck(wrong, folder);
      assert.ok(found && "problem" in found && found.problem.includes(JSON.stringify(wrong)));
    }
  });
});
