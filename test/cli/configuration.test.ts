/** What `.plimsoll.yaml`, `.hadolint.yaml` and `# check=error=true` change on the command line. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, plimsoll, REPAIRED, TWO_FINDINGS } from "./host.ts";

const OFF = "rules: { maintainer-instruction: off }\n";

/** The rules that report something, by file. */
async function check(files: Readonly<Record<string, string | Uint8Array>>, ...args: readonly string[]) {
  const { code, output, errors } = await plimsoll(folderOf(files), ["check", "--format=json", ...args]);
  const found = JSON.parse(output).files.map(
    (one: { path: string; diagnostics: { rule: string; severity: string }[] }) => [
      one.path,
      one.diagnostics
        .filter(({ rule }) => rule === "maintainer-instruction" || rule === "recommended-packages")
        .map(({ rule, severity }) => `${severity} ${rule}`),
    ],
  );
  return { code, errors, found: Object.fromEntries(found) as Record<string, string[]> };
}

describe("configuration files on the command line", () => {
  it("count for the Dockerfiles in their folder and below, the nearest alone", async () => {
    const { found, errors } = await check({
      ".plimsoll.yaml": OFF,
      Dockerfile: TWO_FINDINGS,
      "a/Dockerfile": TWO_FINDINGS,
      "b/.hadolint.yaml": "override: { error: [DL3015] }\n",
      "b/Dockerfile": TWO_FINDINGS,
      "c/.plimsoll.yml": "rules: { DL3015: off }\n",
      "c/d/Dockerfile": TWO_FINDINGS,
    });
    assert.equal(errors, "");
    assert.deepEqual(found, {
      Dockerfile: ["info recommended-packages"],
      "a/Dockerfile": ["info recommended-packages"],
      "b/Dockerfile": ["error recommended-packages"],
      "c/d/Dockerfile": ["info maintainer-instruction"],
    });
  });

  it("give way to options", async () => {
    const files = { ".plimsoll.yaml": `${OFF}fail-on: info\n`, Dockerfile: TWO_FINDINGS };
    assert.deepEqual((await check(files, "--rules=maintainer-instruction")).found["Dockerfile"], [
      "info maintainer-instruction",
    ]);
    assert.equal((await check(files, "--rules=DL3015")).code, 1);
    assert.equal((await check(files, "--rules=DL3015", "--fail-on=error")).code, 0);
  });

  it("have files left alone, which is told of those that were named", async () => {
    const files = {
      ".plimsoll.yaml": 'ignore: [vendor/, "*.example.Dockerfile", "!vendor"]\n',
      Dockerfile: TWO_FINDINGS,
      "a/x.example.Dockerfile": TWO_FINDINGS,
      "vendor2/Dockerfile": TWO_FINDINGS,
      "b/.plimsoll.yaml": "ignore: /Dockerfile.old\n",
      "b/Dockerfile.old": TWO_FINDINGS,
      "c/.plimsoll.yaml": "ignore: [/Dockerfile.old]\n",
      "c/Dockerfile.old": TWO_FINDINGS,
      "c/d/Dockerfile.old": TWO_FINDINGS,
    };
    const { found, errors } = await check(files);
    assert.deepEqual(Object.keys(found), [
      "Dockerfile",
      "b/Dockerfile.old",
      "c/d/Dockerfile.old",
      "vendor2/Dockerfile",
    ]);
    assert.equal(errors, 'plimsoll: b/.plimsoll.yaml:1: "ignore" must be a list of strings; it is left out.\n');
    const named = await check(files, "--rules=DL3015", "c/Dockerfile.old", "c");
    assert.deepEqual(Object.keys(named.found), ["c/d/Dockerfile.old"]);
    assert.equal(named.errors, "plimsoll: c/Dockerfile.old is left alone, as `ignore` in the configuration has it\n");
    assert.equal(named.code, 0);
    const folder = folderOf(files);
    const fixed = await plimsoll(folder, ["fix", "c/Dockerfile.old"]);
    assert.match(fixed.errors, /is left alone/);
    assert.equal(readFileSync(join(folder, "c/Dockerfile.old"), "utf8"), TWO_FINDINGS);
  });

  it("can be named, and are then the only ones", async () => {
    const files = {
      ".plimsoll.yaml": OFF,
      "my.yaml": "rules: { DL3015: off }\n",
      "our-hadolint.yml": "override: { error: [DL3015] }\n",
      Dockerfile: TWO_FINDINGS,
    };
    const found = async (name: string) => (await check(files, `--config=${name}`)).found["Dockerfile"];
    assert.deepEqual(await found("my.yaml"), ["info maintainer-instruction"]);
    assert.deepEqual(await found("our-hadolint.yml"), ["info maintainer-instruction", "error recommended-packages"]);
    const { code, errors } = await plimsoll(folderOf(files), ["check", "--config=none.yaml"]);
    assert.deepEqual([code, errors], [2, 'plimsoll: --config "none.yaml" is not a file; check the path\n']);
    const fixed = await plimsoll(folderOf(files), ["fix", "--unsafe", "--config=my.yaml", "Dockerfile"]);
    assert.match(fixed.errors, /maintainer-instruction/);
    assert.doesNotMatch(fixed.errors, /recommended-packages/);
  });

  it("say when to fail", async () => {
    const code = async (name: string, text: string) =>
      (await check({ [name]: text, Dockerfile: TWO_FINDINGS }, "--rules=DL3015")).code;
    assert.equal(await code(".hadolint.yaml", "failure-threshold: info\n"), 1);
    assert.equal(await code(".hadolint.yaml", "failure-threshold: warning\n"), 0);
    assert.equal(await code(".hadolint.yaml", "failure-threshold: info\nno-fail: true\n"), 0);
    assert.equal(await code(".plimsoll.yaml", "fail-on: hint\n"), 1);
  });

  it("bring a policy", async () => {
    const folder = folderOf({
      ".hadolint.yaml": "trustedRegistries: [ghcr.io]\nlabel-schema: { author: email }\n",
      Dockerfile: "FROM debian:12\nLABEL author=ada\n",
    });
    const { output } = await plimsoll(folder, ["check", "--quiet", "--rules=DL3026,DL3058"]);
    assert.deepEqual(output.match(/^Dockerfile.*$/gm), [
      "Dockerfile:1:6 error untrusted-registry",
      "Dockerfile:2:14 warning invalid-label",
    ]);
  });

  it("count for standard input, as at --stdin-path", async () => {
    const folder = folderOf({ ".plimsoll.yaml": OFF, "a/.plimsoll.yaml": "rules: { DL3015: off }\n" });
    const run = (...args: string[]) =>
      plimsoll(folder, ["check", "--quiet", "--fail-on=never", ...args, "-"], { input: TWO_FINDINGS });
    assert.doesNotMatch((await run()).output, /maintainer-instruction/);
    const { output } = await run("--stdin-path=a/Dockerfile");
    assert.match(output, /maintainer-instruction/);
    assert.doesNotMatch(output, /recommended-packages/);
  });

  it("count for fix and rate", async () => {
    const folder = folderOf({ ".plimsoll.yaml": OFF, Dockerfile: TWO_FINDINGS });
    const rated = await plimsoll(folder, ["rate", "--format=json", "Dockerfile"]);
    assert.doesNotMatch(rated.output, /maintainer-instruction/);
    await plimsoll(folder, ["fix", "--unsafe", "Dockerfile"]);
    const fixed = readFileSync(join(folder, "Dockerfile"), "utf8");
    assert.match(fixed, /^MAINTAINER Ada$/m);
    assert.match(fixed, /--no-install-recommends/);
    const other = folderOf({ ".hadolint.yaml": "ignored: [DL3008]\n", Dockerfile: TWO_FINDINGS });
    await plimsoll(other, ["fix", "--unsafe", "--rules=maintainer-instruction,DL3015", "Dockerfile"]);
    assert.equal(readFileSync(join(other, "Dockerfile"), "utf8"), REPAIRED);
  });

  it("with mistakes are told of once, with file and line; the rest goes on, and the code is 2", async () => {
    const files = {
      "x/.plimsoll.yaml": `preset: most\n${OFF}`,
      "x/Dockerfile": TWO_FINDINGS,
      "x/y/Dockerfile": TWO_FINDINGS,
      "z/.hadolint.yaml": "a: [\n",
      "z/Dockerfile": TWO_FINDINGS,
      "u/.plimsoll.yaml": Buffer.from([0xff]),
      "u/Dockerfile": TWO_FINDINGS,
    };
    const { code, errors, found } = await check(files);
    assert.equal(code, 2);
    const lines = errors.trimEnd().split("\n").sort();
    assert.equal(lines.length, 3, errors);
    assert.match(lines[0]!, /^plimsoll: u\/\.plimsoll\.yaml: it is no UTF-8 text/);
    assert.match(lines[1]!, /^plimsoll: x\/\.plimsoll\.yaml:1: "preset" must be one of "recommended"/);
    assert.match(lines[2]!, /^plimsoll: z\/\.hadolint\.yaml:\d: it is no valid YAML/);
    assert.deepEqual(found["x/y/Dockerfile"], ["info recommended-packages"]);
    assert.equal(found["z/Dockerfile"]!.length, 2);
    for (const command of ["rate", "fix"]) {
      const outcome = await plimsoll(folderOf(files), [command, "x/Dockerfile"]);
      assert.equal(outcome.code, 2, command);
      assert.match(outcome.errors, /x\/\.plimsoll\.yaml:1: "preset"/);
    }
  });

  it("are not needed by the comments that make BuildKit's warnings fail", async () => {
    const code = async (head: string, ...args: string[]) =>
      (await check({ Dockerfile: head + TWO_FINDINGS }, "--rules=maintainer-instruction,DL3015", ...args)).code;
    assert.equal(await code(""), 0);
    assert.equal(await code("# check=error=true\n"), 1);
    assert.equal(await code("# check=error=false\n"), 0);
    assert.equal(await code("# check=error=true;skip=MaintainerDeprecated\n"), 0);
    assert.equal(await code("# check=error=true\n", "--fail-on=never"), 0);
  });
});
