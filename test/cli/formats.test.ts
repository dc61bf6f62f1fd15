import assert from "node:assert/strict";
import { applyEdits } from "../../server/lint/fix.ts";
import { folderOf, plimsoll, REPAIRED, TWO_FINDINGS, TWO_RULES } from "./host.ts";

// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
type Json = any;

async function checkAs(
  format: string,
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  return (await plimsoll(folderOf(files), ["check", "--format", format, ...args])).output;
}

describe("check --format json", () => {
  it("is the contract, with these fields in this order and no others", async () => {
    const output: Json = JSON.parse(await checkAs("json", { "a/Dockerfile": TWO_FINDINGS }, TWO_RULES));
    const [file] = output.files;
    assert.deepEqual(output as unknown, {
      version: 1,
      files: [
        {
          path: "a/Dockerfile",
          score: { overall: 9.4, security: 10, efficiency: 8.6, maintainability: 9.5 },
          role: "base image",
          diagnostics: [
            {
              rule: "maintainer-instruction",
              aliases: file.diagnostics[0].aliases,
              category: "maintainability",
              severity: "info",
              message: "`MAINTAINER` is deprecated; a label says the same",
              start: { line: 2, column: 1, offset: 15 },
              end: { line: 2, column: 15, offset: 29 },
              fixes: [
                {
                  title: "Write it as the label `org.opencontainers.image.authors`",
                  safety: "safe",
                  edits: [
                    { start: 15, end: 26, text: 'LABEL org.opencontainers.image.authors="' },
                    { start: 29, end: 29, text: '"' },
                  ],
                  assumptions: [],
                },
              ],
              related: [],
              refusal: null,
              scored: true,
            },
            {
              rule: "recommended-packages",
              aliases: file.diagnostics[1].aliases,
              category: "efficiency",
              severity: "info",
              message: "`apt-get install` also installs the packages that are only recommended",
              start: { line: 3, column: 13, offset: 42 },
              end: { line: 3, column: 20, offset: 49 },
              fixes: [
                {
                  title: "Add `--no-install-recommends`",
                  safety: "unsafe",
                  edits: [{ start: 49, end: 49, text: " --no-install-recommends" }],
                  assumptions: ["Nothing needs a package that is only recommended."],
                },
              ],
              related: [],
              refusal: null,
              scored: true,
            },
          ],
          accepted: 0,
          notAssessed: [],
        },
      ],
    });
    assert.deepEqual(Object.keys(file), ["path", "score", "role", "diagnostics", "accepted", "notAssessed"]);
    assert.ok(file.diagnostics[0].aliases.includes("hadolint/DL4000"));
  });

  it("has edits that a client can apply as they are", async () => {
    const output = JSON.parse(await checkAs("json", { Dockerfile: TWO_FINDINGS }, TWO_RULES));
    const edits = output.files[0].diagnostics.flatMap((one: Json) => one.fixes[0].edits);
    assert.equal(applyEdits(TWO_FINDINGS, edits), REPAIRED);
  });

  it("counts in UTF-16, a byte order mark and CRLF included", async () => {
    const text = "\ufeffFROM debian:12\r\n# \u{1f433}\r\nRUN echo \u{1f433} && apt-get install -y vim\r\n";
    const output = JSON.parse(await checkAs("json", { Dockerfile: text }, TWO_RULES));
    const [{ start, end }] = output.files[0].diagnostics;
    assert.equal(text.slice(start.offset, end.offset), "install");
    assert.deepEqual(start, { line: 3, column: 24, offset: text.indexOf("install") });
  });

  it("is valid without any file", async () => {
    const { code, output } = await plimsoll(folderOf({}), ["check", "--format=json"]);
    assert.deepEqual(JSON.parse(output), { version: 1, files: [] });
    assert.equal(code, 2);
  });

  it("says what is accepted", async () => {
    const text = "FROM debian:12\n# plimsoll ignore maintainer-instruction: she asked for it\nMAINTAINER Ada\n";
    const output = JSON.parse(await checkAs("json", { Dockerfile: text }, TWO_RULES));
    assert.deepEqual([output.files[0].accepted, output.files[0].diagnostics], [1, []]);
  });
});

describe("rules --format json", () => {
  it("is the contract, with these fields in this order and no others", async () => {
    const { code, output } = await plimsoll(folderOf({}), ["rules", "--format", "json"]);
    const { version, rules } = JSON.parse(output);
    assert.deepEqual([code, version], [0, 1]);
    for (const rule of rules) {
      assert.deepEqual(Object.keys(rule), [
        "id",
        "aliases",
        "category",
        "severity",
        "weight",
        "enabled",
        "fix",
        "title",
      ]);
      assert.equal(typeof rule.enabled, "boolean");
      assert.ok(["safe", "unsafe", null].includes(rule.fix), rule.id);
    }
    const { aliases, ...rest } = rules.find(({ id }: Json) => id === "recommended-packages");
    assert.ok(aliases.includes("hadolint/DL3015"));
    assert.deepEqual(rest, {
      id: "recommended-packages",
      category: "efficiency",
      severity: "info",
      weight: "medium",
      enabled: true,
      fix: "unsafe",
      title: "Recommended packages",
    });
  });
});

describe("check --format github", () => {
  it("annotates the place", async () => {
    assert.equal(
      await checkAs("github", { "a/Dockerfile": TWO_FINDINGS }, TWO_RULES),
      `::notice file=a/Dockerfile,line=2,endLine=2,col=1,endColumn=15,title=maintainer-instruction::\`MAINTAINER\` is deprecated; a label says the same%0AFix (safe): Write it as the label \`org.opencontainers.image.authors\`
::notice file=a/Dockerfile,line=3,endLine=3,col=13,endColumn=20,title=recommended-packages::\`apt-get install\` also installs the packages that are only recommended%0AFix (unsafe): Add \`--no-install-recommends\`
Score of a/Dockerfile: 9.4 (security 10.0, efficiency 8.6, maintainability 9.5)
`,
    );
  });

  it("leaves out columns that are in different lines", async () => {
    const output = await checkAs(
      "github",
      { Dockerfile: "FROM debian:12\nMAINTAINER Ada \\\n  Lovelace\n" },
      TWO_RULES,
    );
    assert.match(output, /^::notice file=Dockerfile,line=2,endLine=3,title=/);
  });

  it("escapes what would end a property or a command", async () => {
    const output = await checkAs("github", { "a:b,100%/\n::error::Dockerfile": TWO_FINDINGS }, TWO_RULES, "-q", ".");
    assert.equal(output, "");
    const named = await checkAs("github", { "a:b,100%/Dockerfile.\n::error::": TWO_FINDINGS }, TWO_RULES);
    const lines = named.trimEnd().split("\n");
    assert.match(lines[0]!, /^::notice file=a%3Ab%2C100%25\/Dockerfile\.%0A%3A%3Aerror%3A%3A,line=2,/);
    assert.match(lines[2]!, /^Score of a:b,100%\/Dockerfile\. ::error::: 9\.4/);
    assert.equal(lines.length, 3);
  });
});

describe("check --format sarif", () => {
  const findings = `${TWO_FINDINGS}# plimsoll ignore DL4000\nMAINTAINER Bob\n`;

  it("has the results with their regions, rules and fixes", async () => {
    const output = JSON.parse(await checkAs("sarif", { "a b/Dockerfile": findings }, TWO_RULES));
    assert.equal(output.version, "2.1.0");
    const [run] = output.runs;
    assert.equal(run.columnKind, "utf16CodeUnits");
    assert.deepEqual(run.invocations, [{ executionSuccessful: true, toolExecutionNotifications: [] }]);
    const artifactLocation = { uri: "a%20b/Dockerfile" };
    assert.deepEqual(run.artifacts, [{ location: artifactLocation, sourceLanguage: "dockerfile" }]);

    const { driver } = run.tool;
    assert.equal(driver.name, "Plimsoll");
    assert.match(driver.semanticVersion, /^\d+\.\d+\.\d+/);
    assert.deepEqual(
      driver.rules.map(({ id }: Json) => id),
      ["maintainer-instruction", "recommended-packages"],
    );
    const { help, properties, ...rule } = driver.rules[1];
    assert.deepEqual(rule, {
      id: "recommended-packages",
      shortDescription: { text: "Recommended packages" },
      defaultConfiguration: { enabled: true, level: "note" },
    });
    assert.match(help.markdown, /^# Recommended packages\n\n`apt-get install` installs/);
    assert.ok(properties.tags.includes("efficiency") && properties.tags.includes("hadolint/DL3015"));

    assert.deepEqual(run.results[1], {
      ruleId: "recommended-packages",
      ruleIndex: 1,
      level: "note",
      message: {
        text: "`apt-get install` also installs the packages that are only recommended",
        markdown: "`apt-get install` also installs the packages that are only recommended",
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { ...artifactLocation, index: 0 },
            region: { startLine: 3, startColumn: 13, endLine: 3, endColumn: 20 },
          },
        },
      ],
      fixes: [
        {
          description: { text: "Add `--no-install-recommends` (unsafe)" },
          artifactChanges: [
            {
              artifactLocation: { ...artifactLocation, index: 0 },
              replacements: [
                {
                  deletedRegion: { startLine: 3, startColumn: 20, endLine: 3, endColumn: 20 },
                  insertedContent: { text: " --no-install-recommends" },
                },
              ],
            },
          ],
        },
      ],
    });
    assert.deepEqual(
      run.results.map((one: Json) => [one.ruleIndex, one.suppressions]),
      [
        [0, undefined],
        [1, undefined],
        [0, [{ kind: "inSource" }]],
      ],
    );
  });

  it("says what could not run", async () => {
    const folder = folderOf({ Dockerfile: TWO_FINDINGS });
    const { code, output } = await plimsoll(folder, ["check", "--format=sarif", TWO_RULES, "nowhere", "."]);
    const [run] = JSON.parse(output).runs;
    assert.deepEqual(run.invocations, [
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "error",
            message: { text: 'cannot read "nowhere": there is no such file; check the path' },
          },
        ],
      },
    ]);
    assert.equal(run.results.length, 2);
    assert.equal(code, 2);
  });
});
