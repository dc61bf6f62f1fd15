/** Comments and directives that accept findings: each tool's, where that tool looks for them. */
import assert from "node:assert/strict";
import { lint } from "../../server/lint/lint.ts";
import { DEFAULT_SETTINGS } from "../../server/lint/settings.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { failsOnWarnings, readCheck } from "../../server/model/suppressions.ts";
import { defineRule, type Rule } from "../../server/rules/rule.ts";

/** Reports every `bad`, wherever it stands. */
function ruleOf(id: string, ...aliases: readonly string[]): Rule {
  return defineRule({
    ...{ id, aliases, category: "security", severity: "warning", weight: "low" },
    *check({ text }) {
      for (const { index } of text.matchAll(/\bbad\b/g)) yield { at: { start: index, end: index + 3 }, message: "It" };
    },
  });
}

const ONE = ruleOf(
  "first-rule",
  ...[
    "hadolint/DL9001",
    "buildkit/FirstRule",
    "trivy/DS-0002",
    "checkov/CKV_DOCKER_3",
    "kics/missing_user_instruction",
  ],
  ...["semgrep/first-rule", "sonar/S9001", "shellcheck/SC9001"],
);
const OTHER = ruleOf("other-rule");

/** The lines, from 1, on which the first rule still reports something. */
function lines(text: string, rule: Rule = ONE, settings = DEFAULT_SETTINGS): number[] {
  const { diagnostics } = lint(new Dockerfile(text, { today: "2026-01-31" }), [ONE, OTHER], settings);
  return diagnostics.flatMap((one) => (one.rule === rule ? [text.slice(0, one.range.start).split("\n").length] : []));
}

/** Two stages, with a finding in each line of the instructions, and a comment on line 3. */
const around = (comment: string): string =>
  ["FROM bad AS a", "RUN bad", comment, "RUN bad && \\", "  bad", "FROM bad", "RUN bad", ""].join("\n");
const ALL = [1, 2, 4, 5, 6, 7];
const NOT_BELOW = [1, 2, 6, 7];

describe("comments that accept findings", () => {
  const cases: Readonly<Record<string, readonly [comment: string, left: readonly number[]][]>> = {
    "of ours": [
      ["# plimsoll ignore first-rule: reason", NOT_BELOW],
      ["# plimsoll ignore x-rule, DL9001", NOT_BELOW],
      ["# plimsoll ignore hadolint/DL9001", NOT_BELOW],
      ["# Plimsoll Ignore all: for once", NOT_BELOW],
      ["# plimsoll ignore first-rule: reason\n\n# more", [1, 2, 8, 9]],
      ["# plimsoll global ignore first-rule", []],
      ["# plimsoll ignore", ALL],
      ["# plimsoll ignore x-rule", ALL],
    ],
    "of hadolint": [
      ["# hadolint ignore=DL9001", NOT_BELOW],
      ["# hadolint ignore = DL9002 , DL9001 reason", NOT_BELOW],
      ["# hadolint ignore=DL9002,SC9001 # reason", NOT_BELOW],
      ["# hadolint ignore=DL9001\n# hadolint ignore=DL9002", [1, 2, 7, 8]],
      ["# hadolint global ignore=DL9001", []],
      ["# hadolint ignore=DL9001\n", [1, 2, 5, 6, 7, 8]],
      ["# hadolint ignore=dl9001", ALL],
      ["# hadolint ignore=DL9001,nonsense", ALL],
      ["# hadolint ignore DL9001", ALL],
      ["# hadolint stage ignore=DL9001", ALL],
    ],
    "of BuildKit": [
      ["# check=skip=FirstRule", NOT_BELOW],
      ["# check=skip=Other,FirstRule it is wanted", NOT_BELOW],
      ["# check=error=true;skip=FirstRule", NOT_BELOW],
      ["# check=skip=all", NOT_BELOW],
      ["# check=skip=FirstRule\n\n# more", [1, 2, 8, 9]],
      ["# check=skip=FirstRule\n#", [1, 2, 5, 6, 7, 8]],
      ["# check=skip=Other, FirstRule", ALL],
      ["# check=skip=firstrule", ALL],
    ],
    "of Trivy": [
      ["# trivy:ignore:DS-0002", NOT_BELOW],
      ["#trivy:ignore:AVD-DS-0002", NOT_BELOW],
      ["# trivy:ignore:DS-0009 trivy:ignore:DS002", NOT_BELOW],
      ["# trivy:ignore:DS-0002:exp:2099-01-01", NOT_BELOW],
      ["# trivy:ignore:DS-0002:exp:2026-02-01", NOT_BELOW],
      ["# trivy:ignore:DS-0002 exp:2026-02-01", NOT_BELOW],
      ["# trivy:ignore:DS-0009:exp:2020-01-01 #trivy:ignore:DS-0002[a=b]:exp:2026-02-01 reason", NOT_BELOW],
      ["# trivy:ignore:DS-0002:exp:2026-01-31", ALL],
      ["# trivy:ignore:DS-0002:exp:2025-12-01", ALL],
      ["# trivy:ignore:DS-0002:exp:tomorrow", ALL],
      ["# trivy:ignore:*", NOT_BELOW],
      ["# trivy:ignore:DS-0002\n", [1, 2, 5, 6, 7, 8]],
      ["# trivy:ignore:DS-0003", ALL],
    ],
    "of Checkov": [
      ["# checkov:skip=CKV_DOCKER_3: reason", []],
      ["# checkov:skip=CKV_DOCKER_2,CKV_DOCKER_3", []],
      ["# bridgecrew:skip= CKV_DOCKER_3", []],
      ["# checkov:skip=CKV_DOCKER_30", ALL],
    ],
    "of KICS": [
      ["# kics-scan ignore-line", NOT_BELOW],
      ["# kics-scan ignore-block", ALL],
      ["# kics-scan ignore", ALL],
      ["# kics-scan ignore-lines", ALL],
    ],
    "of Semgrep": [
      ["# nosemgrep", NOT_BELOW],
      ["# nosem: first-rule", NOT_BELOW],
      ["# nosemgrep: x, dockerfile.security.first-rule.first-rule", NOT_BELOW],
      ["# nosemgrep: other-rule", ALL],
      ["# nosemgreps", ALL],
    ],
    "of ShellCheck": [
      ["# shellcheck disable=SC9001 # reason", NOT_BELOW],
      ["# shellcheck shell=sh disable=SC1000,SC9000-SC9010", NOT_BELOW],
      ["# shellcheck disable=all", NOT_BELOW],
      ["# shellcheck disable=SC9001\n\n# more", [1, 2, 8, 9]],
      ["# shellcheck disable=SC9002", ALL],
      ["# shellcheck shell=bash", ALL],
      ["# shellcheck is wrong about SC9001", ALL],
    ],
    "of Sonar": [
      ["# NOSONAR", NOT_BELOW],
      ["# it is wanted NOSONAR", NOT_BELOW],
      ["# NOSONAR(docker:S9001)", NOT_BELOW],
      ["# NOSONAR(S9002)", ALL],
      ["# nosonar", ALL],
    ],
  };
  for (const [whose, comments] of Object.entries(cases)) {
    for (const [comment, left] of comments) {
      it(`${whose}: ${JSON.stringify(comment)}`, () => {
        assert.deepEqual(lines(around(comment)), left);
        const crlf = around(comment).replaceAll("\n", "\r\n");
        assert.deepEqual(lines(crlf), left);
        // Only ours accept what no other tool has a name for.
        if (!/^# plimsoll .*(?:all)/i.test(comment)) assert.deepEqual(lines(around(comment), OTHER).length, 6);
      });
    }
  }

  it("reach a stage, where they are for one", () => {
    const text = (comment: string) => `FROM bad AS a\nRUN bad\n${comment}\nFROM bad\nRUN bad\nFROM bad\nRUN bad\n`;
    assert.deepEqual(lines(text("# kics-scan ignore-block")), [1, 2, 6, 7]);
    assert.deepEqual(lines(text("# hadolint stage ignore=DL9001")), [1, 2, 4, 6, 7]);
  });

  it("reach the file from above its first instruction", () => {
    assert.deepEqual(lines("# about\n# kics-scan ignore\nFROM bad\nRUN bad\n"), []);
    const id = "FD54F200-402c-4333-a5a4-36ef6709af2f";
    const other = "8ada6e80-0ade-439e-b176-0b28f6bce35a";
    assert.deepEqual(lines(`# about\n# kics-scan disable=${other},${id}\nFROM bad\nRUN bad\n`), []);
    assert.deepEqual(lines(`# kics-scan disable=${other}\nFROM bad\n`), [2]);
    assert.deepEqual(lines(`FROM bad\n# kics-scan disable=${id}\nRUN bad\n`), [1, 3]);
    assert.deepEqual(lines(`# kics-scan enable=${id}\nFROM bad\n`), [2]);
    assert.deepEqual(lines(`# kics-scan enable=${other}\nFROM bad\n`), []);
    assert.deepEqual(lines(`# kics-scan enable=${other}\nFROM bad\n`, OTHER), [2]);
    assert.deepEqual(lines("# check=skip=FirstRule reason\nFROM bad\nRUN bad\n"), []);
    assert.deepEqual(lines("# check=skip=FirstRule;error=true\nFROM bad\nRUN bad\n"), []);
    assert.deepEqual(lines("# check=skip=Other, FirstRule\nFROM bad\n"), [2]);
    // Behind a blank line it is no directive, but a comment for FROM.
    assert.deepEqual(lines("\n# check=skip=FirstRule\nFROM bad\nRUN bad\n"), [4]);
  });

  it("inside an instruction are read as their tool reads them", () => {
    const inside = (comment: string) => lines(`FROM x\nRUN bad && \\\n  ${comment}\n  bad && \\\n  bad\n`);
    assert.deepEqual(inside("# plimsoll ignore first-rule"), []);
    assert.deepEqual(inside("# nosemgrep"), [2, 5]);
    assert.deepEqual(inside("# NOSONAR"), [2, 5]);
    assert.deepEqual(inside("# hadolint ignore=DL9001"), [2, 4, 5]);
    assert.deepEqual(inside("# check=skip=FirstRule"), [2, 4, 5]);
  });

  it("can be switched off", () => {
    assert.deepEqual(lines(around("# plimsoll ignore all"), ONE, { ...DEFAULT_SETTINGS, ignoreComments: false }), ALL);
  });
});

describe("the check directive", () => {
  it("is read as BuildKit reads it", () => {
    assert.deepEqual(readCheck("skip=A,B;error=true why"), {
      skip: { text: "A,B", index: 5 },
      error: true,
      invalid: [],
      end: 19,
    });
    assert.equal(readCheck("skip=A;skip=B").skip?.text, "B");
    assert.deepEqual(
      readCheck("error=yes;x=1;;experimental=all").invalid.map(({ text }) => text),
      ["error=yes", "x=1", ""],
    );
  });

  it("makes warnings fail the build, as a directive alone", () => {
    const fails = (text: string) => failsOnWarnings(new Dockerfile(text).syntax);
    assert.equal(fails("# check=error=true\nFROM x\n"), true);
    assert.equal(fails("# check=skip=A;error=1\nFROM x\n"), true);
    assert.equal(fails("# check=error=false\nFROM x\n"), false);
    assert.equal(fails("\n# check=error=true\nFROM x\n"), false);
  });
});

describe("# hadolint shell=", () => {
  const shells = (text: string) => {
    const dockerfile = new Dockerfile(text);
    return dockerfile.runs.map(({ instruction, stage }) => stage.shellBefore(instruction).words[0]);
  };

  it("holds from there on in its stage and those built on it, or for all from above the first", () => {
    assert.deepEqual(
      shells(
        '# hadolint shell=pwsh\nFROM a AS x\nRUN 1\n# hadolint shell = /bin/bash\nRUN 2\nSHELL ["/bin/dash", "-c"]\nRUN 3\n' +
          "# hadolint shell=bash\nRUN 4\nFROM x\nRUN 5\nFROM b\nRUN 6\n",
      ),
      ["pwsh", "/bin/bash", "/bin/dash", "bash", "bash", "pwsh"],
    );
  });

  it("means nothing inside an instruction", () => {
    assert.deepEqual(shells("FROM a\nRUN 1 && \\\n# hadolint shell=pwsh\n  2\nRUN 3\n"), ["/bin/sh", "/bin/sh"]);
  });

  it("keeps the shell's rules away from other languages", () => {
    const { runs } = new Dockerfile("FROM a\n# hadolint shell=powershell\nRUN Get-Item | Out-Null\n");
    assert.deepEqual(runs[0]!.scripts, []);
  });
});
