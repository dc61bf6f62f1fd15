/** `.plimsoll.yaml` and `.hadolint.yaml` as settings and policy, and what is said of mistakes in them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readConfiguration } from "../../server/lint/configuration.ts";
import { lint } from "../../server/lint/lint.ts";
import {
  combineSettings,
  DEFAULT_SETTINGS,
  fileKey,
  isEnabled,
  SETTINGS,
  type Settings,
  severityOf,
  withoutDefaults,
} from "../../server/lint/settings.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { RULES as ALL_RULES } from "../../server/rules/index.ts";
import { defineRule, type Rule } from "../../server/rules/rule.ts";

function ruleOf(id: string, more: Partial<Rule> = {}): Rule {
  return defineRule({
    ...{ id, category: "efficiency", severity: "info", weight: "low", aliases: [] },
    *check() {},
    ...more,
  });
}
const FIRST = ruleOf("first-rule", { aliases: ["hadolint/DL9001", "shellcheck/SC9001"] });
const SECOND = ruleOf("second-rule", { aliases: ["hadolint/DL9002"], enabled: false });
const RULES = [FIRST, SECOND];

const own = (text: string | undefined) =>
  readConfiguration([{ kind: "plimsoll", path: ".plimsoll.yaml", text }], RULES);
const hadolint = (text: string) => readConfiguration([{ kind: "hadolint", path: ".hadolint.yaml", text }], RULES);

describe(".plimsoll.yaml", () => {
  it("has the settings", () => {
    const { settings, policy, problems } = own(`
preset: strict
role: base image
rules: { first-rule: off, hadolint/DL9002: error }
ignore-comments: false
fail-on: never
trusted-registries: [docker.io]
labels: { maintainer: email }
strict-labels: true
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      preset: "strict",
      role: "base image",
      rules: { "first-rule": "off", "hadolint/DL9002": "error" },
      ignoreComments: false,
      failOn: "never",
    });
    assert.deepEqual(policy, {
      trustedRegistries: ["docker.io"],
      labels: { maintainer: "email" },
      strictLabels: true,
    });
  });

  it("may be empty, or have nothing behind a key", () => {
    for (const text of ["", "# nothing\n", "---\n", "preset:\nrules:\n"])
      assert.deepEqual(own(text), { settings: {}, policy: {}, problems: [] }, text);
  });

  it("takes off and on as YAML 1.1 has them", () => {
    assert.deepEqual(own("%YAML 1.1\n---\nrules: { first-rule: off, second-rule: on }\n").settings.rules, {
      "first-rule": "off",
      "second-rule": "on",
    });
  });

  const mistakes: readonly [text: string, problem: RegExp, settings: object][] = [
    ["a: [\n", /^\.plimsoll\.yaml:\d+: it is no valid YAML \(.+\); mend it\. It is left out\.$/, {}],
    ["preset: strict\n\tx: 1\n", /^\.plimsoll\.yaml:2: it is no valid YAML /, {}],
    ["- strict\n", /^\.plimsoll\.yaml:1: it must be a map of settings/, {}],
    ["strict\n", /^\.plimsoll\.yaml:1: it must be a map/, {}],
    [
      "# x\npreset: most\nrole: auto\n",
      /:2: "preset" must be one of "recommended", .*"all"; it is left out\.$/,
      { role: "auto" },
    ],
    ["preset: all\npresett: all\n", /:2: "presett" is no setting; did you mean "preset"\?$/, { preset: "all" }],
    ["something: 1\n", /:1: "something" is no setting; there are preset, rules, /, {}],
    [
      "rules:\n  first-rule: loud\n  DL9002: info\n",
      /:2: "rules" gives "first-rule" a value that is none of off, /,
      { rules: { DL9002: "info" } },
    ],
    ["rules:\n  # x\n  nothing: off\n", /:3: "rules" names "nothing", which is no rule/, { rules: {} }],
    ["rules: [first-rule]\n", /:1: "rules" must be a value of type object/, {}],
    ["\ntrusted-registries: docker.io\n", /:2: "trusted-registries" must be a list of strings/, {}],
    ["labels: { a: words }\n", /:1: "labels" gives "a" a value that is none of text, url/, {}],
    ["strict-labels: 1\n", /:1: "strict-labels" must be a value of type boolean/, {}],
    ["codeLens: false\n", /:1: "codeLens" is no setting/, {}],
    [`a: &a [1]\nb: [${Array.from({ length: 200 }, () => "*a").join(", ")}]\n`, /^\.plimsoll\.yaml:/, {}],
  ];
  for (const [text, problem, settings] of mistakes) {
    it(`says what is wrong in ${JSON.stringify(text.slice(0, 50))}, and takes the rest`, () => {
      const read = own(text);
      assert.match(read.problems[0] ?? "", problem);
      assert.deepEqual(read.settings, settings);
    });
  }

  it("that cannot be read is said to be so", () => {
    assert.match(own(undefined).problems[0]!, /^\.plimsoll\.yaml: it is no UTF-8 text of at most 256 KB; /);
  });

  it("has a schema that knows its settings, and every rule", () => {
    const schema = JSON.parse(readFileSync("schemas/plimsoll.schema.json", "utf8"));
    const keys = SETTINGS.filter(({ places }) => places.includes("file")).map(fileKey);
    assert.deepEqual(Object.keys(schema.properties), keys);
    assert.ok("root-user" in schema.properties.rules.properties);
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.deepEqual(contributes.yamlValidation, [
      { fileMatch: [".plimsoll.yaml", ".plimsoll.yml"], url: "./schemas/plimsoll.schema.json" },
    ]);
  });

  it("is documented whole", () => {
    const page = readFileSync("docs/configuration.md", "utf8");
    for (const setting of SETTINGS)
      for (const place of setting.places)
        assert.ok(
          page.includes(place === "file" ? `\`${fileKey(setting)}\`` : `\`plimsoll.${setting.key}\``),
          setting.key,
        );
  });
});

describe("docs/configuration.md", () => {
  const page = readFileSync("docs/configuration.md", "utf8");
  const fence = (language: string) => new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)![1]!;

  it("shows a file that is right", () => {
    const { settings, policy, problems } = readConfiguration(
      [{ kind: "plimsoll", path: "", text: fence("yaml") }],
      ALL_RULES,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys({ ...settings, ...policy }), [
      "preset",
      "rules",
      "ignore",
      "trustedRegistries",
      "labels",
    ]);
  });

  it("shows comments that accept something", () => {
    const settings: Settings = { ...DEFAULT_SETTINGS, preset: "all" };
    const { accepted, diagnostics } = lint(new Dockerfile(fence("dockerfile")), ALL_RULES, settings);
    const shown = ({ rule }: { readonly rule: Rule }) => rule.id;
    assert.ok(accepted.map(shown).includes("root-user"));
    for (const id of ["root-user", "missing-healthcheck", "ineffective-directive"])
      assert.ok(!diagnostics.map(shown).includes(id), id);
  });
});

describe(".hadolint.yaml", () => {
  it("has all its keys", () => {
    const { settings, policy, problems } = hadolint(`
ignored: [DL9001, DL1234]
override:
  error: [DL9002]
  style: [DL9001, DL9002, SC9001]
failure-threshold: style
trustedRegistries: [docker.io, "*.example.com"]
label-schema: { author: email, notes: text }
strict-labels: true
disable-ignore-pragma: true
format: tty
no-color: true
verbose: 7
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      // What is ignored stays so, and the most severe wins.
      rules: { "hadolint/DL9001": "off", "hadolint/DL9002": "error", "shellcheck/SC9001": "hint" },
      failOn: "hint",
      ignoreComments: false,
    });
    assert.deepEqual(policy, {
      trustedRegistries: ["docker.io", "*.example.com"],
      labels: { author: "email", notes: "text" },
      strictLabels: true,
    });
  });

  it("turns on what is off by giving it a severity", () => {
    const settings = combineSettings(hadolint("override: { warning: [DL9002] }").settings);
    assert.equal(isEnabled(SECOND, settings), true);
    assert.equal(severityOf(SECOND, settings), "warning");
  });

  it("takes one where a list is wanted, and no-fail before a threshold", () => {
    const { settings, policy } = hadolint(
      "ignored: DL9001\ntrustedRegistries: docker.io\nno-fail: true\nfailure-threshold: info\n",
    );
    assert.deepEqual(settings, { rules: { "hadolint/DL9001": "off" }, failOn: "never" });
    assert.deepEqual(policy, { trustedRegistries: ["docker.io"] });
  });

  it("with mistakes is told of, and the rest of it holds", () => {
    const { settings, problems } = hadolint(
      "ignored: [1]\noverride:\n  info: [DL9001]\n  error: { a: 1 }\nfailure-threshold: loud\nno-fail: x\nlabel-schema: [a]\n",
    );
    assert.deepEqual(settings, { rules: { "hadolint/DL9001": "info" } });
    assert.deepEqual(problems, [
      '.hadolint.yaml:1: "ignored" must be a list of rules; it is left out.',
      '.hadolint.yaml:4: "override" must have a list of rules for "error"; it is left out.',
      '.hadolint.yaml:5: "failure-threshold" must be one of error, warning, info, style, ignore, none; it is left out.',
      '.hadolint.yaml:6: "no-fail" must be true or false; it is left out.',
      '.hadolint.yaml:7: "label-schema" must be a map of text, url, semver, hash, rfc3339, spdx, email by label; it is left out.',
    ]);
  });
});

describe("several places of settings", () => {
  it("ours counts before hadolint's, setting by setting and rule by rule", () => {
    const { settings, policy } = readConfiguration(
      [
        { kind: "plimsoll", path: "a", text: "rules: { first-rule: error }\nlabels: { a: url }\n" },
        {
          kind: "hadolint",
          path: "b",
          text: "ignored: [DL9001, DL9002]\nfailure-threshold: info\nstrict-labels: true\nlabel-schema: { b: url }\n",
        },
      ],
      RULES,
    );
    const all = combineSettings(settings);
    assert.equal(severityOf(FIRST, all), "error");
    assert.equal(isEnabled(SECOND, all), false);
    assert.equal(all.failOn, "info");
    assert.deepEqual(policy, { labels: { a: "url" }, strictLabels: true });
  });

  it("the first that has a setting counts, and an editor has only what is not at its default", () => {
    const editor = withoutDefaults({ ...DEFAULT_SETTINGS, rules: { "first-rule": "off" }, codeLens: false });
    const file: Partial<Settings> = { preset: "strict", rules: { DL9001: "error", DL9002: "error" } };
    const settings = combineSettings(editor, file);
    assert.equal(settings.preset, "strict");
    assert.equal(settings.codeLens, false);
    assert.equal(isEnabled(FIRST, settings), false);
    assert.equal(severityOf(SECOND, settings), "error");
    assert.equal(combineSettings({ preset: "recommended" }, file).preset, "recommended");
    assert.deepEqual(combineSettings(), DEFAULT_SETTINGS);
  });
});

describe("presets", () => {
  it("choose the rules", () => {
    const rules = [
      ruleOf("plain"),
      ruleOf("pedantic", { enabled: false }),
      ruleOf("strict", { enabled: false, strict: true }),
      ruleOf("secure", { category: "security" }),
      ruleOf("strictly-secure", { category: "security", enabled: false, strict: true }),
    ];
    const on = (preset: Settings["preset"]) =>
      rules.filter((rule) => isEnabled(rule, { ...DEFAULT_SETTINGS, preset })).map(({ id }) => id);
    assert.deepEqual(on("recommended"), ["plain", "secure"]);
    assert.deepEqual(on("strict"), ["plain", "strict", "secure", "strictly-secure"]);
    assert.deepEqual(on("security"), ["secure", "strictly-secure"]);
    assert.deepEqual(on("all").length, 5);
  });

  it("have the rules that belong to them", () => {
    const on = (preset: Settings["preset"]) =>
      ALL_RULES.filter((rule) => isEnabled(rule, { ...DEFAULT_SETTINGS, preset })).map(({ id }) => id);
    for (const id of ["unpinned-apt-package", "unpinned-digest", "missing-healthcheck", "named-user", "root-user"])
      assert.ok(on("strict").includes(id), id);
    assert.ok(!on("strict").includes("unsorted-packages"));
    assert.ok(on("security").includes("root-user") && !on("security").includes("unknown-instruction"));
    for (const { id, enabled, strict } of ALL_RULES)
      if (strict) assert.equal(enabled, false, `${id} is on anyway, so \`strict\` says nothing`);
  });
});
