import assert from "node:assert/strict";
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { CLEAN, folderOf, plimsoll, REPAIRED, TWO_FINDINGS, TWO_RULES } from "./host.ts";

const SAFELY_REPAIRED = TWO_FINDINGS.replace("MAINTAINER Ada", 'LABEL org.opencontainers.image.authors="Ada"');

describe("plimsoll fix", () => {
  it("writes safe fixes, and lists what it did and what it left", async () => {
    const folder = folderOf({ Dockerfile: TWO_FINDINGS });
    const outcome = await plimsoll(folder, ["fix", TWO_RULES, "Dockerfile"]);
    assert.equal(readFileSync(join(folder, "Dockerfile"), "utf8"), SAFELY_REPAIRED);
    assert.deepEqual(outcome, {
      code: 0,
      output: "",
      errors: `Dockerfile: 1 change, score 9.4 -> 9.5, image ≈ 158 MB
  changed  maintainer-instruction: Write it as the label \`org.opencontainers.image.authors\`
  left     line 3, recommended-packages: Add \`--no-install-recommends\` (with --unsafe)
`,
    });
  });

  it("writes all fixes with --unsafe", async () => {
    const folder = folderOf({ Dockerfile: TWO_FINDINGS });
    const { errors } = await plimsoll(folder, ["fix", "--unsafe", TWO_RULES, "Dockerfile"]);
    assert.equal(readFileSync(join(folder, "Dockerfile"), "utf8"), REPAIRED);
    assert.match(errors, /^Dockerfile: 2 changes, score 9\.4 -> 10\.0, image ≈ 158 MB\n/);
  });

  it("says why something is not repaired", async () => {
    const folder = folderOf({ Dockerfile: "FROM debian:12\nMAINTAINER\n" });
    const { errors } = await plimsoll(folder, ["fix", TWO_RULES, "Dockerfile"]);
    assert.equal(
      errors,
      `Dockerfile: nothing to change, score 9.9
  left     line 2, maintainer-instruction: it says nothing
`,
    );
  });

  it("leaves a file alone when nothing changes", async () => {
    const folder = folderOf({ Dockerfile: CLEAN });
    const path = join(folder, "Dockerfile");
    utimesSync(path, 1000, 1000);
    const { errors } = await plimsoll(folder, ["fix", TWO_RULES, "Dockerfile", "./Dockerfile"]);
    assert.equal(errors.split("\n")[0], "Dockerfile: nothing to change, score 10.0");
    assert.equal(statSync(path).mtimeMs, 1_000_000);
  });

  it("keeps the mode, and writes through a symbolic link", async () => {
    const folder = folderOf({ real: TWO_FINDINGS });
    chmodSync(join(folder, "real"), 0o750);
    symlinkSync("real", join(folder, "Dockerfile"));
    await plimsoll(folder, ["fix", "--unsafe", TWO_RULES, "Dockerfile"]);
    assert.equal(readFileSync(join(folder, "real"), "utf8"), REPAIRED);
    assert.equal(statSync(join(folder, "real")).mode & 0o777, 0o750);
    assert.ok(lstatSync(join(folder, "Dockerfile")).isSymbolicLink());
  });

  it("keeps the byte order mark and CRLF", async () => {
    const crlf = (text: string): string => `\ufeff${text.replaceAll("\n", "\r\n")}`;
    const folder = folderOf({ Dockerfile: crlf(TWO_FINDINGS) });
    await plimsoll(folder, ["fix", "--unsafe", TWO_RULES, "Dockerfile"]);
    assert.equal(readFileSync(join(folder, "Dockerfile"), "utf8"), crlf(REPAIRED));
  });

  it("tells of what cannot be read or written, and goes on", async () => {
    const latin = Buffer.from("FROM debian:12\nMAINTAINER \xe9\n", "latin1");
    const folder = folderOf({ "read-only": TWO_FINDINGS, latin, "folder/x": "", Dockerfile: TWO_FINDINGS });
    chmodSync(join(folder, "read-only"), 0o444);
    const files = ["read-only", "nowhere", "latin", "folder", "Dockerfile"];
    const { code, errors } = await plimsoll(folder, ["fix", TWO_RULES, ...files]);
    assert.deepEqual(errors.split("\n").slice(0, 5), [
      'plimsoll: cannot write "read-only": it is read-only; make it writable first',
      'plimsoll: cannot read "nowhere": there is no such file; check the path',
      'plimsoll: "latin" is not UTF-8; save it as UTF-8',
      'plimsoll: cannot read "folder": it is a folder; name the Dockerfile in it',
      "Dockerfile: 1 change, score 9.4 -> 9.5, image ≈ 158 MB",
    ]);
    assert.equal(code, 2);
    assert.equal(readFileSync(join(folder, "read-only"), "utf8"), TWO_FINDINGS);
    assert.deepEqual(readFileSync(join(folder, "latin")), latin);
    assert.equal(readFileSync(join(folder, "Dockerfile"), "utf8"), SAFELY_REPAIRED);
  });

  it("needs a file", async () => {
    const { code, errors } = await plimsoll(folderOf({}), ["fix"]);
    assert.equal(errors, "plimsoll: fix needs a file; `plimsoll fix --help` shows how it is used\n");
    assert.equal(code, 2);
  });

  describe("of what stands in another file", () => {
    const TEXT = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    const RULES = "--rules=missing-dockerignore,incomplete-dockerignore";

    it("writes it into the build context", async () => {
      const folder = folderOf({ "app/Dockerfile": TEXT, "app/package.json": "{}" });
      const { errors } = await plimsoll(folder, ["fix", RULES, "app/Dockerfile"]);
      assert.match(readFileSync(join(folder, "app/.dockerignore"), "utf8"), /^node_modules$/m);
      assert.match(errors, /changed {2}missing-dockerignore: Write a `\.dockerignore`\n$/);
      assert.equal(readFileSync(join(folder, "app/Dockerfile"), "utf8"), TEXT);
    });

    it("keeps what a file has, and adds to it", async () => {
      const folder = folderOf({ Dockerfile: TEXT, ".dockerignore": "*.log", ".git/HEAD": "" });
      await plimsoll(folder, ["fix", RULES, "Dockerfile"]);
      assert.equal(readFileSync(join(folder, ".dockerignore"), "utf8"), "*.log\n\n# History\n.git\n");
    });

    it("shows it with --diff, and writes nothing", async () => {
      const folder = folderOf({ Dockerfile: TEXT });
      const { output } = await plimsoll(folder, ["fix", "--diff", RULES, "Dockerfile"]);
      assert.match(output, /^--- \/dev\/null\n\+\+\+ b\/\.dockerignore\n@@ -0,0 \+1,\d+ @@\n\+# History\n\+\.git\n/);
      assert.ok(!existsSync(join(folder, ".dockerignore")));
    });

    it("writes through no link, and over nothing", async () => {
      const folder = folderOf({ Dockerfile: TEXT, "elsewhere/ignored": "*.log\n", ".git/HEAD": "" });
      symlinkSync("elsewhere/nothing", join(folder, ".dockerignore"));
      const dangling = await plimsoll(folder, ["fix", RULES, "Dockerfile"]);
      assert.equal(
        dangling.errors.split("\n")[0],
        'plimsoll: cannot write ".dockerignore": there is something of that name',
      );
      assert.equal(dangling.code, 2);
      assert.ok(!existsSync(join(folder, "elsewhere/nothing")));
      rmSync(join(folder, ".dockerignore"));
      symlinkSync("elsewhere/ignored", join(folder, ".dockerignore"));
      const { errors } = await plimsoll(folder, ["fix", RULES, "Dockerfile"]);
      assert.equal(errors.split("\n")[0], 'plimsoll: cannot write ".dockerignore": it is a link to another file');
      assert.equal(readFileSync(join(folder, "elsewhere/ignored"), "utf8"), "*.log\n");
    });

    it("tells that it is not written for standard input", async () => {
      const folder = folderOf({ "app/package.json": "{}" });
      const args = ["fix", RULES, "--stdin-path", "app/Dockerfile", "-"];
      const { output, errors } = await plimsoll(folder, args, { input: TEXT });
      assert.equal(output, TEXT);
      assert.equal(errors, "plimsoll: .dockerignore is not written; `plimsoll fix` of a file writes it\n");
    });
  });

  describe("of standard input", () => {
    it("prints the repaired text and nothing else", async () => {
      const outcome = await plimsoll(folderOf({}), ["fix", "--unsafe", TWO_RULES, "-"], { input: TWO_FINDINGS });
      assert.deepEqual(outcome, { code: 0, output: REPAIRED, errors: "" });
    });

    for (const text of [
      "",
      "\ufeffFROM debian:12\r\n\r\n# \u{1f433}",
      "FROM debian:12\nRUN <<EOF\n  x\t\nEOF",
      "\0\r\r\n",
    ]) {
      it(`prints ${JSON.stringify(text)} as it is`, async () => {
        const outcome = await plimsoll(folderOf({}), ["fix", "--unsafe", TWO_RULES, "-"], { input: text });
        assert.deepEqual(outcome, { code: 0, output: text, errors: "" });
      });
    }

    it("prints nothing when it is not UTF-8", async () => {
      const outcome = await plimsoll(folderOf({}), ["fix", "-"], { input: Buffer.from([0x46, 0xff]) });
      assert.deepEqual(outcome, {
        code: 2,
        output: "",
        errors: "plimsoll: standard input is not UTF-8; save it as UTF-8\n",
      });
    });
  });

  describe("--explain", () => {
    it("says of each change why, and of what is left why not, in the lines of the file as it was", async () => {
      const folder = folderOf({ Dockerfile: `${TWO_FINDINGS}MAINTAINER\n` });
      const { output, errors } = await plimsoll(folder, ["fix", "--explain", TWO_RULES, "Dockerfile"]);
      assert.equal(output, "");
      assert.equal(
        errors,
        `Dockerfile: 1 change, score 9.3 -> 9.4, image ≈ 158 MB

Changed:
  line 2  maintainer-instruction (safe)
    fix: Write it as the label \`org.opencontainers.image.authors\`
    why: \`MAINTAINER\` is deprecated; a label says the same

Left:
  line 3  recommended-packages
    why: \`apt-get install\` also installs the packages that are only recommended
    with --unsafe: Add \`--no-install-recommends\`
    assumes: Nothing needs a package that is only recommended.
  line 4  maintainer-instruction
    why: \`MAINTAINER\` is deprecated; a label says the same
    no fix: it says nothing
`,
      );
      assert.match(readFileSync(join(folder, "Dockerfile"), "utf8"), /LABEL/);
    });

    it("stands on standard error beside a diff, and beside repaired standard input", async () => {
      const folder = folderOf({ Dockerfile: TWO_FINDINGS });
      const diff = await plimsoll(folder, ["fix", "--diff", "--explain", TWO_RULES, "Dockerfile"]);
      assert.match(diff.output, /^--- a\/Dockerfile\n/);
      assert.match(diff.errors, /^Dockerfile: 1 change, .*\n\nChanged:\n/);
      const input = await plimsoll(folder, ["fix", "--explain", TWO_RULES, "-"], { input: TWO_FINDINGS });
      assert.equal(input.output, SAFELY_REPAIRED);
      assert.match(input.errors, /^-: 1 change, /);
    });

    it("says what a fix takes for granted", async () => {
      const folder = folderOf({ Dockerfile: 'FROM node:22\nCMD ["node", "x.js"]\n' });
      const { errors } = await plimsoll(folder, ["fix", "--unsafe", "--explain", "--rules=missing-user", "Dockerfile"]);
      assert.match(errors, /\(unsafe\)\n {4}fix: Run as `node`\n {4}why: .*\n {4}assumes: /);
    });
  });

  describe("--except", () => {
    it("leaves out the fixes of rules, by any of their names, and says so", async () => {
      const folder = folderOf({ Dockerfile: TWO_FINDINGS });
      const args = ["fix", "--unsafe", "--except", "DL4000", "--except=recommended-packages", TWO_RULES, "Dockerfile"];
      const { code, errors } = await plimsoll(folder, args);
      assert.equal(code, 0);
      assert.match(errors, /nothing to change/);
      assert.match(errors, /left +line 2, maintainer-instruction: "Write it as the label .*" was left out\n/);
      assert.equal(readFileSync(join(folder, "Dockerfile"), "utf8"), TWO_FINDINGS);
    });

    it("takes no rule that there is not, and runs nothing then", async () => {
      const folder = folderOf({ Dockerfile: TWO_FINDINGS });
      const { code, errors } = await plimsoll(folder, ["fix", "--except=DL9999", TWO_RULES, "Dockerfile"]);
      assert.deepEqual([code, errors], [2, 'plimsoll: there is no rule "DL9999"; `plimsoll rules` lists them\n']);
      assert.equal(readFileSync(join(folder, "Dockerfile"), "utf8"), TWO_FINDINGS);
    });
  });

  describe("--diff", () => {
    it("says on standard error what becomes of the image, as far as that is known", async () => {
      const before = `FROM debian:12\nARG V\nRUN apt-get update && apt-get install -y git "x=$V"\nCOPY a /\n`;
      const known = before.replace(' "x=$V"', "");
      const folder = folderOf({
        Dockerfile: known,
        "b/Dockerfile": before,
        "c/Dockerfile": known.replace("debian", "x"),
        a: "",
      });
      const args = ["fix", "--unsafe", "--diff", "--rules", "recommended-packages,leftover-apt-lists"];
      const { errors } = await plimsoll(folder, [...args, "Dockerfile", "b/Dockerfile", "c/Dockerfile"]);
      assert.match(errors, /^Dockerfile: 2 changes, .*, image ≈ \d+ MB -> ≈ \d+ MB\n/);
      assert.match(errors, /^b\/Dockerfile: 2 changes, .*, image ≈ \d+ MB \+ .* -> ≈ \d+ MB \+ .*\n/m);
      assert.match(errors, /^c\/Dockerfile: 2 changes, score [\d.]+ -> [\d.]+\n/m);
    });

    it("prints a unified diff and writes nothing", async () => {
      const folder = folderOf({ "a/Dockerfile": TWO_FINDINGS, "b/Dockerfile": CLEAN });
      const outcome = await plimsoll(folder, ["fix", "--unsafe", "--diff", TWO_RULES, "a/Dockerfile", "b/Dockerfile"]);
      assert.deepEqual(outcome, {
        code: 0,
        errors:
          "a/Dockerfile: 2 changes, score 9.4 -> 10.0, image ≈ 158 MB\nb/Dockerfile: nothing to change, score 10.0\n",
        output: `--- a/a/Dockerfile
+++ b/a/Dockerfile
@@ -1,3 +1,3 @@
 FROM debian:12
-MAINTAINER Ada
-RUN apt-get install -y vim
+LABEL org.opencontainers.image.authors="Ada"
+RUN apt-get install --no-install-recommends -y vim
`,
      });
      assert.equal(readFileSync(join(folder, "a/Dockerfile"), "utf8"), TWO_FINDINGS);
    });

    it("shows no secret, and says so", async () => {
      const secret = "Zq8fK2mW9xTr4LbN";
      const folder = folderOf({ Dockerfile: `FROM debian:12\nENV DB_PASSWORD=${secret}\nMAINTAINER Ada\n` });
      const { output, errors } = await plimsoll(folder, ["fix", "--diff", TWO_RULES, "Dockerfile"]);
      assert.match(output, /^ ENV DB_PASSWORD=\*\*\*$/m);
      assert.match(errors, /^plimsoll: secrets in Dockerfile are hidden in the diff, so it cannot be applied; /m);
      assert.ok(!output.includes(secret) && !errors.includes(secret));
    });
  });
});
