/** Keeps ARCHITECTURE.md true: who imports whom, what is generated, how things are named. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { RULES } from "../server/rules/index.ts";

/** What a folder may import: folders of this repository, or packages. `node:` and `vscode` are packages here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "server/syntax": ["server/syntax", "unbash"],
  "server/model": ["server/model", "server/syntax"],
  "server/rules": ["server/rules", "server/model", "server/syntax"],
  "server/lint": ["server/lint", "server/rules/rule.ts", "server/model", "server/syntax", "ignore", "yaml"],
  "server/size": ["server/size", "server/model", "server/syntax"],
  "server/context": ["server/context", "server/size", "server/model", "server/syntax", "node:", "@secretlint/"],
  "server/lsp": [
    "server/lsp",
    "server/measure",
    "server/lint",
    "server/rules",
    "server/model",
    "server/size",
    "server/syntax",
    "server/context",
    "vscode-languageserver",
    "vscode-languageserver-textdocument",
    "node:",
  ],
  "server/measure": ["server/measure", "node:"],
  "server/cli": [
    "server/cli",
    "server/measure",
    "server/lint",
    "server/rules",
    "server/model",
    "server/size",
    "server/syntax",
    "server/context",
    "server/lsp/node.ts",
    "server/lsp/surroundings.ts",
    "node:",
    "ignore",
  ],
  client: ["client", "server/lsp/protocol.ts", "vscode", "vscode-languageclient", "node:"],
};

/** The files of these folders that may use Node; the others run in a browser, too. */
const NODE_ENTRIES = [
  "server/context/disk.ts",
  "server/context/pages.ts",
  "server/context/shellcheck.ts",
  "server/context/size-data.ts",
  "server/lsp/node.ts",
  "server/lsp/main.ts",
  "server/lsp/surroundings.ts",
  "client/node-client.ts",
];

describe("architecture", () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${folder} imports only what it may`, () => {
      const files = filesBelow(folder);
      assert.ok(files.length > 0);
      for (const file of files) {
        for (const target of importsOf(file)) {
          assert.ok(
            allowed.some(
              (prefix) =>
                target === prefix ||
                target.startsWith(prefix.endsWith(":") || prefix.endsWith("/") ? prefix : `${prefix}/`),
            ),
            `${file} imports ${target}`,
          );
        }
      }
    });
  }

  it("Node is used only where a browser has another file instead", () => {
    for (const file of [...filesBelow("server/context"), ...filesBelow("server/lsp"), ...filesBelow("client")]) {
      if (NODE_ENTRIES.includes(file)) continue;
      assert.deepEqual(
        importsOf(file).filter((target) => target.startsWith("node:")),
        [],
        file,
      );
    }
  });

  it("below lsp and cli there is no clock, no process, no promise and no state of a module", () => {
    for (const file of ["syntax", "model", "rules", "lint", "size"].flatMap((folder) =>
      filesBelow(`server/${folder}`),
    )) {
      const text = readFileSync(file, "utf8").replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
      assert.doesNotMatch(
        text,
        /\bDate\.now|new Date\(\)|\bprocess\.|\bawait\b|\basync\b|\bsetTimeout\b|\bfetch\(/,
        file,
      );
      assert.doesNotMatch(text, /^(?:export )?let /m, file);
    }
  });

  it("what is generated is up to date", () => {
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "scripts/generate.ts", "--check"], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  it("rules are named for what they report, and messages are sentences without a full stop", () => {
    for (const { id, aliases } of RULES) {
      assert.match(id, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
      assert.doesNotMatch(id, /^(?:no|prefer|require|use|avoid)-/);
      for (const alias of aliases)
        assert.match(alias, /^(?:hadolint|buildkit|trivy|checkov|kics|semgrep|sonar|dockle|shellcheck)\/[\w-]+$/, id);
      assert.equal(new Set(aliases).size, aliases.length, `${id} names an alias twice`);
    }
    assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  });

  it("no test sleeps, and none is left out", () => {
    for (const file of filesBelow("test")) {
      const text = readFileSync(file, "utf8");
      assert.doesNotMatch(text, /\b(?:it|describe)\.(?:skip|only)\(|waitForTimeout\(/, file);
    }
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith(".ts"))
    .sort();
}

/** Paths inside the repository, and names of packages. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"`]*?from\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g,
  );
  return [...found].map((match) => {
    const target = (match[1] ?? match[2] ?? match[3])!;
    return target.startsWith(".") ? normalize(join(dirname(file), target)) : target;
  });
}
